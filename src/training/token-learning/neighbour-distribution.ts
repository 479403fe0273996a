/**
 * Who is near whom in a batch of unit vectors, as a softmax of each row's cosines over a temperature, the row itself left out; and how far another set of
 * vectors for the same texts is from it. Batches are small (a thousand), so the targets' n × n are kept; the other side's are made in blocks, twice:
 * the sums of its softmax must be known before a block becomes a weight for both of its rows.
 */
import { createRowProducts, PRODUCT_ROWS } from "../../kernels/products.ts";
import type { Matrix } from "../../matrix/index.ts";

export class NeighbourDistribution {
  readonly #temperature: number;
  /** [rows, rows], rows add to 1, zeros on the diagonal. */
  readonly #wanted: Float32Array;
  /** Σ p log p over all rows. */
  readonly #entropy: number;

  constructor(targets: Matrix, temperature: number) {
    this.#temperature = temperature;
    const n = targets.rows;
    const wanted = new Float32Array(n * n);
    const logits = new Float32Array(n * n);
    const sums = rowSums(targets, temperature, (block, first) => logits.set(block, first * n));
    let entropy = 0;
    for (let i = 0; i < n; i += 1) {
      const norm = Math.log(sums[i]);
      for (let j = 0; j < n; j += 1) {
        if (i === j) continue;
        const logarithm = (logits[i * n + j] - 1) / temperature - norm;
        const p = Math.exp(logarithm);
        wanted[i * n + j] = p;
        entropy += p * logarithm;
      }
    }
    this.#wanted = wanted;
    this.#entropy = entropy;
  }

  /**
   * Mean over the rows of KL(targets ‖ vectors), times `weight`; adds its derivative by the unit `vectors` to `gradient`:
   * Σ_j (G_ij + G_ji) v_j with G = weight (q − p) / (rows · temperature).
   */
  divergence(vectors: Matrix, gradient: Matrix, weight: number): number {
    const n = vectors.rows;
    const temperature = this.#temperature;
    const wanted = this.#wanted;
    const inverse = rowSums(vectors, temperature).map((sum) => 1 / sum);
    const scale = weight / (n * temperature);
    let crossed = 0;
    const products = filledProducts(vectors);
    products.sums.fill(0);
    for (let first = 0; first < n; first += PRODUCT_ROWS) {
      const count = Math.min(PRODUCT_ROWS, n - first);
      const block = products.multiply(first, fours(count), n);
      for (let i = first; i < first + count; i += 1) {
        const norm = Math.log(inverse[i]);
        const at = (i - first) * n;
        for (let j = 0; j < n; j += 1) {
          if (i === j) {
            block[at + j] = 0;
            continue;
          }
          const logit = (block[at + j] - 1) / temperature;
          const p = wanted[i * n + j];
          crossed += p * (logit + norm);
          block[at + j] = scale * (Math.exp(logit) * (inverse[i] + inverse[j]) - p - wanted[j * n + i]);
        }
      }
      block.fill(0, count * n);
      products.addWeighted(first, fours(count), n);
    }
    const { sums, stride } = products;
    for (let i = 0; i < n; i += 1) {
      const out = gradient.row(i);
      for (let j = 0; j < out.length; j += 1) out[j] += sums[i * stride + j];
    }
    return (weight * (this.#entropy - crossed)) / n;
  }
}

/** Σ_j≠i exp((cos_ij − 1) / temperature): nothing overflows, and the nearest neighbours are far from underflow at any useful temperature. */
function rowSums(
  vectors: Matrix,
  temperature: number,
  onBlock?: (block: Float32Array, first: number) => void,
): Float64Array {
  const n = vectors.rows;
  const sums = new Float64Array(n);
  const products = filledProducts(vectors);
  for (let first = 0; first < n; first += PRODUCT_ROWS) {
    const count = Math.min(PRODUCT_ROWS, n - first);
    const block = products.multiply(first, fours(count), n);
    onBlock?.(block.subarray(0, count * n), first);
    for (let i = first; i < first + count; i += 1) {
      let sum = 0;
      for (let j = 0; j < n; j += 1) if (j !== i) sum += Math.exp((block[(i - first) * n + j] - 1) / temperature);
      sums[i] = Math.max(sum, Number.MIN_VALUE);
    }
  }
  return sums;
}

/** The vectors on both sides of the product. */
function filledProducts(vectors: Matrix): ReturnType<typeof createRowProducts> {
  const products = createRowProducts(vectors, vectors.rows);
  for (let i = 0; i < vectors.rows; i += 1) products.others.set(vectors.row(i), i * products.stride);
  return products;
}

function fours(count: number): number {
  return Math.ceil(count / 4) * 4;
}
