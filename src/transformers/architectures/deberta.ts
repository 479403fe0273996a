/**
 * DeBERTa (the first): BERT's blocks with disentangled attention. One matrix gives queries, keys and values; keys have no bias.
 * He et al. 2021, https://arxiv.org/abs/2006.03654; tensor names of transformers' `DebertaModel`.
 */
import { debertaEmbeddings } from "../deberta-embeddings.ts";
import { disentangledAttention, disentangledOf, distanceRows, refuseDisentangled } from "../disentangled-attention.ts";
import { wordTable } from "../embeddings.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { linear } from "../layers.ts";
import { postNormBlocks } from "../post-norm-blocks.ts";
import { bertBlockNames } from "./bert.ts";
import type { Architecture } from "./index.ts";

export const deberta: Architecture = {
  modelTypes: ["deberta"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { type_vocab_size: 0, layer_norm_eps: 1e-7 },
  refuse: (config) =>
    config.json["talking_head"] === true ? "talking_head true; it is not built" : refuseDisentangled(config),
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, maskBias }, config) {
    const { hiddenSize: size } = config;
    const { parts, divisor, span } = disentangledOf(config);
    const rowOf = (distance: number) => Math.min(Math.max(span + distance, 0), 2 * span - 1);
    const rows = distanceRows(g, ids, { limit: config.positionRows, rowOf });
    const embedded = debertaEmbeddings(g, { ids, typeIds }, config);
    return postNormBlocks(g, embedded, {
      config,
      attend(tokens, layer, shape) {
        const name = `encoder.layer.${layer}.attention.self`;
        const weights = perHead(g, g.weight(`${name}.in_proj.weight`, [3 * size, size]), config);
        const project = (i: number, bias?: string) =>
          g.reshape(g.gemm(tokens, weights(i), bias === undefined ? bias : g.weight(`${name}.${bias}`, [size])), shape);
        const ofDistances = (projection: string, bias: boolean) => {
          const table = g.weight("encoder.rel_embeddings.weight", [2 * span, size]);
          return linear(g, table, { name: `${name}.${projection}`, inputs: size, outputs: size, bias });
        };
        const projections = { q: project(0, "q_bias"), k: project(1), v: project(2, "v_bias") };
        return disentangledAttention(g, projections, {
          config,
          divisor,
          rows,
          positionKeys: parts.has("c2p") ? ofDistances("pos_proj", false) : undefined,
          positionQueries: parts.has("p2c") ? ofDistances("pos_q_proj", true) : undefined,
          maskBias,
        });
      },
      names: bertBlockNames,
    });
  },
};

/** The rows of `in_proj` are a head's queries, keys, values, then the next head's: part `i` of all heads, [H, H]. */
function perHead(
  g: GraphBuilder,
  weight: Value,
  { heads, headSize, hiddenSize }: { heads: number; headSize: number; hiddenSize: number },
): (i: number) => Value {
  const cut = g.reshape(weight, [heads, 3, headSize, hiddenSize]);
  return (i) => g.reshape(g.gather(cut, g.constant("int64", [i], []), 1), [hiddenSize, hiddenSize]);
}
