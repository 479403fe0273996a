/** Correlation of two lists of numbers, as scipy.stats computes it: NaN when one of them is constant. */
import { SemspaceError } from "../errors.ts";

/** How nearly one list is a straight-line function of the other, -1 … 1. Throws `mismatch` for lists of different length. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length < 2) {
    throw new SemspaceError(
      "mismatch",
      `A correlation needs two lists of the same length, at least 2, got ${a.length} and ${b.length}.`,
    );
  }
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] - meanA, b[i] - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  // A product of roots, not the root of a product, which can overflow.
  const correlation = ab / (Math.sqrt(aa) * Math.sqrt(bb));
  return Math.max(-1, Math.min(1, correlation));
}

/** The same of their ranks: how nearly the two lists order things alike. Equal values share the mean of their ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(ranks(a), ranks(b));
}

/** Ranks from 1, ascending; equal values get the mean of theirs; NaN among the values makes all ranks NaN. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const result = new Float64Array(values.length);
  if (order.some((i) => Number.isNaN(values[i]))) return result.fill(Number.NaN);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end += 1;
    for (let i = first; i < end; i += 1) result[order[i]] = (first + 1 + end) / 2;
    first = end;
  }
  return result;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}
