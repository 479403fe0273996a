import { SemspaceError } from "../errors.ts";
import { Matrix, type MatrixData } from "./matrix.ts";

/** A copy that keeps the first `dimensions` of every vector. Lengths change: normalise afterwards where they matter. Throws `invalid-argument`. */
export function truncateDimensions<D extends MatrixData>(matrix: Matrix<D>, dimensions: number): Matrix<D> {
  const { data, rows, columns } = matrix;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > columns) {
    throw new SemspaceError(
      "invalid-argument",
      `Cannot keep ${dimensions} dimensions of vectors of ${columns}. Use 1 to ${columns}.`,
    );
  }
  const kept = new (data.constructor as new (length: number) => D)(rows * dimensions);
  for (let i = 0; i < rows; i += 1) kept.set(data.subarray(i * columns, i * columns + dimensions), i * dimensions);
  return new Matrix(kept, rows, dimensions);
}
