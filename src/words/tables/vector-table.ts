/**
 * What stands behind `WordVectors`: rows of float32 numbers, stored as they are (a `Matrix` is such a table) or in fewer
 * bytes (int8, product quantisation). Every operation works on any of them.
 */
import { Matrix } from "../../matrix/index.ts";

export interface VectorTable {
  readonly rows: number;
  readonly columns: number;
  /** Row `i`, [columns]; for reading only, it may be a view. */
  row(i: number): Float32Array;
  /** Writes `query · row` of the rows `from …`, one a row, until `out` is full; for tables that know a faster way than row by row. */
  dots?(query: ArrayLike<number>, from: number, out: Float32Array): void;
}

/** Vectors for words that the table does not have, made of their parts (fastText's character n-grams). */
export interface SubwordTable {
  /** The vector of any word, [columns]; undefined where the word has no part that is known. */
  vector(word: string): Float32Array | undefined;
}

/** All rows as one matrix: the table itself where it is one, else a copy. */
export function asMatrix(table: VectorTable): Matrix {
  if (table instanceof Matrix) return table as Matrix;
  const matrix = Matrix.zeros(table.rows, table.columns);
  for (let i = 0; i < table.rows; i += 1) matrix.data.set(table.row(i), i * table.columns);
  return matrix;
}

/** The length of every row, [rows]. */
export function rowNorms(table: VectorTable): Float32Array {
  const norms = new Float32Array(table.rows);
  const { columns } = table;
  if (table instanceof Matrix) {
    const data = table.data as Float32Array;
    for (let i = 0, at = 0; i < norms.length; i += 1) {
      let sum = 0;
      for (const end = at + columns; at < end; at += 1) sum += data[at] * data[at];
      norms[i] = Math.sqrt(sum);
    }
    return norms;
  }
  for (let i = 0; i < norms.length; i += 1) norms[i] = norm(table.row(i));
  return norms;
}

/** The length of a vector. */
export function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k += 1) sum += vector[k] * vector[k];
  return Math.sqrt(sum);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

/** The vector scaled to length 1; one of length 0 stays as it is. */
export function unit(vector: ArrayLike<number>): Float32Array {
  const length = norm(vector) || 1;
  return Float32Array.from({ length: vector.length }, (_, k) => vector[k] / length);
}
