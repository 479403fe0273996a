/** What every kind of search gives: which text, and how well it answers. */
import { topK } from "../matrix/index.ts";

export interface Hit {
  /** Position of the text in the list that was searched. */
  index: number;
  /** Higher is better; the scale is that of the search that gave it. */
  score: number;
}

/**
 * The `k` highest of `scores` that are above `above`, best first; equal scores by position, so that a result
 * never depends on how it was found. NaN is never a hit. Throws `invalid-argument` for a `k` that is no whole number.
 */
export function bestHits(scores: Float32Array, k: number, above: number = -Infinity): Hit[] {
  const best = topK(scores, k);
  const hits: Hit[] = [];
  for (const [i, index] of best.indices.entries()) {
    if (best.scores[i] > above) hits.push({ index, score: best.scores[i] });
  }
  return hits;
}
