/**
 * Root mean square normalisation over the last axis: x / √(mean(x²) + ε) · weight, no mean taken off, no bias.
 * Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467. Written in the order in which ONNX Runtime
 * recognises it and puts one operator in its place (SimplifiedLayerNormalization).
 */
import type { GraphBuilder, Value } from "./graph.ts";

/** Normalises with the tensor `name.weight`; `offset` is added to it (Gemma stores what differs from 1). */
export function rmsNorm(
  g: GraphBuilder,
  x: Value,
  { name, size, epsilon, offset = 0 }: { name: string; size: number; epsilon: number; offset?: number },
): Value {
  const weight = g.weight(`${name}.weight`, [size]);
  const deviation = g.sqrt(g.add(g.reduceMean(g.pow(x, 2), [-1]), g.scalar(epsilon)));
  return g.mul(g.div(x, deviation), offset === 0 ? weight : g.add(weight, g.scalar(offset)));
}
