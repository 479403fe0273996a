/**
 * DistilBERT: BERT without token types, half as deep.
 * Sanh et al. 2019, https://arxiv.org/abs/1910.01108; tensor names of transformers' `DistilBertModel`.
 */
import { embedColumns, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import { postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import type { Architecture } from "./index.ts";

export const distilbert: Architecture = {
  modelTypes: ["distilbert"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  keys: {
    hidden_size: "dim",
    num_attention_heads: "n_heads",
    num_hidden_layers: "n_layers",
    intermediate_size: "hidden_dim",
    hidden_act: "activation",
  },
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, { ids, maskBias }, config) {
    const embedded = sumEmbeddings(g, [embedWords(g, ids, config), embedColumns(g, ids, config)], config);
    return postNormBlocks(g, embedded, {
      config,
      attend: selfAttention(g, {
        config,
        biases: [maskBias],
        name: (layer, part) => `transformer.layer.${layer}.attention.${part[0]}_lin`,
      }),
      names: (layer) => ({
        attentionOutput: `transformer.layer.${layer}.attention.out_lin`,
        attentionNorm: `transformer.layer.${layer}.sa_layer_norm`,
        intermediate: `transformer.layer.${layer}.ffn.lin1`,
        output: `transformer.layer.${layer}.ffn.lin2`,
        outputNorm: `transformer.layer.${layer}.output_layer_norm`,
      }),
    });
  },
};
