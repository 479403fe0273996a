/**
 * Cholesky's factorisation of a symmetric positive definite matrix, a = l lᵀ, and what follows from it: solutions of a x = b and the inverse.
 * In float64, by rows, so that every inner loop runs along two rows that lie in memory as they are read.
 */
import { SemspaceError } from "../errors.ts";

/** The lower triangle l of an n x n matrix, row-major, in place; what stands above the diagonal is left. Throws `invalid-argument` when the matrix is not positive definite. */
export function factorCholesky(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    const row = a.subarray(i * n, i * n + n);
    for (let j = 0; j < i; j += 1) {
      const other = a.subarray(j * n, j * n + n);
      row[j] = (row[j] - dot(row, other, 0, j)) / other[j];
    }
    const pivot = row[i] - dot(row, row, 0, i);
    if (!(pivot > 0)) {
      throw new SemspaceError(
        "invalid-argument",
        `The matrix is not positive definite (pivot ${i} is ${pivot}). Add more to its diagonal.`,
      );
    }
    row[i] = Math.sqrt(pivot);
  }
}

/** Solves l lᵀ x = b for one right-hand side of n numbers, in place. */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i += 1) b[i] = (b[i] - dot(l.subarray(i * n, i * n + i), b, 0, i)) / l[i * n + i];
  for (let i = n - 1; i >= 0; i -= 1) {
    b[i] /= l[i * n + i];
    for (let j = 0; j < i; j += 1) b[j] -= b[i] * l[i * n + j];
  }
}

/** The inverse of a symmetric positive definite n x n matrix, which is used up. Throws as {@link factorCholesky} does. */
export function invertPositive(a: Float64Array, n: number): Float64Array {
  factorCholesky(a, n);
  // Row c holds column c of the inverse of l, from c on.
  const columns = new Float64Array(n * n);
  for (let c = 0; c < n; c += 1) {
    const column = columns.subarray(c * n, c * n + n);
    column[c] = 1 / a[c * n + c];
    for (let i = c + 1; i < n; i += 1) {
      const row = a.subarray(i * n, i * n + n);
      column[i] = -dot(row, column, c, i) / row[i];
    }
  }
  const inverse = a;
  for (let i = 0; i < n; i += 1) {
    const column = columns.subarray(i * n, i * n + n);
    for (let j = i; j < n; j += 1) {
      const sum = dot(column, columns.subarray(j * n, j * n + n), j, n);
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}

/** Four sums at a time, for they do not wait for each other. */
function dot(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = from;
  for (; k + 3 < to; k += 4) {
    s0 += a[k] * b[k];
    s1 += a[k + 1] * b[k + 1];
    s2 += a[k + 2] * b[k + 2];
    s3 += a[k + 3] * b[k + 3];
  }
  for (; k < to; k += 1) s0 += a[k] * b[k];
  return s0 + s1 + s2 + s3;
}
