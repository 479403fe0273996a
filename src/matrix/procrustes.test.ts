import { expect, test } from "vitest";
import { randomMatrix } from "../../test/random-matrix.ts";
import { Matrix } from "./matrix.ts";
import { orthogonalProcrustes } from "./procrustes.ts";

const d = 5;

function times(matrix: Matrix, rotation: Float64Array): Matrix {
  const product = Matrix.zeros(matrix.rows, d);
  for (let i = 0; i < matrix.rows; i += 1)
    for (let j = 0; j < d; j += 1)
      for (let k = 0; k < d; k += 1) product.data[i * d + j] += matrix.data[i * d + k] * rotation[k * d + j];
  return product;
}

function expectOrthogonal(rotation: Float64Array): void {
  for (let i = 0; i < d; i += 1)
    for (let j = 0; j < d; j += 1) {
      let sum = 0;
      for (let k = 0; k < d; k += 1) sum += rotation[i * d + k] * rotation[j * d + k];
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 10);
    }
}

test("the rotation between a set of vectors and its rotated copy is found again", () => {
  const from = randomMatrix(40, d, 1);
  const turn = orthogonalProcrustes(randomMatrix(9, d, 2), randomMatrix(9, d, 3));
  expectOrthogonal(turn);
  const found = orthogonalProcrustes(from, times(from, turn));
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(turn[i], 5);
});

test("the rotation is that of scipy.linalg.orthogonal_procrustes", () => {
  const from = new Matrix(Float32Array.of(1, 2, 3, 4, 5, 7), 3, 2);
  const to = new Matrix(Float32Array.of(2, -1, 3, 1, 8, 2), 3, 2);
  // scipy 1.17: orthogonal_procrustes([[1, 2], [3, 4], [5, 7]], [[2, -1], [3, 1], [8, 2]])[0]
  const wanted = [5 / 13, 12 / 13, 12 / 13, -5 / 13];
  for (const [i, value] of orthogonalProcrustes(from, to).entries()) expect(value).toBeCloseTo(wanted[i], 6);
});

test("vectors that leave the rotation open still give an orthogonal one", () => {
  const flat = Matrix.zeros(6, d);
  for (let i = 0; i < 6; i += 1) flat.data[i * d] = i + 1;
  expectOrthogonal(orthogonalProcrustes(flat, flat));
  expectOrthogonal(orthogonalProcrustes(Matrix.zeros(3, d), Matrix.zeros(3, d)));
});

test("sets of different shape are refused", () => {
  expect(() => orthogonalProcrustes(Matrix.zeros(3, 2), Matrix.zeros(3, 4))).toThrow(
    "A rotation needs pairs of vectors, got 3 x 2 and 3 x 4.",
  );
});
