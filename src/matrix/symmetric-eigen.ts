/**
 * Eigenvalues and eigenvectors of a symmetric matrix in double precision: Householder reduction to a tridiagonal matrix,
 * then QL with implicit shifts (EISPACK's tred2 and tql2; Golub and Van Loan, Matrix Computations, 8.3).
 * Differs from them: everything is laid out so that inner loops run along rows, and the eigenvectors are kept as rows.
 */
import { SemspaceError } from "../errors.ts";

export interface SymmetricEigen {
  /** Eigenvalues, largest first. */
  values: Float64Array;
  /** Row i is the unit eigenvector of value i: n × n, row-major. Its sign is arbitrary. */
  vectors: Float64Array;
}

/** `matrix` is n × n, row-major and symmetric; it is overwritten. Throws `invalid-argument` when it holds NaN or infinity. */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  if (matrix.length !== n * n) {
    throw new SemspaceError(
      "mismatch",
      `A symmetric matrix of ${n} x ${n} needs ${n * n} values, got ${matrix.length}.`,
    );
  }
  if (!matrix.every(Number.isFinite)) {
    throw new SemspaceError(
      "invalid-argument",
      "The matrix holds NaN or infinity. Remove the vectors that are not finite.",
    );
  }
  const { diagonal, below, vectors } = tridiagonalize(matrix, n);
  rotateToDiagonal(diagonal, below, vectors);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => diagonal[b] - diagonal[a]);
  const sorted = new Float64Array(n * n);
  for (const [to, from] of order.entries()) sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (i) => diagonal[i]), vectors: sorted };
}

interface Tridiagonal {
  diagonal: Float64Array;
  /** `below[i]` lies between diagonal i − 1 and i; `below[0]` is 0. */
  below: Float64Array;
  /** Qᵀ, so that T = Qᵀ A Q. */
  vectors: Float64Array;
}

/** Reflects row i, from the last up, so that only its entry i − 1 remains beside the diagonal. */
function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const betas = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i >= 1; i -= 1) {
    const v = a.subarray(i * n, i * n + i); // becomes the reflection's vector, kept in place
    diagonal[i] = a[i * n + i];
    const tail = sumOfProducts(v, v, i - 1);
    if (tail === 0) {
      below[i] = v[i - 1];
      continue;
    }
    const length = Math.sqrt(tail + v[i - 1] * v[i - 1]);
    const alpha = v[i - 1] > 0 ? -length : length;
    v[i - 1] -= alpha;
    below[i] = alpha;
    const beta = 2 / (tail + v[i - 1] * v[i - 1]);
    betas[i] = beta;
    for (let r = 0; r < i; r += 1) p[r] = beta * sumOfProducts(a.subarray(r * n, r * n + i), v, i);
    const shift = (beta / 2) * sumOfProducts(p, v, i);
    for (let r = 0; r < i; r += 1) p[r] -= shift * v[r];
    for (let r = 0; r < i; r += 1) {
      const row = r * n;
      const vr = v[r];
      const pr = p[r];
      for (let c = 0; c < i; c += 1) a[row + c] -= vr * p[c] + pr * v[c];
    }
  }
  diagonal[0] = a[0] ?? 0;
  return { diagonal, below, vectors: productOfReflections(a, betas, n) };
}

/** H₂ H₃ … of the reflections kept in the rows of `a`: H_i touches columns below i only. */
function productOfReflections(a: Float64Array, betas: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) product[i * n + i] = 1;
  for (let i = 1; i < n; i += 1) {
    if (betas[i] === 0) continue;
    const v = a.subarray(i * n, i * n + i);
    for (let r = 0; r < i; r += 1) {
      const row = product.subarray(r * n, r * n + i);
      const factor = betas[i] * sumOfProducts(row, v, i);
      for (let c = 0; c < i; c += 1) row[c] -= factor * v[c];
    }
  }
  return product;
}

/** QL with implicit shifts; the rotations are applied to the rows of `vectors`. */
function rotateToDiagonal(d: Float64Array, below: Float64Array, vectors: Float64Array): void {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(below.subarray(1));
  let shifted = 0;
  let scale = 0;
  for (let l = 0; l < n; l += 1) {
    scale = Math.max(scale, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * scale) m += 1;
    while (Math.abs(e[l]) > Number.EPSILON * scale) {
      const g = d[l];
      const half = (d[l + 1] - g) / (2 * e[l]);
      const r = half < 0 ? -Math.hypot(half, 1) : Math.hypot(half, 1);
      d[l] = e[l] / (half + r);
      d[l + 1] = e[l] * (half + r);
      const h = g - d[l];
      for (let i = l + 2; i < n; i += 1) d[i] -= h;
      shifted += h;
      sweep({ d, e, vectors }, l, m);
    }
    d[l] += shifted;
    e[l] = 0;
  }
}

/** One implicit QL step between `l` and `m`. */
function sweep(
  { d, e, vectors }: { d: Float64Array; e: Float64Array; vectors: Float64Array },
  l: number,
  m: number,
): void {
  const n = d.length;
  const next = d[l + 1];
  const firstOff = e[l + 1];
  let p = d[m];
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i -= 1) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i];
    const h = c * p;
    const r = Math.hypot(p, e[i]);
    e[i + 1] = s * r;
    s = e[i] / r;
    c = p / r;
    p = c * d[i] - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]);
    rotateRows(vectors.subarray(i * n, i * n + n), vectors.subarray((i + 1) * n, (i + 2) * n), { c, s });
  }
  p = (-s * s2 * c3 * firstOff * e[l]) / next;
  e[l] = s * p;
  d[l] = c * p;
}

function rotateRows(lower: Float64Array, upper: Float64Array, { c, s }: { c: number; s: number }): void {
  for (let k = 0; k < lower.length; k += 1) {
    const h = upper[k];
    upper[k] = s * lower[k] + c * h;
    lower[k] = c * lower[k] - s * h;
  }
}

function sumOfProducts(a: Float64Array, b: Float64Array, length: number): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    even += a[k] * b[k];
    odd += a[k + 1] * b[k + 1];
  }
  return k < length ? even + odd + a[k] * b[k] : even + odd;
}
