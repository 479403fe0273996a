/**
 * The four measures of sentence-transformers (`util/similarity.py`), all larger for nearer vectors: cosine (0 with a
 * zero vector), dot product, and the negated euclidean and manhattan distances.
 * Differs: sums are kept in double precision, and euclidean distances are never taken from dot products (torch does
 * so beyond 25 rows, which costs half the digits for near vectors).
 */
import { SemspaceError, oneOf } from "../errors.ts";
import { Matrix } from "./matrix.ts";
import { normalized } from "./normalize.ts";

export const measures = ["cosine", "dot", "euclidean", "manhattan"] as const;
export type Measure = (typeof measures)[number];

/** Every vector of `a` against every vector of `b`: [rows of a, rows of b]. Throws `mismatch` when their dimensions differ. */
export function similarity(a: Matrix, b: Matrix, measure: Measure = "cosine"): Matrix {
  oneOf("similarity", measure, measures);
  sameColumns(a, b);
  if (measure === "cosine") return products(normalized(a), normalized(b));
  if (measure === "dot") return products(a, b);
  const distance = measure === "euclidean" ? euclidean : manhattan;
  const scores = Matrix.zeros(a.rows, b.rows);
  for (let i = 0; i < a.rows; i += 1) {
    const row = a.row(i);
    for (let j = 0; j < b.rows; j += 1) scores.data[i * b.rows + j] = -distance(row, b.row(j));
  }
  return scores;
}

/** Vector i of `a` against vector i of `b`. Throws `mismatch` when their shapes differ. */
export function pairwiseSimilarity(a: Matrix, b: Matrix, measure: Measure = "cosine"): Float32Array {
  oneOf("similarity", measure, measures);
  sameColumns(a, b);
  if (a.rows !== b.rows) {
    throw new SemspaceError("mismatch", `Pairs need as many vectors on both sides, got ${a.rows} and ${b.rows}.`);
  }
  const score = { cosine, dot, euclidean: negated(euclidean), manhattan: negated(manhattan) }[measure];
  return Float32Array.from({ length: a.rows }, (_, i) => score(a.row(i), b.row(i)));
}

type Compare = (a: Float32Array, b: Float32Array) => number;

function dot(a: Float32Array, b: Float32Array): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < a.length; k += 2) {
    even += a[k] * b[k];
    odd += a[k + 1] * b[k + 1];
  }
  return k < a.length ? even + odd + a[k] * b[k] : even + odd;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / (Math.max(Math.sqrt(dot(a, a)), 1e-12) * Math.max(Math.sqrt(dot(b, b)), 1e-12));
}

function euclidean(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum);
}

function manhattan(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += Math.abs(a[k] - b[k]);
  return sum;
}

function negated(distance: Compare): Compare {
  return (a, b) => -distance(a, b);
}

/** All dot products, four vectors of `b` at a time: each value of `a` is loaded once for four sums. */
function products(a: Matrix, b: Matrix): Matrix {
  const scores = Matrix.zeros(a.rows, b.rows);
  const n = a.columns;
  const whole = b.rows - (b.rows % 4);
  for (let i = 0; i < a.rows; i += 1) {
    const row = a.row(i);
    const out = scores.row(i);
    for (let j = 0; j < whole; j += 4) {
      const [b0, b1, b2, b3] = [b.row(j), b.row(j + 1), b.row(j + 2), b.row(j + 3)];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = 0; k < n; k += 1) {
        const x = row[k];
        s0 += x * b0[k];
        s1 += x * b1[k];
        s2 += x * b2[k];
        s3 += x * b3[k];
      }
      out[j] = s0;
      out[j + 1] = s1;
      out[j + 2] = s2;
      out[j + 3] = s3;
    }
    for (let j = whole; j < b.rows; j += 1) out[j] = dot(row, b.row(j));
  }
  return scores;
}

function sameColumns(a: Matrix, b: Matrix): void {
  if (a.columns === b.columns) return;
  throw new SemspaceError(
    "mismatch",
    `Vectors of ${a.columns} and of ${b.columns} dimensions cannot be compared. Encode both with the same model.`,
  );
}
