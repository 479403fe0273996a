/**
 * MPNet: BERT's blocks with positions that count real tokens and one relative position bias shared by all layers.
 * Song et al. 2020, https://arxiv.org/abs/2004.09297; tensor names of transformers' `MPNetModel` (no pooler).
 */
import { shown } from "../../errors.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { layerNorm } from "../layers.ts";
import { postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import type { Architecture } from "./index.ts";

/** As in `create_position_ids_from_input_ids`: the first real token has the position after this one. */
const paddingIndex = 1;
/** Distance from which all positions share a bucket, and the number of buckets: transformers fixes both. */
const maxDistance = 128;
const buckets = 32;

export const mpnet: Architecture = {
  modelTypes: ["mpnet"],
  anchor: "embeddings.word_embeddings.weight",
  wordEmbeddings: "embeddings.word_embeddings.weight",
  refuse: ({ json }) => {
    const got = json["relative_attention_num_buckets"] ?? buckets;
    return got === buckets ? undefined : `relative_attention_num_buckets ${shown(got)}; only ${buckets} is built`;
  },
  maxPositions: (config) => config.positionRows - paddingIndex - 1,
  build(g, { ids, maskBias }, config) {
    const { hiddenSize, heads, layerNormEpsilon: epsilon } = config;
    const words = g.gather(g.weight("embeddings.word_embeddings.weight", [config.vocabularySize, hiddenSize]), ids);
    const table = g.weight("embeddings.position_embeddings.weight", [config.positionRows, hiddenSize]);
    const embedded = g.add(words, g.gather(table, positionIds(g, ids)));
    const normed = layerNorm(g, embedded, { name: "embeddings.LayerNorm", size: hiddenSize, epsilon });
    const bias = relativeBias(g, ids, { heads, columns: config.positionRows });
    return postNormBlocks(g, normed, {
      config,
      attend: (tokens, layer, shape) =>
        selfAttention(g, tokens, {
          config,
          shape,
          biases: [bias, maskBias],
          name: (part) => `encoder.layer.${layer}.attention.attn.${part[0]}`,
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

/** 2, 3, 4 … over the tokens that are not padding, 1 on padding: int32 [B, S]. */
function positionIds(g: GraphBuilder, ids: Value): Value {
  const isToken = g.cast(g.not(g.equal(ids, g.constant("int32", [paddingIndex], []))), "int32");
  return g.add(g.mul(g.cumulativeSum(isToken, 1), isToken), g.constant("int32", [paddingIndex], []));
}

/** The learned bias of the bucket of j − i for every pair of positions: [1, N, S, S]. */
function relativeBias(g: GraphBuilder, ids: Value, { heads, columns }: { heads: number; columns: number }): Value {
  const offsets = Array.from({ length: 2 * columns - 1 }, (_, i) => i - (columns - 1));
  const bucketOf = g.constant(
    "int32",
    offsets.map((offset) => relativeBucket(offset)),
  );
  const positions = g.range(g.squeeze(g.dimension(ids, 1), [0]));
  const difference = g.sub(g.unsqueeze(positions, [0]), g.unsqueeze(positions, [1]));
  const bucket = g.gather(bucketOf, g.add(difference, g.constant("int64", [columns - 1], [])));
  const bias = g.gather(g.weight("encoder.relative_attention_bias.weight", [buckets, heads]), bucket);
  return g.unsqueeze(g.transpose(bias, [2, 0, 1]), [0]);
}

/**
 * T5's bucket of a relative position (`MPNetEncoder.relative_position_bucket`): half of the buckets for each direction,
 * of these half exact and half logarithmic up to `maxDistance`. The logarithm is rounded to float32 step by step, as there.
 */
export function relativeBucket(offset: number): number {
  const half = Math.floor(buckets / 2);
  const exact = Math.floor(half / 2);
  const direction = offset > 0 ? half : 0;
  const distance = Math.abs(offset);
  if (distance < exact) return direction + distance;
  const log = Math.fround(Math.log(Math.fround(distance / exact)));
  const scaled = Math.fround(Math.fround(log / Math.fround(Math.log(maxDistance / exact))) * (half - exact));
  return direction + Math.min(exact + Math.floor(scaled), half - 1);
}
