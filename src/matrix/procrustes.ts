/**
 * Orthogonal Procrustes (Schönemann 1966): the rotation that takes one set of vectors nearest to another, row by row. With `fromᵀ to = U S Vᵀ` it
 * is `U Vᵀ`. The singular vectors come from the eigenvectors of `MᵀM`, in double precision; where singular values vanish, which leaves
 * the rotation open, U is completed to an orthonormal basis. Reference: scipy.linalg.orthogonal_procrustes.
 */
import { SemspaceError } from "../errors.ts";
import type { Matrix } from "./matrix.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/**
 * R, [d, d] row-major and orthogonal, for which |from · R − to| is least. Both are [rows, d], row i of one belongs to row i of the other.
 * Throws `mismatch` when their shapes differ, `invalid-argument` when a value is not finite.
 */
export function orthogonalProcrustes(from: Matrix, to: Matrix): Float64Array {
  if (from.rows !== to.rows || from.columns !== to.columns) {
    throw new SemspaceError(
      "mismatch",
      `A rotation needs pairs of vectors, got ${from.rows} x ${from.columns} and ${to.rows} x ${to.columns}.`,
    );
  }
  const d = from.columns;
  const cross = crossProducts(from, to);
  const { vectors: right } = symmetricEigen(gram(cross, d), d);
  const left = leftVectors(cross, right, d);
  const rotation = new Float64Array(d * d);
  for (let k = 0; k < d; k += 1) {
    const v = right.subarray(k * d, (k + 1) * d);
    for (let i = 0; i < d; i += 1) {
      const u = left[k * d + i];
      for (let j = 0; j < d; j += 1) rotation[i * d + j] += u * v[j];
    }
  }
  return rotation;
}

/** `fromᵀ to`, [d, d]; two rows at a time. */
function crossProducts(from: Matrix, to: Matrix): Float64Array {
  const d = from.columns;
  const sums = new Float64Array(d * d);
  const none = new Float32Array(d);
  for (let row = 0; row < from.rows; row += 2) {
    const [a, b] = [from.row(row), row + 1 < from.rows ? from.row(row + 1) : none];
    const [x, y] = [to.row(row), row + 1 < from.rows ? to.row(row + 1) : none];
    for (let i = 0; i < d; i += 1) {
      const [ai, bi] = [a[i], b[i]];
      const sum = sums.subarray(i * d, (i + 1) * d);
      for (let j = 0; j < d; j += 1) sum[j] += ai * x[j] + bi * y[j];
    }
  }
  return sums;
}

/** `MᵀM`. */
function gram(m: Float64Array, d: number): Float64Array {
  const product = new Float64Array(d * d);
  for (let k = 0; k < d; k += 1) {
    const row = m.subarray(k * d, (k + 1) * d);
    for (let i = 0; i < d; i += 1) {
      const sum = product.subarray(i * d, (i + 1) * d);
      for (let j = 0; j < d; j += 1) sum[j] += row[i] * row[j];
    }
  }
  return product;
}

/** Row k is `M v_k`, made orthogonal to the rows before it and of length 1. */
function leftVectors(m: Float64Array, right: Float64Array, d: number): Float64Array {
  const left = new Float64Array(d * d);
  let largest = 0;
  for (let k = 0; k < d; k += 1) {
    const u = left.subarray(k * d, (k + 1) * d);
    const v = right.subarray(k * d, (k + 1) * d);
    for (let i = 0; i < d; i += 1) u[i] = dot(m.subarray(i * d, (i + 1) * d), v);
    largest = Math.max(largest, Math.sqrt(dot(u, u)));
    if (orthogonalize(left, k, d) <= 1e-10 * largest || largest === 0) complete(left, k, d);
    const length = Math.sqrt(dot(u, u));
    for (let i = 0; i < d; i += 1) u[i] /= length;
  }
  return left;
}

/** Takes the rows before k out of row k, twice, because once leaves rounding behind; gives what is left of its length. */
function orthogonalize(rows: Float64Array, k: number, d: number): number {
  const u = rows.subarray(k * d, (k + 1) * d);
  for (let pass = 0; pass < 2; pass += 1) {
    for (let other = 0; other < k; other += 1) {
      const w = rows.subarray(other * d, (other + 1) * d);
      const share = dot(u, w);
      for (let i = 0; i < d; i += 1) u[i] -= share * w[i];
    }
  }
  return Math.sqrt(dot(u, u));
}

/** Puts into row k the axis that the rows before it hold least of: at least one is left over by k < d of them. */
function complete(rows: Float64Array, k: number, d: number): void {
  const held = new Float64Array(d);
  for (let at = 0; at < k * d; at += 1) held[at % d] += rows[at] ** 2;
  const axis = held.indexOf(held.reduce((least, value) => Math.min(least, value), Infinity));
  rows.fill(0, k * d, (k + 1) * d);
  rows[k * d + axis] = 1;
  orthogonalize(rows, k, d);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
