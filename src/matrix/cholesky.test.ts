import { expect, test } from "vitest";
import { factorCholesky, invertPositive, solveCholesky } from "./cholesky.ts";
import { randomNumbers } from "./random-numbers.ts";

const n = 23;
function positive(): Float64Array {
  const random = randomNumbers(5);
  const x = Float64Array.from({ length: 2 * n * n }, () => random() - 0.5);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) for (let k = 0; k < 2 * n; k += 1) a[i * n + j] += x[k * n + i] * x[k * n + j];
  return a;
}

test("the example of the textbook has its known factor", () => {
  const a = Float64Array.from([4, 12, -16, 12, 37, -43, -16, -43, 98]);
  factorCholesky(a, 3);
  expect([a[0], a[3], a[4], a[6], a[7], a[8]]).toEqual([2, 6, 1, -8, 5, 3]);
});

test("a matrix times its inverse is the identity", () => {
  const inverse = invertPositive(positive(), n);
  const a = positive();
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let k = 0; k < n; k += 1) sum += a[i * n + k] * inverse[k * n + j];
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 8);
    }
  }
});

test("a solution gives back the right-hand side", () => {
  const l = positive();
  factorCholesky(l, n);
  const b = Float64Array.from({ length: n }, (_, i) => i - 3);
  const x = b.slice();
  solveCholesky(l, n, x);
  const a = positive();
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let k = 0; k < n; k += 1) sum += a[i * n + k] * x[k];
    expect(sum).toBeCloseTo(b[i], 8);
  }
});

test("a matrix that is not positive definite is refused", () => {
  expect(() => factorCholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow("not positive definite (pivot 1 is -3)");
});
