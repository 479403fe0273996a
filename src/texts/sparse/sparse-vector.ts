/** Vectors over a vocabulary of which most entries are 0: only the others are kept. */
import { Matrix, topK } from "../../matrix/index.ts";

export interface SparseVector {
  /** Entries of the vocabulary that are not 0, ascending. */
  readonly ids: Int32Array;
  /** Their weights. */
  readonly weights: Float32Array;
}

/** The entries of `dense` that are not 0; with `most`, only the largest. */
export function sparseVector(dense: Float32Array, most?: number): SparseVector {
  const { ids, weights } = nonZero(dense);
  if (most === undefined || ids.length <= most) return { ids, weights };
  const kept = topK(weights, most).indices.sort();
  return { ids: Int32Array.from(kept, (i) => ids[i]), weights: Float32Array.from(kept, (i) => weights[i]) };
}

/** Σ of the products of weights of entries that both have. */
export function dotSparse(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
    const difference = a.ids[i] - b.ids[j];
    if (difference === 0) sum += a.weights[i] * b.weights[j];
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return sum;
}

/** {@link dotSparse} of every vector of `a` with every one of `b`, [a, b]. */
export function sparseSimilarity(a: readonly SparseVector[], b: readonly SparseVector[]): Matrix {
  const scores = Matrix.zeros(a.length, b.length);
  for (const [row, one] of a.entries()) {
    for (const [column, other] of b.entries()) scores.data[row * b.length + column] = dotSparse(one, other);
  }
  return scores;
}

function nonZero(dense: Float32Array): SparseVector {
  let count = 0;
  for (const value of dense) if (value !== 0) count += 1;
  const ids = new Int32Array(count);
  const weights = new Float32Array(count);
  for (let id = 0, i = 0; id < dense.length; id += 1) {
    if (dense[id] === 0) continue;
    ids[i] = id;
    weights[i] = dense[id];
    i += 1;
  }
  return { ids, weights };
}
