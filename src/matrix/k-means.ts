/**
 * k-means (Lloyd's rounds) from k-means++ seeds (Arthur and Vassilvitskii 2007): rows into groups around their means, by Euclidean
 * distance; scale the rows to length 1 first where the direction matters, as for word vectors. As scikit-learn's `KMeans`, which draws
 * other random numbers; an empty group takes the row that is farthest from its centre.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { Matrix } from "./matrix.ts";
import { randomNumbers } from "./random-numbers.ts";

export interface KMeansOptions {
  /** Number of groups. */
  clusters: number;
  /** Starts from other seeds; the best result counts. Default 10. */
  starts?: number;
  /** Rounds of a start, at most. Default 300. */
  rounds?: number;
  /** The same seed gives the same groups. Default 1. */
  seed?: number;
}

export interface KMeans {
  /** The group of each row, 0 … clusters − 1. */
  labels: Int32Array;
  /** [clusters, dimensions] */
  centers: Matrix;
  /** Sum over the rows of the squared distance to their centre. */
  inertia: number;
}

/** Groups the rows of a matrix. Throws `invalid-argument` for more groups than rows. */
export function kMeans(matrix: Matrix, options: KMeansOptions): KMeans {
  const { starts = 10, rounds = 300, seed = 1 } = options;
  const clusters = wholeNumber("clusters", options.clusters, 1);
  wholeNumber("starts", starts, 1);
  wholeNumber("rounds", rounds, 1);
  if (clusters > matrix.rows)
    throw new SemspaceError("invalid-argument", `${clusters} clusters need as many vectors, got ${matrix.rows}.`);
  const random = randomNumbers(wholeNumber("seed", seed));
  let best: KMeans | undefined;
  for (let start = 0; start < starts; start += 1) {
    const found = lloyd(matrix, firstCenters(matrix, clusters, random), rounds);
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** Rows that are likely far from each other: each next one is drawn by its squared distance to the nearest one before. */
function firstCenters(matrix: Matrix, clusters: number, random: () => number): Matrix {
  const centers = Matrix.zeros(clusters, matrix.columns);
  const distances = new Float64Array(matrix.rows).fill(Infinity);
  let chosen = Math.floor(random() * matrix.rows);
  for (let k = 0; k < clusters; k += 1) {
    const center = matrix.row(chosen);
    centers.row(k).set(center);
    let sum = 0;
    for (let i = 0; i < matrix.rows; i += 1) {
      distances[i] = Math.min(distances[i], squaredDistance(matrix.row(i), center));
      sum += distances[i];
    }
    let left = random() * sum;
    chosen = distances.findIndex((distance) => (left -= distance) < 0);
    // Where all rows are centres already (equal rows), any will do.
    if (chosen < 0) chosen = Math.floor(random() * matrix.rows);
  }
  return centers;
}

function lloyd(matrix: Matrix, centers: Matrix, rounds: number): KMeans {
  const labels = new Int32Array(matrix.rows).fill(-1);
  const distances = new Float64Array(matrix.rows);
  for (let round = 0; round < rounds; round += 1) {
    if (!assign(matrix, centers, { labels, distances })) break;
    moveCenters(matrix, centers, { labels, distances });
  }
  assign(matrix, centers, { labels, distances });
  return { labels, centers, inertia: distances.reduce((sum, distance) => sum + distance, 0) };
}

interface Assignment {
  labels: Int32Array;
  /** Squared distance of each row to its centre. */
  distances: Float64Array;
}

/** Gives every row to its nearest centre; whether any has moved. */
function assign(matrix: Matrix, centers: Matrix, { labels, distances }: Assignment): boolean {
  let moved = false;
  for (let i = 0; i < matrix.rows; i += 1) {
    const row = matrix.row(i);
    let [nearest, least] = [0, Infinity];
    for (let k = 0; k < centers.rows; k += 1) {
      const distance = squaredDistance(row, centers.row(k));
      if (distance < least) [nearest, least] = [k, distance];
    }
    moved ||= labels[i] !== nearest;
    labels[i] = nearest;
    distances[i] = least;
  }
  return moved;
}

function moveCenters(matrix: Matrix, centers: Matrix, { labels, distances }: Assignment): void {
  const { columns } = matrix;
  const sums = new Float64Array(centers.data.length);
  const sizes = new Uint32Array(centers.rows);
  for (let i = 0; i < matrix.rows; i += 1) {
    const row = matrix.row(i);
    const at = labels[i] * columns;
    sizes[labels[i]] += 1;
    for (let j = 0; j < columns; j += 1) sums[at + j] += row[j];
  }
  for (let k = 0; k < centers.rows; k += 1) {
    if (sizes[k] > 0)
      for (let j = 0; j < columns; j += 1) centers.data[k * columns + j] = sums[k * columns + j] / sizes[k];
    else {
      const farthest = distances.reduce((best, distance, i) => (distance > distances[best] ? i : best), 0);
      centers.row(k).set(matrix.row(farthest));
      distances[farthest] = 0;
    }
  }
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) {
    const difference = a[j] - b[j];
    sum += difference * difference;
  }
  return sum;
}
