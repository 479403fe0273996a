/**
 * Attention over heads: softmax(q kᵀ · scale + biases) v.
 * Attention Is All You Need, https://arxiv.org/abs/1706.03762, section 3.2. `fuse-attention.ts` recognises what is written here.
 */
import type { GraphBuilder, Value } from "./graph.ts";

/** What attention gives. */
export interface Attended {
  /** What every token took from the others, [B, S, N · D]. */
  readonly context: Value;
  /** How much it took from each, after softmax, [B, N, S, S]. */
  readonly probabilities: Value;
}

export interface AttentionOptions {
  /** Multiplies the products of queries and keys, mostly 1 / √D. */
  readonly scale: number;
  /** Added to the scores one after the other; they broadcast to [B, N, S, S]. */
  readonly biases: readonly Value[];
}

/** [B, S, N · D] → [B, N, S, D]. */
export function splitHeads(g: GraphBuilder, x: Value, { heads, size }: { heads: number; size: number }): Value {
  return g.transpose(g.reshape(x, [0, 0, heads, size]), [0, 2, 1, 3]);
}

/** [B, N, S, D] → [B, S, N · D]. */
export function mergeHeads(g: GraphBuilder, x: Value): Value {
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [0, 0, -1]);
}

/** Attention of queries, keys and values that are cut into heads, [B, N, S, D] each; S of queries may be another. */
export function attention(
  g: GraphBuilder,
  { q, k, v }: { q: Value; k: Value; v: Value },
  { scale, biases }: AttentionOptions,
): Attended {
  let scores = g.mul(g.matmul(q, g.transpose(k, [0, 1, 3, 2])), g.scalar(scale));
  for (const bias of biases) scores = g.add(scores, bias);
  const probabilities = g.softmax(scores);
  return { context: mergeHeads(g, g.matmul(probabilities, v)), probabilities };
}
