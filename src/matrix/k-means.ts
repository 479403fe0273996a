/**
 * k-means from greedy k-means++ seeds (Arthur and Vassilvitskii 2007): rows into groups around their means, by Euclidean distance; scale
 * the rows to length 1 first where the direction matters, as for texts and words. Lloyd's rounds over all rows, or small batches
 * (Sculley 2010) where there are very many. As scikit-learn's `KMeans` and `MiniBatchKMeans`, which draw other random numbers.
 * Differs: Hamerly's bounds (2010) leave out rows that cannot have changed their group, so that late rounds cost little.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { firstCenters } from "./k-means-seeds.ts";
import { lloyd } from "./lloyd.ts";
import type { Matrix } from "./matrix.ts";
import { miniBatches } from "./mini-batch-k-means.ts";
import { randomNumbers } from "./random-numbers.ts";
import { createRowProducts, type RowProducts } from "../kernels/products.ts";

export interface KMeansOptions {
  /** Number of groups. */
  clusters: number;
  /** Starts from other seeds; the best result counts. Default 10. */
  starts?: number;
  /** Rounds of a start, at most (of batches: passes over as many rows as there are). Default 300. */
  rounds?: number;
  /** Done when the squared moves of the centres sum to less than this share of the mean variance of a dimension. Default 1e-4. */
  tolerance?: number;
  /** Rows of a batch; without it all rows are in every round. 1,024 is a good size. */
  batch?: number;
  /** The same seed gives the same groups. Default 1. */
  seed?: number;
  signal?: AbortSignal;
}

export interface KMeans {
  /** The group of each row, 0 … clusters − 1. */
  labels: Int32Array;
  /** [clusters, dimensions] */
  centers: Matrix;
  /** Sum over the rows of the squared distance to their centre. */
  inertia: number;
  /** Rounds of the best start. */
  rounds: number;
}

/** Rows around the mean of all, in the kernels' memory, with what distances need. */
export interface CenteredRows {
  readonly rows: number;
  readonly columns: number;
  readonly products: RowProducts;
  /** Squared length of each row. */
  readonly squares: Float64Array;
  /** Mean over the dimensions of their variance. */
  readonly variance: number;
}

/** Groups the rows of a matrix. Throws `invalid-argument` for more groups than rows, or rows that are not finite. */
export function kMeans(matrix: Matrix, options: KMeansOptions): KMeans {
  const { starts = 10, rounds = 300, tolerance = 1e-4, seed = 1, batch, signal } = options;
  const clusters = wholeNumber("clusters", options.clusters, 1);
  wholeNumber("starts", starts, 1);
  wholeNumber("rounds", rounds, 1);
  if (batch !== undefined) wholeNumber("batch", batch, 1);
  if (clusters > matrix.rows)
    throw new SemspaceError("invalid-argument", `${clusters} clusters need as many vectors, got ${matrix.rows}.`);
  const random = randomNumbers(wholeNumber("seed", seed));
  const mean = columnMeans(matrix);
  const rows = centered(matrix, mean, clusters);
  const enough = tolerance * rows.variance;
  let best: KMeans | undefined;
  for (let start = 0; start < starts; start += 1) {
    signal?.throwIfAborted();
    const seeds = firstCenters(rows, clusters, random);
    const from =
      batch === undefined ? seeds : miniBatches(rows, seeds, { batch: Math.min(batch, matrix.rows), rounds, random });
    // After batches one pass over all rows says where each belongs.
    const found = lloyd(rows, from, { rounds: batch === undefined ? rounds : 0, enough });
    if (!best || found.inertia < best.inertia) best = found;
  }
  const { centers } = best!;
  for (let i = 0; i < centers.data.length; i += 1) centers.data[i] += mean[i % matrix.columns];
  return best!;
}

function columnMeans({ data, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at += columns) for (let j = 0; j < columns; j += 1) mean[j] += data[at + j];
  for (let j = 0; j < columns; j += 1) {
    if (!Number.isFinite(mean[j]))
      throw new SemspaceError("invalid-argument", `Dimension ${j} of the vectors holds a number that is not finite.`);
    mean[j] /= rows;
  }
  return mean;
}

/** Around 0 the difference of two squares loses the fewest digits. */
function centered({ data, rows, columns }: Matrix, mean: Float64Array, clusters: number): CenteredRows {
  const moved = new Float32Array(data.length);
  const squares = new Float64Array(rows);
  let total = 0;
  for (let i = 0; i < rows; i += 1) {
    let square = 0;
    for (let j = 0, at = i * columns; j < columns; j += 1, at += 1) {
      const value = Math.fround(data[at] - mean[j]);
      moved[at] = value;
      square += value * value;
    }
    squares[i] = square;
    total += square;
  }
  const products = createRowProducts({ data: moved, rows, columns }, Math.max(clusters, 16));
  return { rows, columns, products, squares, variance: total / (rows * columns) };
}
