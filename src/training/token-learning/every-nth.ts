/** A part of many rows that stands for all of them. */
import { Matrix } from "../../matrix/index.ts";

/** Positions 0, n, 2n … of `count`, so that at most `most` are left. */
export function everyNthOf(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

export function everyNth(matrix: Matrix, most: number): Matrix {
  if (matrix.rows <= most) return matrix;
  return Matrix.fromRows(everyNthOf(matrix.rows, most).map((i) => matrix.row(i)));
}
