import { expect, test } from "vitest";
import { Matrix } from "./matrix.ts";

test("a row is a view into the matrix", () => {
  const matrix = Matrix.fromRows([
    [1, 2],
    [3, 4],
  ]);
  matrix.row(1)[0] = 9;
  expect(matrix.toArray()).toEqual([
    [1, 2],
    [9, 4],
  ]);
});

test("a matrix refuses data of another length, rows of unequal length, and rows that do not exist", () => {
  expect(() => new Matrix(new Float32Array(5), 2, 3)).toThrow("A matrix of 2 x 3 needs 6 values, got 5.");
  expect(() => Matrix.fromRows([[1, 2], [3]])).toThrow("Row 1 has 1 values, row 0 has 2.");
  expect(() => Matrix.zeros(2, 2).row(2)).toThrow("Row 2 does not exist; the matrix has 2 rows.");
});
