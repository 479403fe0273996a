/**
 * T5's relative positions: a learned bias for each head and bucket of distances, added to attention scores in every layer.
 * Raffel et al. 2020, https://arxiv.org/abs/1910.10683, section 2.1; `T5Attention._relative_position_bucket` of transformers.
 */
import type { GraphBuilder, Value } from "./graph.ts";

export interface Buckets {
  readonly buckets: number;
  /** Distance from which all share a bucket. */
  readonly maxDistance: number;
}

/** The bias of the bucket of j − i for every pair of columns, [1, N, S, S]; `table` is [buckets, N]. */
export function relativeBias(g: GraphBuilder, ids: Value, { table, ...sizes }: Buckets & { table: Value }): Value {
  const { maxDistance } = sizes;
  const offsets = Array.from({ length: 2 * maxDistance + 1 }, (_, i) => i - maxDistance);
  const bucketOf = g.constant(
    "int32",
    offsets.map((offset) => relativeBucket(offset, sizes)),
  );
  const positions = g.range(g.squeeze(g.dimension(ids, 1), [0]));
  const difference = g.sub(g.unsqueeze(positions, [0]), g.unsqueeze(positions, [1]));
  const limit = (value: number) => g.constant("int64", [value], []);
  const near = g.min(g.max(difference, limit(-maxDistance)), limit(maxDistance));
  const bias = g.gather(table, g.gather(bucketOf, g.add(near, limit(maxDistance))));
  return g.unsqueeze(g.transpose(bias, [2, 0, 1]), [0]);
}

/**
 * The bucket of a relative position: half of them for each direction, of these half exact and half logarithmic up to
 * `maxDistance`. The logarithm is rounded to float32 step by step, as in the reference.
 */
export function relativeBucket(offset: number, { buckets, maxDistance }: Buckets): number {
  const half = Math.floor(buckets / 2);
  const exact = Math.floor(half / 2);
  const direction = offset > 0 ? half : 0;
  const distance = Math.abs(offset);
  if (distance < exact) return direction + distance;
  const log = Math.fround(Math.log(Math.fround(distance / exact)));
  const scaled = Math.fround(Math.fround(log / Math.fround(Math.log(maxDistance / exact))) * (half - exact));
  return direction + Math.min(exact + Math.floor(scaled), half - 1);
}
