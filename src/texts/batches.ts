/**
 * Which texts go through a transformer together: sorted by tokens, longest first, and cut so that a batch, padded to
 * its longest text, holds at most a budget of tokens. Neighbours have nearly the same length, so little is padded;
 * the first batch is the largest, so memory does not grow after it.
 */
import type { TokenBatch } from "../transformers/index.ts";

/** Groups of positions, longest texts first; each holds at most `batchTokens` tokens when padded, or a single text. */
export function planBatches(lengths: ArrayLike<number>, batchTokens: number): Uint32Array[] {
  // One number a text, length above position: a numeric sort of a typed array is the fastest that JavaScript has.
  const keys = Float64Array.from(lengths, (length, position) => -length * 2 ** 32 + position).toSorted();
  const order = Uint32Array.from(keys, (key) => key - Math.floor(key / 2 ** 32) * 2 ** 32);
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length;) {
    const columns = Math.max(1, lengths[order[start]]);
    const end = Math.min(order.length, start + Math.max(1, Math.floor(batchTokens / columns)));
    batches.push(order.subarray(start, end));
    start = end;
  }
  return batches;
}

/** Token ids of several texts: text i is `ids[starts[i] … starts[i + 1])`. */
interface FlatIds {
  ids: Int32Array;
  starts: Int32Array;
}

/** The texts at `positions` as a rectangle, padded at the end with `padId`; at least one column wide. */
export function padBatch({ ids, starts }: FlatIds, positions: Uint32Array, padId: number): TokenBatch {
  let columns = 1;
  for (const position of positions) columns = Math.max(columns, starts[position + 1] - starts[position]);
  const batch = new Int32Array(positions.length * columns).fill(padId);
  const attentionMask = new Int32Array(positions.length * columns);
  for (const [row, position] of positions.entries()) {
    const tokens = ids.subarray(starts[position], starts[position + 1]);
    batch.set(tokens, row * columns);
    attentionMask.fill(1, row * columns, row * columns + tokens.length);
  }
  return { ids: batch, attentionMask, rows: positions.length, columns };
}
