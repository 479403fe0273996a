/**
 * A table of one byte a number: row i is `codes[i] × scales[i]`, the scale such that the row's largest number becomes 127.
 * A quarter of the memory; the cosine to the exact vector stays above 0.999 for word vectors of 50 dimensions and more.
 */
import { SemspaceError } from "../../errors.ts";
import type { VectorTable } from "./vector-table.ts";

export class Int8Table implements VectorTable {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, rows × columns. */
  readonly codes: Int8Array;
  /** One a row. */
  readonly scales: Float32Array;

  /** Throws `mismatch` when the codes do not fill as many rows as there are scales. */
  constructor(codes: Int8Array, scales: Float32Array, columns: number) {
    if (codes.length !== scales.length * columns) {
      const message = `${scales.length} rows of ${columns} need ${scales.length * columns} codes, got ${codes.length}.`;
      throw new SemspaceError("mismatch", message);
    }
    this.rows = scales.length;
    this.columns = columns;
    this.codes = codes;
    this.scales = scales;
  }

  /** Quantises every row of a table. */
  static from(table: VectorTable): Int8Table {
    const { rows, columns } = table;
    const codes = new Int8Array(rows * columns);
    const scales = new Float32Array(rows);
    for (let i = 0; i < rows; i += 1) {
      const row = table.row(i);
      scales[i] = quantizeRow(row, codes.subarray(i * columns, (i + 1) * columns));
    }
    return new Int8Table(codes, scales, columns);
  }

  row(i: number): Float32Array {
    const row = new Float32Array(this.columns);
    const scale = this.scales[i];
    const start = i * this.columns;
    for (let k = 0; k < row.length; k += 1) row[k] = this.codes[start + k] * scale;
    return row;
  }

  dots(query: ArrayLike<number>, from: number, out: Float32Array): void {
    const { codes, columns } = this;
    for (let i = 0, at = from * columns; i < out.length; i += 1) {
      let sum = 0;
      for (let k = 0; k < columns; k += 1, at += 1) sum += codes[at] * query[k];
      out[i] = sum * this.scales[from + i];
    }
  }
}

/** Writes the codes of a row; gives its scale, 0 for a row of zeros. */
function quantizeRow(row: Float32Array, codes: Int8Array): number {
  let largest = 0;
  for (let k = 0; k < row.length; k += 1) largest = Math.max(largest, Math.abs(row[k]));
  if (!(largest > 0)) return 0;
  for (let k = 0; k < row.length; k += 1) codes[k] = Math.round((row[k] / largest) * 127);
  return largest / 127;
}
