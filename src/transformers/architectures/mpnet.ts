/**
 * MPNet: BERT's blocks with positions that count real tokens and one relative position bias shared by all layers.
 * Song et al. 2020, https://arxiv.org/abs/2004.09297; tensor names of transformers' `MPNetModel` (no pooler).
 */
import { shown } from "../../errors.ts";
import { countedPositions, embedCounted, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import { postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import { relativeBias } from "../relative-bias.ts";
import type { Architecture } from "./index.ts";

/** Positions count the tokens that are not this one, whatever config.json calls padding. */
const paddingId = 1;
/** Distance from which all positions share a bucket, and the number of buckets: transformers fixes both. */
const maxDistance = 128;
const buckets = 32;

export const mpnet: Architecture = {
  modelTypes: ["mpnet"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  refuse: ({ json }) => {
    const got = json["relative_attention_num_buckets"] ?? buckets;
    return got === buckets ? undefined : `relative_attention_num_buckets ${shown(got)}; only ${buckets} is built`;
  },
  maxPositions: (config) => countedPositions(config, paddingId),
  build(g, { ids, maskBias }, config) {
    const parts = [embedWords(g, ids, config), embedCounted(g, ids, config, paddingId)];
    const embedded = sumEmbeddings(g, parts, config);
    const table = g.weight("encoder.relative_attention_bias.weight", [buckets, config.heads]);
    const bias = relativeBias(g, ids, { table, buckets, maxDistance });
    return postNormBlocks(g, embedded, {
      config,
      attend: selfAttention(g, {
        config,
        biases: [bias, maskBias],
        name: (layer, part) => `encoder.layer.${layer}.attention.attn.${part[0]}`,
      }),
      names: (i) => ({
        attentionOutput: `encoder.layer.${i}.attention.attn.o`,
        attentionNorm: `encoder.layer.${i}.attention.LayerNorm`,
        intermediate: `encoder.layer.${i}.intermediate.dense`,
        output: `encoder.layer.${i}.output.dense`,
        outputNorm: `encoder.layer.${i}.output.LayerNorm`,
      }),
    });
  },
};
