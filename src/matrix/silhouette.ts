/**
 * How well groups fit: for each row (b − a) / max(a, b), with a its mean distance to its own group and b to the nearest other one; 0 for a
 * row alone in its group. Rousseeuw 1987; as scikit-learn's `silhouette_score` with precomputed distances.
 */

import type { Matrix } from "./matrix.ts";
import { randomNumbers } from "./random-numbers.ts";

/** The mean over all rows, −1 … 1; 0 for a single group. `distances` is n × n, row-major; `labels` are 0, 1, 2 … */
export function silhouette(distances: Float64Array, labels: Int32Array): number {
  const n = labels.length;
  const sizes = new Uint32Array(labels.reduce((most, label) => Math.max(most, label), -1) + 1);
  for (const label of labels) sizes[label] += 1;
  if (sizes.length < 2) return 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const sums = new Float64Array(sizes.length);
    for (let j = 0; j < n; j += 1) sums[labels[j]] += distances[i * n + j];
    const own = sizes[labels[i]];
    if (own === 1) continue;
    const inside = sums[labels[i]] / (own - 1);
    const outside = sums.reduce(
      (least, sum, label) => (label === labels[i] ? least : Math.min(least, sum / sizes[label])),
      Infinity,
    );
    if (inside !== outside) total += (outside - inside) / Math.max(inside, outside);
  }
  return total / n;
}

export interface SilhouetteOptions {
  /** Rows that are looked at, drawn at random, for the work grows with their square. Default 2000. */
  sample?: number;
  /** Default 1. */
  seed?: number;
}

/** The same from vectors, by Euclidean distances; rows with a label below 0 are in no group and left out. */
export function silhouetteOf(
  vectors: Matrix,
  labels: ArrayLike<number>,
  { sample = 2000, seed = 1 }: SilhouetteOptions = {},
): number {
  const rows = Array.from({ length: vectors.rows }, (_, i) => i).filter((i) => labels[i] >= 0);
  const random = randomNumbers(seed);
  for (let i = 0; i < Math.min(sample, rows.length - 1); i += 1) {
    if (rows.length <= sample) break;
    const j = i + Math.floor(random() * (rows.length - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const chosen = rows.slice(0, sample);
  const numbers = [...new Set(chosen.map((i) => labels[i]))];
  return silhouette(
    euclideanDistances(vectors, chosen),
    Int32Array.from(chosen, (i) => numbers.indexOf(labels[i])),
  );
}

/** Between some rows: n × n. */
export function euclideanDistances({ data, columns }: Matrix, rows: readonly number[]): Float64Array {
  const n = rows.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      let sum = 0;
      for (let k = 0, a = rows[i] * columns, b = rows[j] * columns; k < columns; k += 1)
        sum += (data[a + k] - data[b + k]) ** 2;
      distances[i * n + j] = distances[j * n + i] = Math.sqrt(sum);
    }
  }
  return distances;
}
