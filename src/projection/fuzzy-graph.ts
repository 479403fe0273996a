/**
 * UMAP's graph (McInnes, Healy, Melville 2018, https://arxiv.org/abs/1802.03426, section 3.1): how surely each row is a neighbour of its
 * nearest, by a scale of its own that makes the sum log2(k); an edge is there when either side says so.
 */
import type { NearestRows } from "../matrix/index.ts";

export interface WeightedEdges {
  from: Int32Array;
  to: Int32Array;
  /** 0 … 1 */
  weights: Float64Array;
}

/** Every edge in both directions, as umap-learn has them. */
export function fuzzyGraph({ indices, distances, k }: NearestRows): WeightedEdges {
  const rows = indices.length / k;
  const directed: Map<number, number>[] = Array.from({ length: rows }, () => new Map());
  for (let i = 0; i < rows; i += 1) {
    const near = distances.subarray(i * k, (i + 1) * k);
    const { nearest, scale } = smoothed(near);
    for (let j = 0; j < k; j += 1) {
      const other = indices[i * k + j];
      if (other === i) continue;
      const beyond = near[j] - nearest;
      directed[i].set(other, beyond <= 0 || scale === 0 ? 1 : Math.exp(-beyond / scale));
    }
  }
  const [from, to, weights]: [number[], number[], number[]] = [[], [], []];
  for (const [i, neighbors] of directed.entries())
    for (const [j, there] of neighbors) {
      const back = directed[j].get(i);
      // An edge that only one side has is written when that side is visited, for both.
      if (back !== undefined && j < i) continue;
      const weight = there + (back ?? 0) - there * (back ?? 0);
      from.push(i, j);
      to.push(j, i);
      weights.push(weight, weight);
    }
  return { from: Int32Array.from(from), to: Int32Array.from(to), weights: Float64Array.from(weights) };
}

/** The distance to the nearest row that is not equal, and the scale that is found by halving. */
function smoothed(near: Float64Array): { nearest: number; scale: number } {
  const target = Math.log2(near.length);
  const nearest = near.find((distance) => distance > 0) ?? 0;
  let [low, high, scale] = [0, Infinity, 1];
  for (let step = 0; step < 64; step += 1) {
    let sum = 0;
    for (let j = 1; j < near.length; j += 1) sum += near[j] > nearest ? Math.exp(-(near[j] - nearest) / scale) : 1;
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high === Infinity ? scale * 2 : (low + high) / 2;
  }
  const mean = near.reduce((sum, distance) => sum + distance, 0) / near.length;
  return { nearest, scale: Math.max(scale, 1e-3 * mean) };
}
