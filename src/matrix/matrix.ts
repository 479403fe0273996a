/**
 * Many vectors in one flat typed array, row-major: vector i is `data[i * columns … (i + 1) * columns)`.
 * Functions of this room take and give matrices; the class itself only holds the numbers.
 */
import { SemspaceError } from "../errors.ts";

/** What a matrix can hold: float32 values, or quantised ones (int8, uint8; binary codes are packed in these). */
export type MatrixData = Float32Array | Int8Array | Uint8Array;

export class Matrix<D extends MatrixData = Float32Array> {
  readonly data: D;
  readonly rows: number;
  readonly columns: number;

  /** Wraps `data` without a copy. Throws `mismatch` when its length is not rows × columns. */
  constructor(data: D, rows: number, columns: number) {
    if (data.length !== rows * columns) {
      throw new SemspaceError(
        "mismatch",
        `A matrix of ${rows} x ${columns} needs ${rows * columns} values, got ${data.length}.`,
      );
    }
    this.data = data;
    this.rows = rows;
    this.columns = columns;
  }

  /** A float32 matrix of zeros. */
  static zeros(rows: number, columns: number): Matrix {
    return new Matrix(new Float32Array(rows * columns), rows, columns);
  }

  /** Copies vectors of equal length. Throws `mismatch` and names the first row that differs. */
  static fromRows(vectors: readonly ArrayLike<number>[]): Matrix {
    const columns = vectors[0]?.length ?? 0;
    const matrix = Matrix.zeros(vectors.length, columns);
    for (const [i, vector] of vectors.entries()) {
      if (vector.length !== columns) {
        throw new SemspaceError("mismatch", `Row ${i} has ${vector.length} values, row 0 has ${columns}.`);
      }
      matrix.data.set(vector, i * columns);
    }
    return matrix;
  }

  /** Vector `i` as a view: writing to it writes to the matrix. Throws `invalid-argument` outside 0 … rows − 1. */
  row(i: number): D {
    if (!(i >= 0 && i < this.rows)) {
      throw new SemspaceError("invalid-argument", `Row ${i} does not exist; the matrix has ${this.rows} rows.`);
    }
    return this.data.subarray(i * this.columns, (i + 1) * this.columns) as D;
  }

  /** The rows as plain arrays, for JSON. */
  toArray(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }
}
