/** The best of many pairs, each once: a heap of at most so many, the worst on top, as `paraphrase_mining_embeddings` keeps it. */

/** Two texts and how alike they are; `first` is the smaller position. */
export interface TextPair {
  first: number;
  second: number;
  score: number;
}

export class BestPairs {
  readonly #most: number;
  readonly #heap: TextPair[] = [];
  readonly #inside = new Set<number>();
  readonly #texts: number;
  #least = -Infinity;

  constructor(most: number, texts: number) {
    this.#most = most;
    this.#texts = texts;
  }

  /** The score that a pair must be above. */
  get least(): number {
    return this.#least;
  }

  offer(a: number, b: number, score: number): void {
    if (!(score > this.#least)) return;
    const [first, second] = a < b ? [a, b] : [b, a];
    const key = first * this.#texts + second;
    if (this.#inside.has(key)) return;
    const heap = this.#heap;
    const pair = { first, second, score };
    this.#inside.add(key);
    if (heap.length < this.#most) {
      heap.push(pair);
      this.#rise(heap.length - 1);
      return;
    }
    const evicted = worse(pair, heap[0]) ? pair : heap[0];
    if (evicted !== pair) {
      heap[0] = pair;
      this.#sink();
    }
    this.#inside.delete(evicted.first * this.#texts + evicted.second);
    this.#least = evicted.score;
  }

  /** Best first; equal ones by position. */
  sorted(): TextPair[] {
    return this.#heap.toSorted((a, b) => b.score - a.score || a.first - b.first || a.second - b.second);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!worse(heap[at], heap[parent])) return;
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ;) {
      let child = 2 * at + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && worse(heap[child + 1], heap[child])) child += 1;
      if (!worse(heap[child], heap[at])) return;
      [heap[at], heap[child]] = [heap[child], heap[at]];
      at = child;
    }
  }
}

/** Of equal scores the smaller positions go first, as Python compares tuples. */
function worse(a: TextPair, b: TextPair): boolean {
  return (
    a.score < b.score || (a.score === b.score && (a.first < b.first || (a.first === b.first && a.second < b.second)))
  );
}
