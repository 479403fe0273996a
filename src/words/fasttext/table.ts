/** The rows of a fastText matrix, in float32: all of them, or those of the buckets that are used. */
import { SemspaceError } from "../../errors.ts";
import type { VectorTable } from "../tables/vector-table.ts";

/** A matrix of a model; its rows are used without being copied. */
export interface ModelTable extends VectorTable {
  /** Adds `scale` × row `i` to `target`, [columns]. */
  addRow(i: number, target: Float32Array, scale: number): void;
  /** Product of row `i` and a vector, [columns]. */
  dotRow(i: number, vector: Float32Array): number;
}

/** Without `storedRow` row i is `data[i × columns …]`; with it, `data[storedRow[i] × columns …]`, and zeros where that is -1. */
export class DenseTable implements ModelTable {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly storedRow: Int32Array | undefined;

  /** Throws `mismatch` when the data do not fill the rows. */
  constructor(data: Float32Array, columns: number, storedRow?: Int32Array) {
    if (data.length % columns !== 0) {
      throw new SemspaceError("mismatch", `${data.length} numbers are no rows of ${columns}.`);
    }
    this.data = data;
    this.columns = columns;
    this.rows = storedRow ? storedRow.length : data.length / columns;
    this.storedRow = storedRow;
  }

  /** Whether a row has numbers of its own; the others are zeros. */
  isStored(i: number): boolean {
    return !this.storedRow || this.storedRow[i] >= 0;
  }

  row(i: number): Float32Array {
    const at = this.storedRow ? this.storedRow[i] : i;
    if (at < 0) return new Float32Array(this.columns);
    return this.data.subarray(at * this.columns, (at + 1) * this.columns);
  }

  addRow(i: number, target: Float32Array, scale: number): void {
    const at = this.storedRow ? this.storedRow[i] : i;
    if (at < 0) return;
    const { data, columns } = this;
    for (let k = 0, from = at * columns; k < columns; k += 1) target[k] += scale * data[from + k];
  }

  dotRow(i: number, vector: Float32Array): number {
    const at = this.storedRow ? this.storedRow[i] : i;
    if (at < 0) return 0;
    const { data, columns } = this;
    let sum = 0;
    for (let k = 0, from = at * columns; k < columns; k += 1) sum += data[from + k] * vector[k];
    return sum;
  }
}
