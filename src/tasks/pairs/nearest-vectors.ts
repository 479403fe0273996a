/** The exact nearest rows of one matrix for each row of another, by dot products on the kernels, a few queries at a time. */
import { pauses } from "../../platform/pauses.ts";
import { createRowProducts, PRODUCT_ROWS } from "../../kernels/products.ts";
import type { Matrix } from "../../matrix/index.ts";

/** Rows that are compared with all others at once. */
const BLOCK = 32;

export interface NearestVectors {
  /** The row that was compared. */
  query: number;
  /** The nearest rows, nearest first, equally near ones by position; a view that the next query overwrites. */
  rows: Int32Array;
  /** Their dot products. */
  scores: Float32Array;
}

export interface NearestOptions {
  k: number;
  /** Leave a row's own position out: the two matrices are one. */
  withoutSelf?: boolean;
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Calls `use` for every row of `queries`, in order. Memory: a copy of `others` and a few rows. */
export async function eachNearest(
  queries: Matrix,
  others: Matrix,
  { k, withoutSelf = false, onProgress, signal, use }: NearestOptions & { use: (found: NearestVectors) => void },
): Promise<void> {
  const pause = pauses();
  const products = createRowProducts(others, BLOCK);
  const size = Math.min(k, Math.max(0, others.rows - (withoutSelf ? 1 : 0)));
  const lists = Array.from({ length: BLOCK }, () => new BestRows(size));
  for (let first = 0; first < queries.rows; first += BLOCK) {
    signal?.throwIfAborted();
    const count = Math.min(BLOCK, queries.rows - first);
    for (let q = 0; q < count; q += 1) {
      lists[q].clear();
      products.others.set(queries.row(first + q), q * products.stride);
    }
    for (let row = 0; row < others.rows; row += PRODUCT_ROWS) {
      const rows = Math.min(PRODUCT_ROWS, others.rows - row);
      const scores = products.multiply(row, Math.ceil(rows / 4) * 4, count);
      for (let q = 0; q < count; q += 1) {
        const own = withoutSelf ? first + q : -1;
        lists[q].offer(scores, { from: q, stride: count, rows, first: row, except: own });
      }
    }
    for (let q = 0; q < count; q += 1) use({ query: first + q, ...lists[q].sorted() });
    onProgress?.(Math.min(first + BLOCK, queries.rows), queries.rows);
    await pause();
  }
}

interface Scores {
  from: number;
  stride: number;
  rows: number;
  /** Position of the first row. */
  first: number;
  except: number;
}

/** The best of many rows that come in ascending order: a heap with the worst on top. */
class BestRows {
  readonly #rows: Int32Array;
  readonly #scores: Float32Array;
  #filled = 0;

  constructor(size: number) {
    this.#rows = new Int32Array(size);
    this.#scores = new Float32Array(size);
  }

  clear(): void {
    this.#filled = 0;
  }

  offer(scores: Float32Array, { from, stride, rows, first, except }: Scores): void {
    const size = this.#rows.length;
    if (size === 0) return;
    for (let i = 0, at = from; i < rows; i += 1, at += stride) {
      const score = scores[at];
      if (this.#filled === size) {
        if (!(score > this.#scores[0]) || first + i === except) continue;
        this.#sink(score, first + i);
      } else if (first + i !== except && !Number.isNaN(score)) this.#rise(score, first + i);
    }
  }

  sorted(): { rows: Int32Array; scores: Float32Array } {
    const order = Array.from({ length: this.#filled }, (_, i) => i).sort(
      (a, b) => this.#scores[b] - this.#scores[a] || this.#rows[a] - this.#rows[b],
    );
    return {
      rows: Int32Array.from(order, (i) => this.#rows[i]),
      scores: Float32Array.from(order, (i) => this.#scores[i]),
    };
  }

  #worse(a: number, score: number, row: number): boolean {
    return this.#scores[a] < score || (this.#scores[a] === score && this.#rows[a] > row);
  }

  #put(at: number, score: number, row: number): void {
    this.#scores[at] = score;
    this.#rows[at] = row;
  }

  #rise(score: number, row: number): void {
    let at = this.#filled;
    this.#filled += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#worse(parent, score, row)) break;
      this.#put(at, this.#scores[parent], this.#rows[parent]);
      at = parent;
    }
    this.#put(at, score, row);
  }

  /** Takes the place of the worst. */
  #sink(score: number, row: number): void {
    const size = this.#filled;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#worse(child + 1, this.#scores[child], this.#rows[child])) child += 1;
      if (!this.#worse(child, score, row)) break;
      this.#put(at, this.#scores[child], this.#rows[child]);
      at = child;
    }
    this.#put(at, score, row);
  }
}
