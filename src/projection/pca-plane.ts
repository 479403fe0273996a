/** The plane in which the rows differ most: their two main components. */
import { SemspaceError } from "../errors.ts";
import { fitPca, Matrix, projectPca } from "../matrix/index.ts";

/** [rows, 2]; a second coordinate of 0 where there is only one dimension, and zeros for a single row. Throws `invalid-argument` for rows that are not finite. */
export function pcaPlane(matrix: Matrix): Matrix {
  const wrong = matrix.data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1)
    throw new SemspaceError(
      "invalid-argument",
      `Row ${Math.floor(wrong / matrix.columns)} holds ${matrix.data[wrong]}; vectors must be finite.`,
    );
  const components = Math.min(2, matrix.columns);
  if (matrix.rows < 2 || components === 0) return Matrix.zeros(matrix.rows, 2);
  const flat = projectPca(fitPca(matrix, { components }), matrix);
  if (components === 2) return flat;
  return Matrix.fromRows(Array.from(flat.data, (x) => [x, 0]));
}
