/**
 * k-means by small batches (Sculley 2010, "Web-scale k-means clustering"): each centre moves towards the rows of the batch that are nearest to
 * it, the less the more it has seen. Stops, as scikit-learn's `MiniBatchKMeans`, when the smoothed inertia of ten batches in a row
 * was not lower than the lowest. Differs: centres with few rows are not thrown again.
 */
import type { CenteredRows } from "./k-means.ts";
import type { Matrix } from "./matrix.ts";

const PATIENCE = 10;

/** Moves and gives `centers`. */
export function miniBatches(
  rows: CenteredRows,
  centers: Matrix,
  { batch, rounds, random }: { batch: number; rounds: number; random: () => number },
): Matrix {
  const seen = new Float64Array(centers.rows);
  const most = Math.ceil((rounds * rows.rows) / batch);
  const share = Math.min(1, (2 * batch) / (rows.rows + 1));
  let smoothed = Number.NaN;
  let lowest = Infinity;
  let worse = 0;
  for (let step = 0; step < most && worse < PATIENCE; step += 1) {
    // Rows that follow each other are in the cache together; where they begin is random.
    const picked = Array.from({ length: Math.ceil(batch / 4) }, () => 4 * Math.floor((random() * rows.rows) / 4));
    const inertia = stepTowards(rows, centers, { picked, seen }) / (4 * picked.length);
    smoothed = Number.isNaN(smoothed) ? inertia : smoothed * (1 - share) + inertia * share;
    // The first batch is still far off and says nothing.
    if (step === 0) continue;
    if (smoothed < lowest) {
      lowest = smoothed;
      worse = 0;
    } else worse += 1;
  }
  return centers;
}

/** Gives the sum of the squared distances of the batch. */
function stepTowards(
  { rows, columns, products, squares }: CenteredRows,
  centers: Matrix,
  { picked, seen }: { picked: readonly number[]; seen: Float64Array },
): number {
  const k = centers.rows;
  const { table, others, stride } = products;
  const lengths = new Float64Array(k);
  for (let c = 0; c < k; c += 1) {
    const center = centers.row(c);
    others.set(center, c * stride);
    lengths[c] = center.reduce((sum, value) => sum + value * value, 0);
  }
  const sums = new Float64Array(k * columns);
  const sizes = new Uint32Array(k);
  let inertia = 0;
  for (const first of picked) {
    const dots = products.multiply(first, 4, k);
    for (let i = 0; i < 4 && first + i < rows; i += 1) {
      let [nearest, least] = [0, Infinity];
      for (let c = 0; c < k; c += 1) {
        const distance = lengths[c] - 2 * dots[i * k + c];
        if (distance < least) [nearest, least] = [c, distance];
      }
      inertia += Math.max(0, squares[first + i] + least);
      sizes[nearest] += 1;
      for (let j = 0, at = (first + i) * stride; j < columns; j += 1, at += 1) sums[nearest * columns + j] += table[at];
    }
  }
  for (let c = 0; c < k; c += 1) {
    if (sizes[c] === 0) continue;
    seen[c] += sizes[c];
    const center = centers.row(c);
    for (let j = 0; j < columns; j += 1) center[j] += (sums[c * columns + j] - sizes[c] * center[j]) / seen[c];
  }
  return inertia;
}
