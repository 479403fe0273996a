/**
 * DeBERTa v2 and v3: DeBERTa with distances in buckets, whose table may be normalised and use the projections of the content,
 * and in the largest models a convolution over the embeddings added after the first block.
 * He et al. 2021, https://arxiv.org/abs/2111.09543; tensor names of transformers' `DebertaV2Model`.
 */
import { shown } from "../../errors.ts";
import type { TransformerConfig } from "../config.ts";
import { activationOf, flagOf, wholeNumberOf } from "../config-values.ts";
import { debertaEmbeddings } from "../deberta-embeddings.ts";
import { disentangledAttention, disentangledOf, distanceRows, refuseDisentangled } from "../disentangled-attention.ts";
import { wordTable } from "../embeddings.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { postNormBlocks } from "../post-norm-blocks.ts";
import { bertBlockNames } from "./bert.ts";
import type { Architecture } from "./index.ts";

export const debertaV2: Architecture = {
  modelTypes: ["deberta-v2"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { type_vocab_size: 0, layer_norm_eps: 1e-7 },
  refuse: (config) => refuseSizes(config) ?? refuseDisentangled(config) ?? refuseBuckets(config),
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, attentionMask, maskBias }, config) {
    const { hiddenSize: size } = config;
    const buckets = bucketsOf(config);
    const { parts, divisor, span, maxDistance } = disentangledOf(config, buckets);
    const bucketOf = (distance: number) => (buckets > 0 ? logBucket(distance, { buckets, maxDistance }) : distance);
    const rowOf = (distance: number) => Math.min(Math.max(span + bucketOf(distance), 0), 2 * span - 1);
    const rows = distanceRows(g, ids, { limit: config.positionRows, rowOf });
    const distances = parts.size > 0 ? distanceTable(g, config, span) : undefined;
    const areShared = flagOf(config, "share_att_key", false);
    const embedded = debertaEmbeddings(g, { ids, typeIds }, config);
    return postNormBlocks(g, embedded, {
      config,
      attend(tokens, layer, shape) {
        const self = `encoder.layer.${layer}.attention.self`;
        const project = (x: Value, name: string) =>
          linear(g, x, { name: `${self}.${name}`, inputs: size, outputs: size });
        const ofTokens = (name: string) => g.reshape(project(tokens, name), shape);
        const ofDistances = (part: "c2p" | "p2c", name: string) =>
          distances && parts.has(part) ? project(distances, areShared ? name : `pos_${name}`) : undefined;
        const projections = { q: ofTokens("query_proj"), k: ofTokens("key_proj"), v: ofTokens("value_proj") };
        return disentangledAttention(g, projections, {
          config,
          divisor,
          rows,
          positionKeys: ofDistances("c2p", "key_proj"),
          positionQueries: ofDistances("p2c", "query_proj"),
          maskBias,
        });
      },
      after: (tokens, layer) => (layer === 0 ? addConvolution(g, tokens, { embedded, attentionMask, config }) : tokens),
      names: bertBlockNames,
    });
  },
};

function refuseSizes({ json, headSize }: TransformerConfig): string | undefined {
  const size = json["attention_head_size"] ?? headSize;
  if (size !== headSize) return `attention_head_size ${shown(size)}; only ${headSize} is built, a share of hidden_size`;
  const kernel = json["conv_kernel_size"] ?? 0;
  const isOdd = kernel === 0 || (typeof kernel === "number" && kernel % 2 === 1);
  return isOdd ? undefined : `conv_kernel_size ${shown(kernel)}; only odd ones are built`;
}

/** 0 when every distance is its own bucket. */
function bucketsOf(config: TransformerConfig): number {
  return Math.max(0, wholeNumberOf(config, "position_buckets", { fallback: -1, least: -1, most: 100_000 }));
}

/** The logarithm needs an exact bucket, and distances beyond the exact ones. */
function refuseBuckets(config: TransformerConfig): string | undefined {
  const buckets = bucketsOf(config);
  const { maxDistance } = disentangledOf(config, buckets);
  if (buckets === 0 || (buckets > 1 && maxDistance - 1 > Math.floor(buckets / 2))) return undefined;
  return `${buckets} position_buckets for distances up to ${maxDistance}; there must be more distances, and 2 buckets or more`;
}

/** One vector a bucket, [2 · span, H]. */
function distanceTable(g: GraphBuilder, config: TransformerConfig, span: number): Value {
  const { hiddenSize: size, layerNormEpsilon: epsilon, json } = config;
  const table = g.weight("encoder.rel_embeddings.weight", [2 * span, size]);
  const norms = typeof json["norm_rel_ebd"] === "string" ? json["norm_rel_ebd"].toLowerCase().split("|") : [];
  const isNormed = norms.some((norm) => norm.trim() === "layer_norm");
  return isNormed ? layerNorm(g, table, { name: "encoder.LayerNorm", size, epsilon }) : table;
}

/** norm(tokens + activation(convolution of the embeddings)), where config.json asks for it; tokens are [B · S, H]. */
function addConvolution(
  g: GraphBuilder,
  tokens: Value,
  { embedded, attentionMask, config }: { embedded: Value; attentionMask: Value; config: TransformerConfig },
): Value {
  const { hiddenSize: size, layerNormEpsilon: epsilon } = config;
  const kernel = wholeNumberOf(config, "conv_kernel_size", { fallback: 0, least: 0, most: 1001 });
  if (kernel === 0) return tokens;
  const groups = wholeNumberOf(config, "conv_groups", { fallback: 1, most: size });
  // Padding is zero to its neighbours.
  const visible = g.mul(embedded, g.unsqueeze(g.cast(attentionMask, "float32"), [2]));
  const convolved = g.convolution1d(
    g.transpose(visible, [0, 2, 1]),
    g.weight("encoder.conv.conv.weight", [size, size / groups, kernel]),
    { bias: g.weight("encoder.conv.conv.bias", [size]), groups, padding: (kernel - 1) / 2 },
  );
  const activation = activationOf({ ...config, json: { conv_act: "tanh", ...config.json } }, "conv_act");
  const added = activate(g, g.transpose(convolved, [0, 2, 1]), activation);
  const sum = g.add(tokens, g.reshape(added, [-1, size]));
  return layerNorm(g, sum, { name: "encoder.conv.LayerNorm", size, epsilon });
}

/**
 * The bucket of a distance, with its sign: up to half of the buckets are exact, the others logarithmic up to `maxDistance`
 * (`make_log_bucket_position`, in float32 step by step as there).
 */
export function logBucket(
  distance: number,
  { buckets, maxDistance }: { buckets: number; maxDistance: number },
): number {
  const exact = Math.floor(buckets / 2);
  if (Math.abs(distance) <= exact) return distance;
  const log = Math.fround(Math.log(Math.fround(Math.abs(distance) / exact)));
  const whole = Math.fround(Math.log(Math.fround((maxDistance - 1) / exact)));
  const bucket = Math.ceil(Math.fround(Math.fround(log / whole) * (exact - 1))) + exact;
  return bucket * Math.sign(distance);
}
