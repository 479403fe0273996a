/** The k largest of many scores, by a heap of k: O(n log k), nothing is sorted but the result. */
import { wholeNumber } from "../errors.ts";

export interface TopScores {
  /** Positions of the largest scores, best first; of equal scores the earlier position comes first. */
  indices: Int32Array;
  /** Their scores. */
  scores: Float32Array;
}

/** The `k` largest of `scores`, fewer when there are fewer. NaN is never among them. Throws `invalid-argument` for a `k` that is no whole number. */
export function topK(scores: Float32Array, k: number): TopScores {
  const size = Math.min(wholeNumber("k", k), scores.length);
  const heap = new Int32Array(size); // worst on top
  let filled = 0;
  const worse = (a: number, b: number): boolean => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);
  for (let i = 0; i < scores.length; i += 1) {
    if (filled === size) {
      if (size === 0 || !(scores[i] > scores[heap[0]])) continue;
      heap[0] = i;
      siftDown(heap, filled, worse);
    } else if (!Number.isNaN(scores[i])) {
      heap[filled] = i;
      filled += 1;
      siftUp(heap, filled - 1, worse);
    }
  }
  const indices = heap.slice(0, filled).sort((a, b) => (worse(a, b) ? 1 : -1));
  return { indices, scores: Float32Array.from(indices, (i) => scores[i]) };
}

type Worse = (a: number, b: number) => boolean;

function siftUp(heap: Int32Array, from: number, worse: Worse): void {
  for (let at = from; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!worse(heap[at], heap[parent])) return;
    [heap[at], heap[parent]] = [heap[parent], heap[at]];
    at = parent;
  }
}

function siftDown(heap: Int32Array, size: number, worse: Worse): void {
  for (let at = 0; ;) {
    const left = 2 * at + 1;
    if (left >= size) return;
    const child = left + 1 < size && worse(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!worse(heap[child], heap[at])) return;
    [heap[at], heap[child]] = [heap[child], heap[at]];
    at = child;
  }
}
