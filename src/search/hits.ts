/** What every kind of search gives: which text, and how well it answers. */
import { wholeNumber } from "../errors.ts";

export interface Hit {
  /** Position of the text in the list that was searched. */
  index: number;
  /** Higher is better; the scale is that of the search that gave it. */
  score: number;
}

/**
 * The `k` highest of `scores` that are above `above`, best first; equal scores by position, so that a
 * result never depends on how it was found. One pass with a heap of `k`: n log k at worst, about n in practice.
 */
export function bestHits(scores: ArrayLike<number>, k: number, above: number = -Infinity): Hit[] {
  const size = Math.min(wholeNumber("The number of hits", k, 0), scores.length);
  if (size === 0) return [];
  // The heap's root is the worst that is kept; `full` sinks every entry once it holds `size`.
  const heap: Hit[] = [];
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index];
    if (!(score > above)) continue;
    if (heap.length < size) {
      heap.push({ index, score });
      if (heap.length === size) for (let i = (size >> 1) - 1; i >= 0; i -= 1) sink(heap, i);
    } else if (score > heap[0].score) {
      heap[0] = { index, score };
      sink(heap, 0);
    }
  }
  return heap.sort(better);
}

/** Orders hits best first, equal scores by position. */
export function better(a: Hit, b: Hit): number {
  return b.score - a.score || a.index - b.index;
}

/** Moves entry `i` down until no child is worse than it. */
function sink(heap: Hit[], i: number): void {
  const entry = heap[i];
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && better(heap[child + 1], heap[child]) > 0) child += 1;
    if (better(heap[child], entry) <= 0) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = entry;
}
