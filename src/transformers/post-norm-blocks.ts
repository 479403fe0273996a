/**
 * Blocks of the BERT family one after the other: x ← norm(x + attention(x)), then x ← norm(x + feedForward(x)).
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; the normalisation stands after each part.
 */
import type { EncoderStates } from "./architectures/index.ts";
import { type Attended, attention, splitHeads } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { activate, layerNorm, linear } from "./layers.ts";

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

/** From the embedded tokens [B, S, H] to the states of every layer. Between, tokens are the rows of one matrix, so that a Linear is one Gemm with its bias. */
export function postNormBlocks(
  g: GraphBuilder,
  embedded: Value,
  { config, names, attend, after = (tokens) => tokens }: PostNormBlocks,
): EncoderStates {
  const shape = g.shape(embedded);
  const layers = [embedded];
  const attentions: Value[] = [];
  let tokens = g.reshape(embedded, [-1, config.hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    const { context, probabilities } = attend(tokens, layer, shape);
    tokens = after(postNormBlock(g, tokens, { context, config, names: names(layer) }), layer);
    layers.push(g.reshape(tokens, shape));
    attentions.push(probabilities);
  }
  return { hidden: layers[config.layers], layers, attentions };
}

function postNormBlock(
  g: GraphBuilder,
  x: Value,
  { context, config, names }: { context: Value; config: TransformerConfig; names: BlockNames },
): Value {
  const { hiddenSize: size, intermediateSize, layerNormEpsilon: epsilon } = config;
  const flat = g.reshape(context, [-1, size]);
  const attended = linear(g, flat, { name: names.attentionOutput, inputs: size, outputs: size });
  const middle = layerNorm(g, g.add(attended, x), { name: names.attentionNorm, size, epsilon });
  const wide = linear(g, middle, { name: names.intermediate, inputs: size, outputs: intermediateSize });
  const active = activate(g, wide, config.activation);
  const narrow = linear(g, active, { name: names.output, inputs: intermediateSize, outputs: size });
  return layerNorm(g, g.add(narrow, middle), { name: names.outputNorm, size, epsilon });
}

/** Attention of tokens to each other with three projections of the hidden size, as BERT's. */
export function selfAttention(
  g: GraphBuilder,
  tokens: Value,
  {
    config,
    shape,
    biases,
    name,
  }: {
    config: TransformerConfig;
    shape: Value;
    biases: readonly Value[];
    /** Of a projection. */
    name: (part: "query" | "key" | "value") => string;
  },
): Attended {
  const { hiddenSize, heads } = config;
  const size = hiddenSize / heads;
  const project = (part: "query" | "key" | "value") => {
    const projected = linear(g, tokens, { name: name(part), inputs: hiddenSize, outputs: hiddenSize });
    return splitHeads(g, g.reshape(projected, shape), { heads, size });
  };
  const projections = { q: project("query"), k: project("key"), v: project("value") };
  return attention(g, projections, { scale: 1 / Math.sqrt(size), biases });
}
