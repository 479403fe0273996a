/** A matrix of random numbers for tests. */
import { Matrix } from "../src/matrix/matrix.ts";
import { randomNumbers } from "../src/matrix/random-numbers.ts";

/** [rows, columns], even between -0.5 and 0.5. */
export function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = randomNumbers(seed);
  return new Matrix(
    Float32Array.from({ length: rows * columns }, () => random() - 0.5),
    rows,
    columns,
  );
}
