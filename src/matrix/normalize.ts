import { Matrix } from "./matrix.ts";

/** Scales every vector of the matrix to length 1, in place, and returns the matrix. A length below 1e-12 counts as 1e-12, as in torch's F.normalize. */
export function normalizeRows(matrix: Matrix): Matrix {
  const { data, rows, columns } = matrix;
  for (let i = 0; i < rows; i += 1) {
    const start = i * columns;
    let squares = 0;
    for (let j = start; j < start + columns; j += 1) squares += data[j] * data[j];
    const length = Math.max(Math.sqrt(squares), 1e-12);
    for (let j = start; j < start + columns; j += 1) data[j] /= length;
  }
  return matrix;
}

/** A copy of the matrix whose vectors have length 1. */
export function normalized(matrix: Matrix): Matrix {
  return normalizeRows(new Matrix(matrix.data.slice(), matrix.rows, matrix.columns));
}
