/**
 * Blocks of the BERT family one after the other: x ← norm(x + attention(x)), then x ← norm(x + feedForward(x)).
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; the normalisation stands after each part.
 */
import type { EncoderStates } from "./architectures/index.ts";
import { type Attended, attention, splitHeads } from "./attention.ts";
import { checkSharedHeads, type TransformerConfig } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { activate, layerNorm, linear } from "./layers.ts";
import { residualBlocks } from "./residual-blocks.ts";

/** The tensors of one block besides those of its attention, without `.weight` and `.bias`. */
export interface BlockNames {
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

export interface PostNormBlocks {
  readonly config: TransformerConfig;
  readonly names: (layer: number) => BlockNames;
  /** Attention of a layer; `tokens` are the rows of one matrix [B · S, H], `shape` is that of [B, S, H]. */
  readonly attend: (tokens: Value, layer: number, shape: Value) => Attended;
  /** What becomes of a block's tokens before the next one takes them; left out, nothing. */
  readonly after?: (tokens: Value, layer: number) => Value;
}

/** From the embedded tokens [B, S, H] to the states of every layer. Throws `unsupported` for heads of another size than a share of H. */
export function postNormBlocks(
  g: GraphBuilder,
  embedded: Value,
  { config, names, attend, after = (tokens) => tokens }: PostNormBlocks,
): EncoderStates {
  checkSharedHeads(config);
  const { hiddenSize: size, intermediateSize, layerNormEpsilon: epsilon } = config;
  const square = { inputs: size, outputs: size };
  return residualBlocks(g, embedded, {
    ...config,
    attend(tokens, layer, shape) {
      const { context, probabilities } = attend(tokens, layer, shape);
      const flat = g.reshape(context, [-1, size]);
      return { added: linear(g, flat, { name: names(layer).attentionOutput, ...square }), probabilities };
    },
    feedForward(tokens, layer) {
      const { intermediate, output } = names(layer);
      const wide = linear(g, tokens, { name: intermediate, inputs: size, outputs: intermediateSize });
      const active = activate(g, wide, config.activation);
      return linear(g, active, { name: output, inputs: intermediateSize, outputs: size });
    },
    afterPart(tokens, layer, part) {
      const { attentionNorm, outputNorm } = names(layer);
      if (part === "attention") return layerNorm(g, tokens, { name: attentionNorm, size, epsilon });
      return after(layerNorm(g, tokens, { name: outputNorm, size, epsilon }), layer);
    },
  });
}

/** How tokens attend to each other by three projections of the hidden size, as BERT's. */
export function selfAttention(
  g: GraphBuilder,
  {
    config,
    biases,
    name,
  }: {
    config: TransformerConfig;
    biases: readonly Value[];
    /** Of a layer's projection. */
    name: (layer: number, part: "query" | "key" | "value") => string;
  },
): PostNormBlocks["attend"] {
  const { hiddenSize, heads, headSize: size } = config;
  return (tokens, layer, shape) => {
    const project = (part: "query" | "key" | "value") => {
      const projected = linear(g, tokens, { name: name(layer, part), inputs: hiddenSize, outputs: hiddenSize });
      return splitHeads(g, g.reshape(projected, shape), { heads, size });
    };
    const projections = { q: project("query"), k: project("key"), v: project("value") };
    return attention(g, projections, { scale: 1 / Math.sqrt(size), biases });
  };
}
