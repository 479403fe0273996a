/**
 * What a token may see: masks that are not only padding. A causal decoder sees what stands before a token, local attention
 * a window around it. As in transformers, distances are those of columns, padding included (`masking_utils.py`).
 */
import type { GraphBuilder, Value } from "./graph.ts";

const lowest = -3.4028234663852886e38;

export interface Visibility {
  /** Columns before its own that a token sees; left out, all. */
  readonly before?: number | undefined;
  /** Columns after its own that a token sees; left out, all. 0 is causal. */
  readonly after?: number | undefined;
}

/**
 * What is added to attention scores, float32 [B, 1, S, P + S]: 0 where a token of `ids` [B, S] sees another,
 * the lowest float elsewhere. `attentionMask` is [B, P + S]; the P columns before those of `ids` are of earlier calls.
 */
export function visibilityBias(
  g: GraphBuilder,
  { ids, attentionMask }: { ids: Value; attentionMask: Value },
  { before, after }: Visibility,
): Value {
  const columns = g.range(g.squeeze(g.dimension(attentionMask, 1), [0]));
  const own = g.unsqueeze(g.tail(columns, g.dimension(ids, 1), 0), [1]);
  const distance = g.sub(own, columns);
  const limit = (value: number) => g.constant("int64", [value], []);
  let isSeen = g.equal(g.unsqueeze(attentionMask, [1, 2]), g.constant("int32", [1], []));
  if (before !== undefined) isSeen = g.and(isSeen, g.lessOrEqual(distance, limit(before)));
  if (after !== undefined) isSeen = g.and(isSeen, g.lessOrEqual(limit(-after), distance));
  return g.where(isSeen, g.scalar(0), g.scalar(lowest));
}

/** Where the tokens of `ids` stand, counted over the mask, so that padding on the left is no position: int32 [B, S]. */
export function maskedPositions(g: GraphBuilder, { ids, attentionMask }: { ids: Value; attentionMask: Value }): Value {
  const one = g.constant("int32", [1], []);
  const counted = g.sub(g.cumulativeSum(attentionMask, 1), one);
  return g.tail(g.max(counted, g.constant("int32", [0], [])), g.dimension(ids, 1), 1);
}
