/**
 * The 256 points that stand for many: k-means in the rounds and with the splitting of empty clusters of fastText's
 * ProductQuantizer::kmeans. With 256 points or fewer the points themselves are the centroids.
 */

/** Centroids of a cluster search: what a byte can number. */
export const CENTROIDS = 256;
const ROUNDS = 25;
/** How far the two halves of a split cluster are moved apart. */
const SPLIT = 1e-7;

export interface ClusterOptions {
  /** Numbers of a point. */
  length: number;
  /** 0 ≤ x < 1. */
  random: () => number;
}

/** Writes the centroids of points, both row-major; the points are in random order, so the first ones are a fair start. */
export function cluster(points: Float32Array, centroids: Float32Array, { length, random }: ClusterOptions): void {
  const count = points.length / length;
  if (count <= CENTROIDS) {
    centroids.set(points);
    return;
  }
  centroids.set(points.subarray(0, CENTROIDS * length));
  const codes = new Uint8Array(count);
  const sizes = new Float64Array(CENTROIDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    const search = new CentroidSearch(centroids, length);
    for (let i = 0; i < count; i += 1) codes[i] = search.nearest(points, i * length);
    const sums = new Float64Array(centroids.length);
    sizes.fill(0);
    for (let i = 0; i < count; i += 1) {
      sizes[codes[i]] += 1;
      for (let k = 0; k < length; k += 1) sums[codes[i] * length + k] += points[i * length + k];
    }
    for (let i = 0; i < sums.length; i += 1) centroids[i] = sums[i] / (sizes[Math.floor(i / length)] || 1);
    for (let j = 0; j < CENTROIDS; j += 1) if (sizes[j] === 0) split(centroids, j, { sizes, length, random });
  }
}

/** An empty cluster takes half of another one, a large one rather than a small. */
function split(
  centroids: Float32Array,
  empty: number,
  { sizes, length, random }: ClusterOptions & { sizes: Float64Array },
): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let from = 0;
  for (let tries = 0; tries < 1000 * CENTROIDS && random() * (total - CENTROIDS) >= sizes[from] - 1; tries += 1) {
    from = (from + 1) % CENTROIDS;
  }
  for (let k = 0; k < length; k += 1) {
    const move = k % 2 ? SPLIT : -SPLIT;
    const value = centroids[from * length + k];
    centroids[empty * length + k] = value + move;
    centroids[from * length + k] = value - move;
  }
  sizes[empty] = Math.floor(sizes[from] / 2);
  sizes[from] -= sizes[empty];
}

/**
 * Which centroid is nearest to a point; of equally near ones the first. The centroids are gone through from the point's place by their
 * first numbers to both sides, until those alone are farther away than the best: the result is that of comparing all.
 */
export class CentroidSearch {
  readonly #length: number;
  /** By their first number. */
  readonly #numbers = new Uint8Array(CENTROIDS);
  readonly #centroids: Float32Array;
  readonly #firsts = new Float32Array(CENTROIDS);

  /** Copies the centroids, 256 of `length` numbers. */
  constructor(centroids: Float32Array, length: number) {
    this.#length = length;
    this.#centroids = new Float32Array(CENTROIDS * length);
    const order = Array.from(this.#numbers, (_, j) => j).sort((a, b) => centroids[a * length] - centroids[b * length]);
    for (const [place, j] of order.entries()) {
      this.#numbers[place] = j;
      this.#firsts[place] = centroids[j * length];
      this.#centroids.set(centroids.subarray(j * length, (j + 1) * length), place * length);
    }
  }

  /** The number of the centroid nearest to the point at `rows[from]`. */
  nearest(rows: Float32Array, from: number): number {
    const firsts = this.#firsts;
    const centroids = this.#centroids;
    const numbers = this.#numbers;
    const length = this.#length;
    const x = rows[from];
    let start = 0;
    for (let step = CENTROIDS >> 1; step > 0; step >>= 1) if (firsts[start + step - 1] < x) start += step;
    let best = Infinity;
    let code = 0;
    for (let side = 0; side < 2; side += 1) {
      const [step, end] = side === 0 ? [1, CENTROIDS] : [-1, -1];
      for (let place = side === 0 ? start : start - 1; place !== end; place += step) {
        const first = x - firsts[place];
        let distance = first * first;
        if (distance > best) break;
        for (let k = 1, at = place * length + 1; k < length; k += 1, at += 1) {
          const difference = rows[from + k] - centroids[at];
          distance += difference * difference;
        }
        if (distance < best || (distance === best && numbers[place] < code)) {
          best = distance;
          code = numbers[place];
        }
      }
    }
    return code;
  }
}
