/** Where k-means begins: rows that are likely far from each other, each the best of a few that were drawn (greedy k-means++). */
import { PRODUCT_ROWS } from "../kernels/products.ts";
import type { CenteredRows } from "./k-means.ts";
import { Matrix } from "./matrix.ts";

/** Each next one is drawn by its squared distance to the nearest one before; of 2 + ln k drawn, that which lowers the sum most stays. */
export function firstCenters(rows: CenteredRows, clusters: number, random: () => number): Matrix {
  const centers = Matrix.zeros(clusters, rows.columns);
  const { table, stride } = rows.products;
  const trials = Math.min(16, 2 + Math.floor(Math.log(clusters)));
  let nearest = new Float64Array(rows.rows).fill(Infinity);
  let candidates = [Math.floor(random() * rows.rows)];
  for (let k = 0; k < clusters; k += 1) {
    const tried = distancesTo(rows, candidates, nearest);
    const best = tried.reduce((least, one) => (one.sum < least.sum ? one : least));
    nearest = best.nearest;
    centers.row(k).set(table.subarray(best.candidate * stride, best.candidate * stride + rows.columns));
    candidates = Array.from({ length: trials }, () => drawn(nearest, random() * best.sum, random));
  }
  return centers;
}

interface Tried {
  candidate: number;
  /** Squared distance of each row to the nearest centre, were this one of them; and their sum. */
  nearest: Float64Array<ArrayBuffer>;
  sum: number;
}

function distancesTo(
  { rows, products, squares }: CenteredRows,
  candidates: readonly number[],
  before: Float64Array,
): Tried[] {
  const { table, others, stride } = products;
  for (const [c, row] of candidates.entries()) others.set(table.subarray(row * stride, (row + 1) * stride), c * stride);
  const tried = candidates.map((candidate) => ({ candidate, nearest: new Float64Array(rows), sum: 0 }));
  for (let first = 0; first < rows; first += PRODUCT_ROWS) {
    const count = Math.min(PRODUCT_ROWS, rows - first);
    const dots = products.multiply(first, Math.ceil(count / 4) * 4, candidates.length);
    for (let i = 0; i < count; i += 1) {
      const row = first + i;
      for (const [c, one] of tried.entries()) {
        const distance = squares[row] + squares[one.candidate] - 2 * dots[i * candidates.length + c];
        const least = row === one.candidate ? 0 : Math.min(before[row], Math.max(0, distance));
        one.nearest[row] = least;
        one.sum += least;
      }
    }
  }
  return tried;
}

function drawn(weights: Float64Array, at: number, random: () => number): number {
  let left = at;
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  // Where all rows are centres already (equal rows), any will do.
  return found < 0 ? Math.floor(random() * weights.length) : found;
}
