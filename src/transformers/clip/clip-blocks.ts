/** The blocks of both towers of CLIP: the normalisation before each part, all Linears with biases; tensor names of transformers' `CLIPEncoder`. */
import type { EncoderStates } from "../architectures/index.ts";
import { attention, splitHeads } from "../attention.ts";
import { checkSharedHeads, type TransformerConfig } from "../config.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { residualBlocks } from "../residual-blocks.ts";

/** `tower` is "text_model" or "vision_model"; the last states are not normalised. */
export function clipBlocks(
  g: GraphBuilder,
  embedded: Value,
  { tower, config, biases }: { tower: string; config: TransformerConfig; biases: readonly Value[] },
): EncoderStates {
  checkSharedHeads(config);
  const { hiddenSize: size, intermediateSize, layerNormEpsilon: epsilon, heads, headSize } = config;
  const layer = (i: number) => `${tower}.encoder.layers.${i}`;
  return residualBlocks(g, embedded, {
    ...config,
    attend(tokens, i, shape) {
      const normed = layerNorm(g, tokens, { name: `${layer(i)}.layer_norm1`, size, epsilon });
      const project = (part: "q" | "k" | "v") => {
        const name = `${layer(i)}.self_attn.${part}_proj`;
        const projected = linear(g, normed, { name, inputs: size, outputs: size });
        return splitHeads(g, g.reshape(projected, shape), { heads, size: headSize });
      };
      const parts = { q: project("q"), k: project("k"), v: project("v") };
      const { context, probabilities } = attention(g, parts, { scale: 1 / Math.sqrt(headSize), biases });
      const output = { name: `${layer(i)}.self_attn.out_proj`, inputs: size, outputs: size };
      return { added: linear(g, g.reshape(context, [-1, size]), output), probabilities };
    },
    feedForward(tokens, i) {
      const normed = layerNorm(g, tokens, { name: `${layer(i)}.layer_norm2`, size, epsilon });
      const wide = linear(g, normed, { name: `${layer(i)}.mlp.fc1`, inputs: size, outputs: intermediateSize });
      const active = activate(g, wide, config.activation);
      return linear(g, active, { name: `${layer(i)}.mlp.fc2`, inputs: intermediateSize, outputs: size });
    },
  });
}
