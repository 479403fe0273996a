/** Gives the buckets that a training uses rows of their own, one after the other behind the words: unused ones take no memory. */
import type { ModelTable } from "./table.ts";

export class StoredRows {
  readonly #words: number;
  readonly #ofBucket: Int32Array;
  #used: number;

  constructor(words: number, buckets: number) {
    this.#words = words;
    this.#ofBucket = new Int32Array(buckets).fill(-1);
    this.#used = words;
  }

  /** Every row in its own place: of a model that is trained on what is left of it. */
  static all(words: number, buckets: number): StoredRows {
    const rows = new StoredRows(words, buckets);
    for (let bucket = 0; bucket < buckets; bucket += 1) rows.store(words + bucket);
    return rows;
  }

  /** The buckets of a model that is trained further with `words` words, `before` of which it has: those whose rows are not all zeros. */
  static further(input: ModelTable, { words, before }: { words: number; before: number }): StoredRows {
    const rows = new StoredRows(words, input.rows - before);
    for (let bucket = 0; bucket < input.rows - before; bucket += 1) {
      if (input.row(before + bucket).some((x) => x !== 0)) rows.store(words + bucket);
    }
    return rows;
  }

  /** Rows stored so far. */
  get count(): number {
    return this.#used;
  }

  /** The stored row of a row of the model; a bucket gets one when it is first asked for. */
  store(row: number): number {
    if (row < this.#words) return row;
    const bucket = row - this.#words;
    if (this.#ofBucket[bucket] < 0) {
      this.#ofBucket[bucket] = this.#used;
      this.#used += 1;
    }
    return this.#ofBucket[bucket];
  }

  /** For every row of the model its stored row, -1 for an unused bucket. */
  toArray(): Int32Array {
    const rows = new Int32Array(this.#words + this.#ofBucket.length);
    for (let id = 0; id < this.#words; id += 1) rows[id] = id;
    rows.set(this.#ofBucket, this.#words);
    return rows;
  }
}
