/**
 * The encoder of T5 and mT5: relative positions as a bias shared by all layers, root mean square normalisation before each part,
 * attention without scaling, no biases. Raffel et al. 2020, https://arxiv.org/abs/1910.10683; gated variants: Shazeer 2020,
 * https://arxiv.org/abs/2002.05202; tensor names of transformers' `T5EncoderModel`.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { attention, splitHeads } from "../attention.ts";
import type { TransformerConfig } from "../config.ts";
import { type Activation, activationOf, wholeNumberOf } from "../config-values.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate, linear } from "../layers.ts";
import { relativeBias } from "../relative-bias.ts";
import { residualBlocks } from "../residual-blocks.ts";
import { rmsNorm } from "../rms-norm.ts";
import type { Architecture } from "./index.ts";

export const t5: Architecture = {
  modelTypes: ["t5", "mt5"],
  anchor: "encoder.final_layer_norm.weight",
  wordEmbeddings: "shared.weight",
  keys: {
    hidden_size: "d_model",
    num_attention_heads: "num_heads",
    num_hidden_layers: "num_layers",
    intermediate_size: "d_ff",
    head_dim: "d_kv",
    layer_norm_eps: "layer_norm_epsilon",
    max_position_embeddings: "n_positions",
  },
  defaults: { d_kv: 64, layer_norm_epsilon: 1e-6, feed_forward_proj: "relu" },
  refuse: () => undefined,
  // Distances have no limit; this is the length of texts in training.
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const { hiddenSize, heads, headSize, intermediateSize, vocabularySize } = config;
    const table = g.has("shared.weight") ? "shared.weight" : "encoder.embed_tokens.weight";
    const words = g.gather(g.weight(table, [vocabularySize, hiddenSize]), inputs.ids);
    const norm = (x: Value, name: string) =>
      rmsNorm(g, x, { name, size: hiddenSize, epsilon: config.layerNormEpsilon });
    const inner = heads * headSize;
    const rows = [g.dimension(inputs.ids, 0), g.dimension(inputs.ids, 1), g.constant("int64", [inner])];
    const shape = g.concat(rows);
    const biases = [positionBias(g, inputs.ids, config), inputs.maskBias];
    const { activation, isGated } = feedForwardOf(config);
    const project = (x: Value, name: string, [from, to]: readonly [number, number]) =>
      linear(g, x, { name, inputs: from, outputs: to, bias: false });
    return residualBlocks(g, words, {
      ...config,
      attend(tokens, i) {
        const name = `encoder.block.${i}.layer.0`;
        const normed = norm(tokens, `${name}.layer_norm`);
        const part = (which: "q" | "k" | "v") => {
          const projected = project(normed, `${name}.SelfAttention.${which}`, [hiddenSize, inner]);
          return splitHeads(g, g.reshape(projected, shape), { heads, size: headSize });
        };
        const parts = { q: part("q"), k: part("k"), v: part("v") };
        const { context, probabilities } = attention(g, parts, { scale: 1, biases });
        const flat = g.reshape(context, [-1, inner]);
        return { added: project(flat, `${name}.SelfAttention.o`, [inner, hiddenSize]), probabilities };
      },
      feedForward(tokens, i) {
        const name = `encoder.block.${i}.layer.1`;
        const normed = norm(tokens, `${name}.layer_norm`);
        const dense = (which: string) =>
          project(normed, `${name}.DenseReluDense.${which}`, [hiddenSize, intermediateSize]);
        const active = activate(g, dense(isGated ? "wi_0" : "wi"), activation);
        const wide = isGated ? g.mul(active, dense("wi_1")) : active;
        return project(wide, `${name}.DenseReluDense.wo`, [intermediateSize, hiddenSize]);
      },
      finalNorm: (tokens) => norm(tokens, "encoder.final_layer_norm"),
    });
  },
};

function positionBias(g: GraphBuilder, ids: Value, config: TransformerConfig): Value {
  const buckets = wholeNumberOf(config, "relative_attention_num_buckets", { fallback: 32, least: 4, most: 100_000 });
  const maxDistance = wholeNumberOf(config, "relative_attention_max_distance", {
    ...{ fallback: 128, least: Math.floor(buckets / 4) + 1, most: 100_000 },
  });
  const name = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
  return relativeBias(g, ids, { table: g.weight(name, [buckets, config.heads]), buckets, maxDistance });
}

/** `feed_forward_proj` is an activation, or `gated-` and one; gated-gelu means the approximation by tanh. */
function feedForwardOf({ json, source }: TransformerConfig): { activation: Activation; isGated: boolean } {
  const value = json["feed_forward_proj"];
  const match = typeof value === "string" ? /^(gated-)?([a-z_]+)$/.exec(value) : null;
  if (!match)
    throw new SemspaceError(
      "invalid-file",
      `${source}: feed_forward_proj must be a name like relu or gated-gelu, got ${shown(value)}.`,
    );
  const name = value === "gated-gelu" ? "gelu_new" : match[2];
  const activation = activationOf({ json: { feed_forward_proj: name }, source }, "feed_forward_proj");
  return { activation, isGated: match[1] !== undefined };
}
