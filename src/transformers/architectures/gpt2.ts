/**
 * GPT-2: a causal decoder with learned positions and the normalisation before each part.
 * Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"; tensor names of transformers' `GPT2Model`,
 * whose weights are stored [inputs, outputs] ("Conv1D"), queries, keys and values in one.
 */
import { checkSharedHeads } from "../config.ts";
import { flagOf } from "../config-values.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { groupedAttention } from "../grouped-attention.ts";
import { activate, layerNorm } from "../layers.ts";
import { residualBlocks } from "../residual-blocks.ts";
import { maskedPositions, visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

export const gpt2: Architecture = {
  modelTypes: ["gpt2"],
  anchor: "wte.weight",
  wordEmbeddings: "wte.weight",
  keys: {
    hidden_size: "n_embd",
    num_attention_heads: "n_head",
    num_hidden_layers: "n_layer",
    intermediate_size: "n_inner",
    hidden_act: "activation_function",
    layer_norm_eps: "layer_norm_epsilon",
    max_position_embeddings: "n_positions",
  },
  defaults: { activation_function: "gelu_new", layer_norm_epsilon: 1e-5, n_positions: 1024 },
  causal: true,
  refuse: ({ json }) =>
    json["add_cross_attention"] === true ? "add_cross_attention true; only decoders alone are built" : undefined,
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    checkSharedHeads(config);
    const { hiddenSize, intermediateSize, headSize, layerNormEpsilon: epsilon } = config;
    const words = g.gather(g.weight("wte.weight", [config.vocabularySize, hiddenSize]), inputs.ids);
    const table = g.weight("wpe.weight", [config.positionRows, hiddenSize]);
    const bias = visibilityBias(g, inputs, { after: 0 });
    const scale = flagOf(config, "scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
    const isScaledByLayer = flagOf(config, "scale_attn_by_inverse_layer_idx", false);
    return residualBlocks(g, g.add(words, g.gather(table, inputs.positions ?? maskedPositions(g, inputs))), {
      ...config,
      attend(tokens, layer, shape) {
        const normed = layerNorm(g, tokens, { name: `h.${layer}.ln_1`, size: hiddenSize, epsilon });
        const name = `h.${layer}.attn.c_attn`;
        const packed = conv1d(g, normed, { name, inputs: hiddenSize, outputs: 3 * hiddenSize });
        const [q, k, v] = g.split(packed, { parts: 3, axis: 1 }).map((part) => g.reshape(part, shape));
        const { context, ...attended } = groupedAttention(
          g,
          { q, k, v },
          {
            ...config,
            keyValueHeads: config.heads,
            scale: isScaledByLayer ? scale / (layer + 1) : scale,
            bias,
            past: inputs.past?.[layer],
          },
        );
        const flat = g.reshape(context, [-1, hiddenSize]);
        const added = conv1d(g, flat, { name: `h.${layer}.attn.c_proj`, inputs: hiddenSize, outputs: hiddenSize });
        return { added, ...attended };
      },
      feedForward(tokens, layer) {
        const normed = layerNorm(g, tokens, { name: `h.${layer}.ln_2`, size: hiddenSize, epsilon });
        const wide = conv1d(g, normed, { name: `h.${layer}.mlp.c_fc`, inputs: hiddenSize, outputs: intermediateSize });
        const active = activate(g, wide, config.activation);
        return conv1d(g, active, { name: `h.${layer}.mlp.c_proj`, inputs: intermediateSize, outputs: hiddenSize });
      },
      finalNorm: (tokens) => layerNorm(g, tokens, { name: "ln_f", size: hiddenSize, epsilon }),
    });
  },
};

/** A Linear whose weight is stored [inputs, outputs]. */
function conv1d(
  g: GraphBuilder,
  x: Value,
  { name, inputs, outputs }: { name: string; inputs: number; outputs: number },
): Value {
  return g.gemmUntransposed(x, g.weight(`${name}.weight`, [inputs, outputs]), g.weight(`${name}.bias`, [outputs]));
}
