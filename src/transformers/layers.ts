/**
 * The layers that architectures share, in plain operators; attention.ts and post-norm-blocks.ts compose them, `fuse.ts` recognises them again.
 * Tensor names are those of Hugging Face checkpoints; a Linear's weight is [outputs, inputs] there.
 * Shapes, here and in all files of graphs: B rows of a batch, S columns, H the hidden size, N heads of D = H / N.
 */
import type { Activation } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** x · Wᵀ + b for a matrix x and the tensors `name.weight` and, unless `bias` is false, `name.bias`. */
export function linear(
  g: GraphBuilder,
  x: Value,
  { name, inputs, outputs, bias = true }: { name: string; inputs: number; outputs: number; bias?: boolean },
): Value {
  const weight = g.weight(`${name}.weight`, [outputs, inputs]);
  return g.gemm(x, weight, bias ? g.weight(`${name}.bias`, [outputs]) : undefined);
}

/** Layer normalisation with the tensors `name.weight` and, unless `bias` is false, `name.bias`. */
export function layerNorm(
  g: GraphBuilder,
  x: Value,
  { name, size, epsilon, bias = true }: { name: string; size: number; epsilon: number; bias?: boolean },
): Value {
  return g.layerNormalization(x, g.weight(`${name}.weight`, [size]), {
    bias: bias ? g.weight(`${name}.bias`, [size]) : undefined,
    epsilon,
  });
}

/** What is added to attention scores, [B, 1, 1, S]: 0 where the mask is 1, the lowest float where it is 0. */
export function maskBias(g: GraphBuilder, attentionMask: Value): Value {
  const mask = g.cast(g.unsqueeze(attentionMask, [1, 2]), "float32");
  return g.mul(g.sub(g.scalar(1), mask), g.scalar(-3.4028234663852886e38));
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
