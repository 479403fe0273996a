/**
 * Fits a linear layer with a CRF on top: minimises the mean over tokens of -ln p(labels of the sentence), plus ||weights||² / (2 C n), by
 * L-BFGS from the exact gradient. Biases and the scores of what begins and ends are not penalised; steps are, like the weights.
 */
import { createRowProducts, PRODUCT_ROWS } from "../../kernels/products.ts";
import type { Matrix } from "../../matrix/index.ts";
import { minimize, type Objective } from "../../matrix/lbfgs.ts";
import { chainOf, type ChainScores, forwardBackward } from "./crf.ts";

/** Sentences as rows: sentence i has the rows `starts[i] … starts[i + 1]`. */
export interface LabelledRows {
  vectors: Matrix;
  /** The number of each row's label. */
  labels: Int32Array;
  starts: Int32Array;
}

export interface CrfOptions {
  /** Inverse strength of the penalty. */
  C: number;
  maxIterations: number;
  tolerance: number;
  /** Which steps and starts may be. */
  allowed: { steps: Uint8Array; starts: Uint8Array };
  /** Called with the number of passes over the sentences, before each; may throw to end the training. */
  onPass?: (pass: number) => void;
}

export interface CrfWeights {
  /** [labels, columns] */
  weights: Float32Array;
  biases: Float64Array;
  chain: ChainScores;
  iterations: number;
  converged: boolean;
}

export function fitCrf(rows: LabelledRows, labels: number, options: CrfOptions): CrfWeights {
  const { objective, length } = crfObjective(rows, labels, options);
  const { maxIterations, tolerance } = options;
  const { x, iterations, converged } = minimize(objective, new Float64Array(length), { maxIterations, tolerance });
  const parts = split(x, labels, rows.vectors.columns);
  return {
    weights: Float32Array.from(parts.weights),
    biases: parts.biases.slice(),
    chain: chainScores(parts, labels, options.allowed),
    iterations,
    converged,
  };
}

/** The objective over all parameters in one array. */
export function crfObjective(
  rows: LabelledRows,
  labels: number,
  { C, allowed, onPass }: Pick<CrfOptions, "C" | "allowed" | "onPass">,
): { objective: Objective; length: number } {
  const { vectors, starts } = rows;
  const { columns } = vectors;
  const linear = linearLayer(vectors, labels);
  const total = vectors.rows;
  const truth = trueCounts(rows, labels);
  let pass = 0;
  const objective: Objective = (x, gradient) => {
    onPass?.((pass += 1));
    gradient.fill(0);
    const parts = split(x, labels, columns);
    const slopes = split(gradient, labels, columns);
    const chain = chainOf(chainScores(parts, labels, allowed));
    const scores = linear.scores(parts.weights, parts.biases);
    let loss = 0;
    for (let s = 0; s + 1 < starts.length; s += 1) {
      const length = starts[s + 1] - starts[s];
      if (length === 0) continue;
      const at = starts[s] * labels;
      const marginals = new Float64Array(length * labels);
      loss += forwardBackward(chain, { data: scores, at, length }, { marginals, counts: slopes });
      for (let t = 0; t < length; t += 1) {
        const label = rows.labels[starts[s] + t];
        loss -= scores[at + t * labels + label];
        marginals[t * labels + label] -= 1;
      }
      // Probability less truth takes the place of the scores: what the rows are weighted with.
      scores.set(marginals, at);
    }
    loss -= chainValue(parts, truth);
    linear.addGradient(scores, slopes.weights, slopes.biases);
    for (const name of ["steps", "starts", "ends"] as const)
      for (let i = 0; i < truth[name].length; i += 1) slopes[name][i] -= truth[name][i];
    let squares = 0;
    for (const name of ["weights", "steps"] as const) {
      for (let i = 0; i < parts[name].length; i += 1) {
        squares += parts[name][i] ** 2;
        slopes[name][i] += parts[name][i] / C;
      }
    }
    for (let i = 0; i < gradient.length; i += 1) gradient[i] /= total;
    return (loss + squares / (2 * C)) / total;
  };
  return { objective, length: labels * columns + labels * labels + 3 * labels };
}

interface Parts {
  weights: Float64Array;
  biases: Float64Array;
  steps: Float64Array;
  starts: Float64Array;
  ends: Float64Array;
}

function split(x: Float64Array, labels: number, columns: number): Parts {
  let at = 0;
  const next = (length: number): Float64Array => x.subarray(at, (at += length));
  return {
    weights: next(labels * columns),
    biases: next(labels),
    steps: next(labels * labels),
    starts: next(labels),
    ends: next(labels),
  };
}

function chainScores({ steps, starts, ends }: Parts, labels: number, allowed: CrfOptions["allowed"]): ChainScores {
  return {
    labels,
    steps: steps.map((score, i) => (allowed.steps[i] === 1 ? score : -Infinity)),
    starts: starts.map((score, i) => (allowed.starts[i] === 1 ? score : -Infinity)),
    ends: ends.slice(),
  };
}

/** How often each step, start and end is in the labels. */
function trueCounts({ labels: all, starts }: LabelledRows, n: number): Pick<Parts, "steps" | "starts" | "ends"> {
  const counts = { steps: new Float64Array(n * n), starts: new Float64Array(n), ends: new Float64Array(n) };
  for (let s = 0; s + 1 < starts.length; s += 1) {
    if (starts[s + 1] === starts[s]) continue;
    counts.starts[all[starts[s]]] += 1;
    counts.ends[all[starts[s + 1] - 1]] += 1;
    for (let t = starts[s] + 1; t < starts[s + 1]; t += 1) counts.steps[all[t - 1] * n + all[t]] += 1;
  }
  return counts;
}

function chainValue(parts: Parts, truth: Pick<Parts, "steps" | "starts" | "ends">): number {
  let sum = 0;
  for (const name of ["steps", "starts", "ends"] as const)
    for (let i = 0; i < truth[name].length; i += 1) sum += parts[name][i] * truth[name][i];
  return sum;
}

interface LinearLayer {
  /** [rows, labels]; the next call overwrites it. */
  scores(weights: Float64Array, biases: Float64Array): Float32Array;
  addGradient(residuals: Float32Array, slopes: Float64Array, biasSlopes: Float64Array): void;
}

/** The two matrix products, in float32 SIMD, a block of rows at a time. */
function linearLayer({ data, rows, columns }: Matrix, labels: number): LinearLayer {
  const products = createRowProducts({ data, rows, columns }, labels);
  const { others, sums, stride } = products;
  const all = new Float32Array(rows * labels);
  const fours = (count: number): number => Math.ceil(count / 4) * 4;
  // Where products are put, and where the weights of rows are expected.
  const block = products.multiply(0, fours(Math.min(PRODUCT_ROWS, rows)), labels);
  return {
    scores(weights, biases) {
      for (let c = 0; c < labels; c += 1) others.set(weights.subarray(c * columns, (c + 1) * columns), c * stride);
      for (let first = 0; first < rows; first += PRODUCT_ROWS) {
        const count = Math.min(PRODUCT_ROWS, rows - first);
        products.multiply(first, fours(count), labels);
        for (let i = 0; i < count * labels; i += 1) all[first * labels + i] = block[i] + biases[i % labels];
      }
      return all;
    },
    addGradient(residuals, slopes, biasSlopes) {
      for (let first = 0; first < rows; first += PRODUCT_ROWS) {
        const count = Math.min(PRODUCT_ROWS, rows - first);
        block.fill(0);
        block.set(residuals.subarray(first * labels, (first + count) * labels));
        sums.fill(0);
        products.addWeighted(first, fours(count), labels);
        for (let c = 0; c < labels; c += 1)
          for (let j = 0; j < columns; j += 1) slopes[c * columns + j] += sums[c * stride + j];
      }
      for (let i = 0; i < residuals.length; i += 1) biasSlopes[i % labels] += residuals[i];
    },
  };
}
