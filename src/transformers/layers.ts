/**
 * The layers that encoders share, in plain operators. Architectures compose them; `fuse.ts` recognises them again.
 * Tensor names are those of Hugging Face checkpoints; a Linear's weight is [outputs, inputs] there.
 * Shapes: B rows of a batch, S columns, H the hidden size, N heads of D = H / N.
 */
import type { Activation, TransformerConfig } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** x · Wᵀ + b for a matrix x and the tensors `name.weight` and `name.bias`. */
export function linear(
  g: GraphBuilder,
  x: Value,
  { name, inputs, outputs }: { name: string; inputs: number; outputs: number },
): Value {
  return g.gemm(x, g.weight(`${name}.weight`, [outputs, inputs]), g.weight(`${name}.bias`, [outputs]));
}

/** Layer normalisation with the tensors `name.weight` and `name.bias`. */
export function layerNorm(
  g: GraphBuilder,
  x: Value,
  { name, size, epsilon }: { name: string; size: number; epsilon: number },
): Value {
  return g.layerNormalization(x, g.weight(`${name}.weight`, [size]), {
    bias: g.weight(`${name}.bias`, [size]),
    epsilon,
  });
}

/** What is added to attention scores, [B, 1, 1, S]: 0 where the mask is 1, the lowest float where it is 0. */
export function maskBias(g: GraphBuilder, attentionMask: Value): Value {
  const mask = g.cast(g.unsqueeze(attentionMask, [1, 2]), "float32");
  return g.mul(g.sub(g.scalar(1), mask), g.scalar(-3.4028234663852886e38));
}

/**
 * softmax(q kᵀ / √D + biases) v over N heads; q, k and v are [B, S, H], biases broadcast to [B, N, S, S].
 * Attention Is All You Need, https://arxiv.org/abs/1706.03762, section 3.2.
 */
export function attention(
  g: GraphBuilder,
  { q, k, v }: { q: Value; k: Value; v: Value },
  { heads, hiddenSize, biases }: { heads: number; hiddenSize: number; biases: readonly Value[] },
): Value {
  const size = hiddenSize / heads;
  const split = (x: Value, permutation: readonly number[]) =>
    g.transpose(g.reshape(x, [0, 0, heads, size]), permutation);
  let scores = g.mul(g.matmul(split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1])), g.scalar(1 / Math.sqrt(size)));
  for (const bias of biases) scores = g.add(scores, bias);
  const context = g.matmul(g.softmax(scores), split(v, [0, 2, 1, 3]));
  return g.reshape(g.transpose(context, [0, 2, 1, 3]), [0, 0, hiddenSize]);
}

/** The activation that config.json names, element by element. */
export function activate(g: GraphBuilder, x: Value, activation: Activation): Value {
  switch (activation) {
    case "gelu":
      return g.gelu(x, "none");
    case "gelu_new":
    case "gelu_pytorch_tanh":
    case "gelu_fast":
      return g.gelu(x, "tanh");
    case "quick_gelu":
      return g.mul(x, g.sigmoid(g.mul(x, g.scalar(1.702))));
    case "silu":
    case "swish":
      return g.mul(x, g.sigmoid(x));
    case "relu":
      return g.relu(x);
    case "tanh":
      return g.tanh(x);
  }
}

/** The tensors of one block, without `.weight` and `.bias`. */
export interface BlockNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

/**
 * Blocks of the BERT family one after the other: x ← norm(x + attention(x)), then x ← norm(x + feedForward(x)).
 * `x` and the result are [B, S, H]; between, tokens are the rows of one matrix, so that a Linear is one Gemm with its bias.
 */
export function postNormBlocks(
  g: GraphBuilder,
  x: Value,
  {
    config,
    biases,
    names,
  }: { config: TransformerConfig; biases: readonly Value[]; names: (layer: number) => BlockNames },
): Value {
  const shape = g.shape(x);
  let tokens = g.reshape(x, [-1, config.hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    tokens = postNormBlock(g, tokens, { config, biases, names: names(layer), shape });
  }
  return g.reshape(tokens, shape);
}

function postNormBlock(
  g: GraphBuilder,
  x: Value,
  {
    config,
    biases,
    names,
    shape,
  }: { config: TransformerConfig; biases: readonly Value[]; names: BlockNames; shape: Value },
): Value {
  const { hiddenSize, heads, intermediateSize, layerNormEpsilon: epsilon } = config;
  const project = (name: string) => g.reshape(linear(g, x, { name, inputs: hiddenSize, outputs: hiddenSize }), shape);
  const projections = { q: project(names.query), k: project(names.key), v: project(names.value) };
  const context = g.reshape(attention(g, projections, { heads, hiddenSize, biases }), [-1, hiddenSize]);
  const attended = linear(g, context, { name: names.attentionOutput, inputs: hiddenSize, outputs: hiddenSize });
  const middle = layerNorm(g, g.add(attended, x), { name: names.attentionNorm, size: hiddenSize, epsilon });
  const wide = linear(g, middle, { name: names.intermediate, inputs: hiddenSize, outputs: intermediateSize });
  const active = activate(g, wide, config.activation);
  const narrow = linear(g, active, { name: names.output, inputs: intermediateSize, outputs: hiddenSize });
  return layerNorm(g, g.add(narrow, middle), { name: names.outputNorm, size: hiddenSize, epsilon });
}
