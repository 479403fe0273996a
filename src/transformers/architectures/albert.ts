/**
 * ALBERT: narrow embeddings projected to the hidden size, and layers that share their weights: a group serves several
 * layers one after the other, and holds one block or more.
 * Lan et al. 2020, https://arxiv.org/abs/1909.11942; tensor names of transformers' `AlbertModel` (no pooler).
 */
import type { TransformerConfig } from "../config.ts";
import { wholeNumberOf } from "../config-values.ts";
import { embedColumns, embedTypes, embedWords, sumEmbeddings, widenEmbeddings, wordTable } from "../embeddings.ts";
import { postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import type { Architecture } from "./index.ts";

export const albert: Architecture = {
  modelTypes: ["albert"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { embedding_size: 128, hidden_act: "gelu_new" },
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, maskBias }, config) {
    const blocks = sharedBlocks(config);
    const size = wholeNumberOf(config, "embedding_size");
    const lookups = [
      embedWords(g, ids, config, size),
      embedTypes(g, typeIds, config, size),
      embedColumns(g, ids, config, size),
    ];
    const embedded = widenEmbeddings(g, sumEmbeddings(g, lookups, config, size), {
      ...{ ids, config, name: "encoder.embedding_hidden_mapping_in", size, bias: true },
    });
    return postNormBlocks(g, embedded, {
      config: { ...config, layers: blocks.length },
      attend: selfAttention(g, {
        config,
        biases: [maskBias],
        name: (block, part) => `${blocks[block]}.attention.${part}`,
      }),
      names: (block) => ({
        attentionOutput: `${blocks[block]}.attention.dense`,
        attentionNorm: `${blocks[block]}.attention.LayerNorm`,
        intermediate: `${blocks[block]}.ffn`,
        output: `${blocks[block]}.ffn_output`,
        outputNorm: `${blocks[block]}.full_layer_layer_norm`,
      }),
    });
  },
};

/** Whose weights each block has, in the order in which they run. */
function sharedBlocks(config: TransformerConfig): readonly string[] {
  const groups = wholeNumberOf(config, "num_hidden_groups", { fallback: 1, most: config.layers });
  const inner = wholeNumberOf(config, "inner_group_num", { fallback: 1, most: 1000 });
  return Array.from({ length: config.layers * inner }, (_, block) => {
    const group = Math.floor(Math.floor(block / inner) / (config.layers / groups));
    return `encoder.albert_layer_groups.${group}.albert_layers.${block % inner}`;
  });
}
