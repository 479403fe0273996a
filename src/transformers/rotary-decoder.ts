/**
 * The blocks that Llama, Qwen 3 and Gemma 3 share: root mean square normalisation before each part, rotary positions,
 * grouped queries, a gated feed-forward. Touvron et al. 2023, https://arxiv.org/abs/2302.13971; gates: Shazeer 2020, https://arxiv.org/abs/2002.05202.
 */
import type { EncoderInputs, EncoderStates } from "./architectures/index.ts";
import type { TransformerConfig } from "./config.ts";
import { flagOf } from "./config-values.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { groupedAttention } from "./grouped-attention.ts";
import { activate, linear } from "./layers.ts";
import { type AttentionPart, residualBlocks } from "./residual-blocks.ts";
import { rmsNorm } from "./rms-norm.ts";
import { rotate, type Rotation } from "./rotary.ts";

/** What differs between the members of the family. */
export interface RotaryDecoder {
  readonly config: TransformerConfig;
  readonly inputs: EncoderInputs;
  /** Where a layer's tokens stand and what they see, [B, 1, S, P + S]. */
  readonly positions: (layer: number) => { rotation: Rotation; bias: Value };
  /** Multiplies products of queries and keys; left out, 1 / √D. */
  readonly scale?: number | undefined;
  /** Added to every gain; Gemma stores what differs from 1. */
  readonly gainOffset?: number | undefined;
  /** Whether queries and keys are normalised, head by head. */
  readonly hasHeadNorms?: boolean | undefined;
  /** Whether what a part adds is normalised too. */
  readonly hasOutputNorms?: boolean | undefined;
}

/** From the embedded tokens [B, S, H], with the tensor names of `LlamaModel`. */
export function rotaryDecoder(g: GraphBuilder, embedded: Value, decoder: RotaryDecoder): EncoderStates {
  const { config, hasOutputNorms = false } = decoder;
  const norm = normOf(g, decoder);
  const attend = attentionOf(g, decoder);
  return residualBlocks(g, embedded, {
    ...config,
    attend(tokens, i) {
      const part = attend(norm(tokens, `layers.${i}.input_layernorm`), i);
      if (!hasOutputNorms) return part;
      return { ...part, added: norm(part.added, `layers.${i}.post_attention_layernorm`) };
    },
    feedForward(tokens, i) {
      const before = hasOutputNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm";
      const added = gatedFeedForward(g, norm(tokens, `layers.${i}.${before}`), { name: `layers.${i}.mlp`, config });
      return hasOutputNorms ? norm(added, `layers.${i}.post_feedforward_layernorm`) : added;
    },
    finalNorm: (tokens) => norm(tokens, "norm"),
  });
}

function normOf(g: GraphBuilder, { config, gainOffset: offset }: RotaryDecoder) {
  return (x: Value, name: string, size: number = config.hiddenSize): Value =>
    rmsNorm(g, x, { name, size, epsilon: config.layerNormEpsilon, offset });
}

function attentionOf(g: GraphBuilder, decoder: RotaryDecoder): (tokens: Value, layer: number) => AttentionPart {
  const { config, inputs, positions, hasHeadNorms = false } = decoder;
  const { hiddenSize, heads, keyValueHeads, headSize } = config;
  const norm = normOf(g, decoder);
  const bias = flagOf(config, "attention_bias", false);
  const rows = [g.dimension(inputs.ids, 0), g.dimension(inputs.ids, 1)];
  const cut = { q: heads, k: keyValueHeads, v: keyValueHeads };
  const shapes = [heads, keyValueHeads].map((count) => g.concat([...rows, g.constant("int64", [count, headSize])]));
  return (tokens, i) => {
    const { rotation, bias: seen } = positions(i);
    const name = `layers.${i}.self_attn`;
    const project = (part: "q" | "k" | "v") => {
      const outputs = cut[part] * headSize;
      const projected = linear(g, tokens, { name: `${name}.${part}_proj`, inputs: hiddenSize, outputs, bias });
      const x = g.reshape(projected, part === "q" ? shapes[0] : shapes[1]);
      if (part === "v") return g.reshape(x, [0, 0, -1]);
      return g.reshape(rotate(g, hasHeadNorms ? norm(x, `${name}.${part}_norm`, headSize) : x, rotation), [0, 0, -1]);
    };
    const { context, ...attended } = groupedAttention(
      g,
      { q: project("q"), k: project("k"), v: project("v") },
      { ...config, scale: decoder.scale ?? 1 / Math.sqrt(headSize), bias: seen, past: inputs.past?.[i] },
    );
    const flat = g.reshape(context, [-1, heads * headSize]);
    const added = linear(g, flat, { name: `${name}.o_proj`, inputs: heads * headSize, outputs: hiddenSize, bias });
    return { added, ...attended };
  };
}

/** down(act(gate(x)) · up(x)). */
function gatedFeedForward(
  g: GraphBuilder,
  x: Value,
  { name, config }: { name: string; config: TransformerConfig },
): Value {
  const { hiddenSize, intermediateSize } = config;
  const bias = flagOf(config, "mlp_bias", false);
  const sizes = { inputs: hiddenSize, outputs: intermediateSize, bias };
  const gate = activate(g, linear(g, x, { name: `${name}.gate_proj`, ...sizes }), config.activation);
  const wide = g.mul(gate, linear(g, x, { name: `${name}.up_proj`, ...sizes }));
  return linear(g, wide, { name: `${name}.down_proj`, inputs: intermediateSize, outputs: hiddenSize, bias });
}
