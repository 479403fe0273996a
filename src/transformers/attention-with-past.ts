/**
 * Attention that continues from earlier calls, for few queries and many keys. Nothing of the past is copied: scores over the past and
 * over the own columns are computed apart, and so are the sums. So the past can lie in a buffer with free places, which the mask leaves
 * out. Keys that a group of queries shares are not repeated: the group's queries stand one below the other.
 */
import type { KeyValue } from "./architectures/index.ts";
import { type Attended, mergeHeads } from "./attention.ts";
import type { GraphBuilder, Value } from "./graph.ts";

export interface AttentionWithPastOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly scale: number;
  /** What each token sees, [B, 1, S, P + S]. */
  readonly bias: Value;
  /** Of earlier calls, [B, M, P, D]. */
  readonly past: KeyValue;
}

/** Queries are [B, N, S, D], own keys and values [B, M, S, D], N a multiple of M. */
export function attentionWithPast(
  g: GraphBuilder,
  { queries, key, value }: KeyValue & { queries: Value },
  { heads, keyValueHeads, headSize, scale, bias, past }: AttentionWithPastOptions,
): Attended {
  const isGrouped = heads !== keyValueHeads;
  const columns = g.dimension(queries, 2);
  const rows = g.mul(columns, g.constant("int64", [heads / keyValueHeads]));
  const size = g.constant("int64", [headSize]);
  // [B, N, S, width] ⇄ [B, M, N / M · S, width]; without "what is left", which nothing is of a past of no columns.
  const together = (x: Value, width: Value) =>
    isGrouped ? g.reshape(x, g.concat([g.constant("int64", [0, keyValueHeads]), rows, width])) : x;
  const apart = (x: Value, width: Value) =>
    isGrouped ? g.reshape(x, g.concat([g.constant("int64", [0, heads]), columns, width])) : x;
  const shared = together(queries, size);
  const scoresOf = (keys: Value) => apart(g.matmul(shared, g.transpose(keys, [0, 1, 3, 2])), g.dimension(keys, 2));
  const scores = g.mul(g.concat([scoresOf(past.key), scoresOf(key)], 3), g.scalar(scale));
  const probabilities = g.softmax(g.add(scores, bias));
  const sumOf = (part: Value, values: Value) => apart(g.matmul(together(part, g.dimension(values, 2)), values), size);
  const seen = g.dimension(past.value, 2);
  const earlier = g.slice(probabilities, { start: g.constant("int64", [0]), end: seen, axis: 3 });
  const sum = g.add(sumOf(earlier, past.value), sumOf(g.tail(probabilities, columns, 3), value));
  return { context: mergeHeads(g, sum), probabilities };
}
