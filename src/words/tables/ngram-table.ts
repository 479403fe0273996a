/**
 * fastText's way to a vector of any word (Bojanowski et al. 2017): the mean of the vectors of its character n-grams, each of which
 * has its row by a hash. Only the rows that a training used are stored.
 */
import { SemspaceError } from "../../errors.ts";
import { eachNgram, marked } from "../fasttext/ngrams.ts";
import { selectRows } from "./select-rows.ts";
import type { SubwordTable, VectorTable } from "./vector-table.ts";

export interface NgramTableParts {
  /** Rows of n-grams, and maybe others. */
  table: VectorTable;
  /** The buckets that have a row, ascending. */
  used: Int32Array;
  /** The row of each of them in `table`. */
  rows: Int32Array;
  /** Most numbers that an n-gram's hash can become. */
  buckets: number;
  /** Shortest and longest n-grams, in characters. */
  minN: number;
  maxN: number;
  /** An n-gram without a row counts as "zeros" (the training never saw it), or is left out ("none": it was pruned). */
  unused: "zeros" | "none";
}

const encoder = new TextEncoder();

export class NgramTable implements SubwordTable {
  readonly parts: NgramTableParts;
  readonly columns: number;

  /** Throws `mismatch` when the parts do not belong together. */
  constructor(parts: NgramTableParts) {
    const { table, used, rows, buckets } = parts;
    const ascending = used.every((bucket, i) => bucket >= 0 && bucket < buckets && (i === 0 || bucket > used[i - 1]));
    if (!ascending || rows.length !== used.length || !rows.every((row) => row >= 0 && row < table.rows)) {
      const message = `${used.length} n-grams with ${rows.length} rows of ${table.rows} do not belong together: buckets must rise and stay below ${buckets}.`;
      throw new SemspaceError("mismatch", message);
    }
    this.parts = parts;
    this.columns = table.columns;
  }

  /** The mean of the rows of the word's n-grams, [columns]; undefined where it has none. */
  vector(word: string): Float32Array | undefined {
    const sum = new Float32Array(this.columns);
    const count = this.addTo(word, sum);
    if (count === 0) return undefined;
    for (let k = 0; k < sum.length; k += 1) sum[k] /= count;
    return sum;
  }

  /** Adds the rows of a word's n-grams; gives how many n-grams count. */
  addTo(word: string, sum: Float32Array | Float64Array): number {
    const { table, rows, unused } = this.parts;
    let count = 0;
    eachNgram(marked(encoder.encode(word)), this.parts, (bucket) => {
      const place = this.#placeOf(bucket);
      if (place >= 0) {
        const row = table.row(rows[place]);
        for (let k = 0; k < sum.length; k += 1) sum[k] += row[k];
      } else if (unused === "none") return;
      count += 1;
    });
    return count;
  }

  /** The n-grams' rows alone, one after the other. */
  compact(): NgramTable {
    const { table, rows } = this.parts;
    const order = Int32Array.from(rows, (_, i) => i);
    if (rows.length === table.rows && rows.every((row, i) => row === i)) return this;
    return new NgramTable({ ...this.parts, table: selectRows(table, rows), rows: order });
  }

  /** The same with the rows in another form, which `store` makes of them. */
  stored(store: (table: VectorTable) => VectorTable): NgramTable {
    const { parts } = this.compact();
    return new NgramTable({ ...parts, table: store(parts.table) });
  }

  #placeOf(bucket: number): number {
    const { used } = this.parts;
    let [low, high] = [0, used.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (used[middle] < bucket) low = middle + 1;
      else high = middle;
    }
    return used[low] === bucket ? low : -1;
  }
}
