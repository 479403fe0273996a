/** Similarities of vectors row by row, and the way back from their derivatives to the vectors: what losses on pairs and triplets are made of. */
import type { Matrix, Measure } from "../../matrix/index.ts";

export interface PairScores {
  /** A similarity a row, larger for nearer vectors. */
  readonly values: Float64Array;
  /** Adds to the derivatives by both sides what follows from the derivative by each similarity. */
  back(derivative: ArrayLike<number>, a: Matrix, b: Matrix): void;
}

/** Row i of `a` with row i of `b`. Vectors of zeros have cosine 0, equal ones distance 0; both then have no derivative. */
export function scorePairs(a: Matrix, b: Matrix, measure: Measure): PairScores {
  if (measure === "cosine") return cosines(a, b);
  if (measure === "dot") return dots(a, b);
  return measure === "euclidean" ? euclideans(a, b) : manhattans(a, b);
}

function dots(a: Matrix, b: Matrix): PairScores {
  const values = Float64Array.from({ length: a.rows }, (_, i) => dot(a.row(i), b.row(i)));
  return {
    values,
    back: (derivative, toA, toB) => {
      for (let i = 0; i < a.rows; i += 1) {
        add(toA.row(i), derivative[i], b.row(i));
        add(toB.row(i), derivative[i], a.row(i));
      }
    },
  };
}

function cosines(a: Matrix, b: Matrix): PairScores {
  const [lengthsA, lengthsB] = [lengthsOf(a), lengthsOf(b)];
  const values = Float64Array.from({ length: a.rows }, (_, i) =>
    lengthsA[i] * lengthsB[i] === 0 ? 0 : dot(a.row(i), b.row(i)) / (lengthsA[i] * lengthsB[i]),
  );
  return {
    values,
    back: (derivative, toA, toB) => {
      for (let i = 0; i < a.rows; i += 1) {
        const both = lengthsA[i] * lengthsB[i];
        if (both === 0) continue;
        add(toA.row(i), derivative[i] / both, b.row(i));
        add(toA.row(i), (-derivative[i] * values[i]) / lengthsA[i] ** 2, a.row(i));
        add(toB.row(i), derivative[i] / both, a.row(i));
        add(toB.row(i), (-derivative[i] * values[i]) / lengthsB[i] ** 2, b.row(i));
      }
    },
  };
}

function euclideans(a: Matrix, b: Matrix): PairScores {
  const values = Float64Array.from({ length: a.rows }, (_, i) => {
    let sum = 0;
    const [x, y] = [a.row(i), b.row(i)];
    for (let k = 0; k < x.length; k += 1) sum += (x[k] - y[k]) ** 2;
    return -Math.sqrt(sum);
  });
  const back: PairScores["back"] = (derivative, toA, toB) => {
    for (let i = 0; i < a.rows; i += 1) {
      if (values[i] === 0) continue;
      for (const [to, sign] of [[toA, 1] as const, [toB, -1] as const]) {
        add(to.row(i), (sign * derivative[i]) / values[i], a.row(i));
        add(to.row(i), (-sign * derivative[i]) / values[i], b.row(i));
      }
    }
  };
  return { values, back };
}

function manhattans(a: Matrix, b: Matrix): PairScores {
  const values = Float64Array.from({ length: a.rows }, (_, i) => {
    let sum = 0;
    const [x, y] = [a.row(i), b.row(i)];
    for (let k = 0; k < x.length; k += 1) sum += Math.abs(x[k] - y[k]);
    return -sum;
  });
  const back: PairScores["back"] = (derivative, toA, toB) => {
    for (let i = 0; i < a.data.length; i += 1) {
      const step = -derivative[Math.floor(i / a.columns)] * Math.sign(a.data[i] - b.data[i]);
      toA.data[i] += step;
      toB.data[i] -= step;
    }
  };
  return { values, back };
}

function lengthsOf(matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => Math.sqrt(dot(matrix.row(i), matrix.row(i))));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

function add(to: Float32Array, factor: number, vector: Float32Array): void {
  for (let k = 0; k < to.length; k += 1) to[k] += factor * vector[k];
}
