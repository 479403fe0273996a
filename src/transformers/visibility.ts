/**
 * What a token may see: masks that are not only padding. A causal decoder sees what stands before a token, local attention
 * a window around it. As in transformers, distances are those of columns, padding included (`masking_utils.py`); with a past, which
 * may have free places in it, they are those of positions, which are the same for tokens.
 */
import type { KeyValue } from "./architectures/index.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { maskBias } from "./layers.ts";

const lowest = -3.4028234663852886e38;

export interface Visibility {
  /** Columns before its own that a token sees; left out, all. */
  readonly before?: number | undefined;
  /** Columns after its own that a token sees; left out, all. 0 is causal. */
  readonly after?: number | undefined;
}

/**
 * What is added to attention scores, float32 [B, 1, S, P + S], or with 1 for S where nothing but padding is left out: 0 where a token of `ids` [B, S] sees another,
 * the lowest float elsewhere. `attentionMask` is [B, P + S]; the P columns before those of `ids` are of earlier calls.
 */
export function visibilityBias(
  g: GraphBuilder,
  { ids, attentionMask, past }: { ids: Value; attentionMask: Value; past?: readonly KeyValue[] },
  { before, after }: Visibility,
): Value {
  if (before === undefined && after === undefined) return maskBias(g, attentionMask);
  const columns = past
    ? g.unsqueeze(g.cast(g.cumulativeSum(attentionMask, 1), "int64"), [1, 2])
    : g.range(g.squeeze(g.dimension(attentionMask, 1), [0]));
  const tail = g.tail(columns, g.dimension(ids, 1), past ? 3 : 0);
  const distance = g.sub(past ? g.transpose(tail, [0, 1, 3, 2]) : g.unsqueeze(tail, [1]), columns);
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
