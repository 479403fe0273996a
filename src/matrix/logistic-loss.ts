/**
 * The arithmetic of logistic regression: scores, loss and gradient of all rows, for one weight vector (two classes,
 * logistic function), one for each class (softmax), or one for each of several answers (logistic function each). The two inner
 * loops are matrix products: in float32 SIMD by the kernels, or in float64, four rows at a time.
 */
import { createRowProducts, PRODUCT_ROWS } from "../kernels/products.ts";
import type { Objective } from "./lbfgs.ts";
import type { Matrix } from "./matrix.ts";

/** Rows that are scored at a time in float64, so that they are still in the cache when the gradient needs them. */
const blockRows = 64;

/** Row × weights + intercept for all rows: [rows, intercepts.length], row-major. */
export function logisticScores(features: Matrix, weights: Float64Array, intercepts: Float64Array): Float64Array {
  const scores = new Float64Array(features.rows * intercepts.length);
  addScores(
    { data: features.data, first: 0, count: features.rows, columns: features.columns },
    weights,
    intercepts,
    scores,
  );
  return scores;
}

/** Scores that share one distribution, or each an answer of its own; those of one-vs-rest are then scaled to the sum 1. */
export type ScoreShape = "softmax" | "one-vs-rest" | "independent";

/** Scores of one row to the probabilities of its classes. One score is that of the second of two classes, unless they are independent. */
export function probabilitiesInto(
  scores: Float64Array,
  probabilities: Float32Array | Float64Array,
  shape: ScoreShape = "softmax",
): void {
  if (scores.length === 1 && shape !== "independent") {
    probabilities[1] = 1 / (1 + Math.exp(-scores[0]));
    probabilities[0] = 1 / (1 + Math.exp(scores[0]));
  } else if (shape === "softmax") {
    softmax(scores, 0, scores.length);
    probabilities.set(scores);
  } else {
    let total = 0;
    for (let i = 0; i < scores.length; i += 1) total += probabilities[i] = 1 / (1 + Math.exp(-scores[i]));
    if (shape === "one-vs-rest")
      for (let i = 0; i < scores.length; i += 1)
        probabilities[i] = total > 0 ? probabilities[i] / total : 1 / scores.length;
  }
}

/** What rows should be: one class each (softmax over two outputs or more), or whether each output holds of each row (logistic function). */
export type LogisticTargets =
  | { readonly kind: "classes"; readonly outputs: number; readonly classes: Int32Array }
  /** [rows, outputs], 0 or 1 */
  | { readonly kind: "members"; readonly outputs: number; readonly members: Uint8Array };

export interface LossOptions {
  C: number;
  /** What the intercepts are multiplied with, as a feature that is the same in every row; 0 for none. */
  constant: number;
  /** How much each row counts; default 1. */
  rowWeights?: Float64Array | undefined;
  /** Sums in float64, or in float32 by the kernels, which is several times faster. */
  precise: boolean;
}

/**
 * The mean of -ln p(target), plus ||weights||² / (2 C n), as a function of all weights [outputs, columns], then `outputs` intercepts.
 * n is the sum of the rows' weights.
 */
export function logisticLoss(features: Matrix, targets: LogisticTargets, options: LossOptions): Objective {
  const { C, constant, rowWeights, precise } = options;
  const { rows, columns } = features;
  const { outputs } = targets;
  const size = outputs * columns;
  const total = rowWeights ? rowWeights.reduce((sum, weight) => sum + weight, 0) : rows;
  const intercepts = new Float64Array(outputs);
  const blocks = precise ? doubleBlocks(features, outputs) : singleBlocks(features, outputs);
  return (x, gradient) => {
    const weights = x.subarray(0, size);
    const slopes = gradient.subarray(0, size);
    gradient.fill(0);
    for (let c = 0; c < outputs; c += 1) intercepts[c] = constant * x[size + c];
    let loss = 0;
    for (let first = 0; first < rows; first += blocks.rows) {
      const count = Math.min(blocks.rows, rows - first);
      const scores = blocks.scores({ first, count }, weights, intercepts);
      for (let i = 0; i < count; i += 1) {
        const weight = rowWeights ? rowWeights[first + i] : 1;
        loss += weight * toResidual(scores, i * outputs, targets, first + i);
        if (weight !== 1) for (let c = 0; c < outputs; c += 1) scores[i * outputs + c] *= weight;
        for (let c = 0; c < outputs; c += 1) gradient[size + c] += scores[i * outputs + c];
      }
      blocks.addGradient({ first, count }, slopes);
    }
    let squares = 0;
    for (let i = 0; i < size; i += 1) {
      squares += weights[i] * weights[i];
      slopes[i] = (slopes[i] + weights[i] / C) / total;
    }
    for (let c = 0; c < outputs; c += 1) gradient[size + c] *= constant / total;
    return (loss + squares / (2 * C)) / total;
  };
}

/** Turns the scores of one row into probability minus truth, the gradient of its loss, and returns the loss. */
function toResidual(scores: Numbers, at: number, targets: LogisticTargets, row: number): number {
  const { outputs } = targets;
  if (targets.kind === "classes") {
    const target = targets.classes[row];
    const score = scores[at + target];
    const logTotal = softmax(scores, at, at + outputs);
    scores[at + target] -= 1;
    return logTotal - score;
  }
  let loss = 0;
  for (let c = 0; c < outputs; c += 1) {
    const target = targets.members[row * outputs + c];
    const score = scores[at + c];
    scores[at + c] = 1 / (1 + Math.exp(-score)) - target;
    // ln(1 + e^z) without overflow, z positive when the row is on the wrong side
    const z = target === 1 ? -score : score;
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return loss;
}

/** In place; returns the logarithm of the sum of the exponentials. */
function softmax(scores: Numbers, from: number, to: number): number {
  let max = -Infinity;
  for (let i = from; i < to; i += 1) max = Math.max(max, scores[i]);
  let total = 0;
  for (let i = from; i < to; i += 1) {
    const value = Math.exp(scores[i] - max);
    scores[i] = value;
    total += value;
  }
  const share = 1 / total;
  for (let i = from; i < to; i += 1) scores[i] *= share;
  return max + Math.log(total);
}

type Numbers = Float32Array | Float64Array;

/** The two products of a pass over the rows, a block of them at a time. */
interface Blocks {
  readonly rows: number;
  /** [count, outputs]; overwritten by the caller with what the rows are weighted with in `addGradient`. */
  scores(block: { first: number; count: number }, weights: Float64Array, intercepts: Float64Array): Numbers;
  addGradient(block: { first: number; count: number }, slopes: Float64Array): void;
}

function doubleBlocks({ data, columns }: Matrix, outputs: number): Blocks {
  const scores = new Float64Array(blockRows * outputs);
  return {
    rows: blockRows,
    scores(block, weights, intercepts) {
      addScores({ ...block, data, columns }, weights, intercepts, scores);
      return scores;
    },
    addGradient: (block, slopes) => addGradient({ ...block, data, columns }, scores, slopes),
  };
}

/** Float32 within a block of rows, float64 over the blocks. */
function singleBlocks(features: Matrix, outputs: number): Blocks {
  const products = createRowProducts(features, outputs);
  const { others, sums, stride } = products;
  const { columns } = features;
  let scores: Float32Array = new Float32Array();
  return {
    rows: PRODUCT_ROWS,
    scores({ first, count }, weights, intercepts) {
      if (first === 0)
        for (let c = 0; c < outputs; c += 1) others.set(weights.subarray(c * columns, (c + 1) * columns), c * stride);
      scores = products.multiply(first, fours(count), outputs);
      for (let i = 0; i < count; i += 1) for (let c = 0; c < outputs; c += 1) scores[i * outputs + c] += intercepts[c];
      return scores;
    },
    addGradient({ first, count }, slopes) {
      sums.fill(0);
      scores.fill(0, count * outputs);
      products.addWeighted(first, fours(count), outputs);
      for (let c = 0; c < outputs; c += 1)
        for (let j = 0; j < columns; j += 1) slopes[c * columns + j] += sums[c * stride + j];
    },
  };
}

const fours = (count: number): number => Math.ceil(count / 4) * 4;

interface Block {
  data: Float32Array;
  first: number;
  count: number;
  columns: number;
}

/** scores[i, c] = row i · weights[c] + intercepts[c]; four rows against two outputs at a time. */
function addScores(block: Block, weights: Float64Array, intercepts: Float64Array, scores: Float64Array): void {
  const { data, first, count, columns } = block;
  const outputs = intercepts.length;
  const fours = count - (count % 4);
  for (let i = 0; i < fours; i += 4) {
    for (let c = 0; c < outputs; c += 2) {
      // An odd last output is its own partner: done twice, which costs less than a second loop.
      const d = Math.min(c + 1, outputs - 1);
      let c0 = 0;
      let c1 = 0;
      let c2 = 0;
      let c3 = 0;
      let d0 = 0;
      let d1 = 0;
      let d2 = 0;
      let d3 = 0;
      const ofC = c * columns;
      const ofD = d * columns;
      for (let j = 0, at = (first + i) * columns; j < columns; j += 1, at += 1) {
        const x0 = data[at];
        const x1 = data[at + columns];
        const x2 = data[at + 2 * columns];
        const x3 = data[at + 3 * columns];
        const weightC = weights[ofC + j];
        const weightD = weights[ofD + j];
        c0 += weightC * x0;
        c1 += weightC * x1;
        c2 += weightC * x2;
        c3 += weightC * x3;
        d0 += weightD * x0;
        d1 += weightD * x1;
        d2 += weightD * x2;
        d3 += weightD * x3;
      }
      const to = i * outputs;
      scores[to + c] = c0 + intercepts[c];
      scores[to + d] = d0 + intercepts[d];
      scores[to + outputs + c] = c1 + intercepts[c];
      scores[to + outputs + d] = d1 + intercepts[d];
      scores[to + 2 * outputs + c] = c2 + intercepts[c];
      scores[to + 2 * outputs + d] = d2 + intercepts[d];
      scores[to + 3 * outputs + c] = c3 + intercepts[c];
      scores[to + 3 * outputs + d] = d3 + intercepts[d];
    }
  }
  for (let i = fours; i < count; i += 1) {
    for (let c = 0; c < outputs; c += 1) {
      let sum = intercepts[c];
      for (let j = 0; j < columns; j += 1) sum += weights[c * columns + j] * data[(first + i) * columns + j];
      scores[i * outputs + c] = sum;
    }
  }
}

/** slopes[c] += sum over rows i of residuals[i, c] * row i; four rows against two outputs at a time. */
function addGradient({ data, first, count, columns }: Block, residuals: Float64Array, slopes: Float64Array): void {
  const outputs = slopes.length / columns;
  const fours = count - (count % 4);
  for (let i = 0; i < fours; i += 4) {
    for (let c = 0; c < outputs; c += 2) {
      // An odd last output is its own partner, which then adds nothing.
      const d = Math.min(c + 1, outputs - 1);
      const once = d === c ? 0 : 1;
      const of = i * outputs;
      const c0 = residuals[of + c];
      const c1 = residuals[of + outputs + c];
      const c2 = residuals[of + 2 * outputs + c];
      const c3 = residuals[of + 3 * outputs + c];
      const d0 = once * residuals[of + d];
      const d1 = once * residuals[of + outputs + d];
      const d2 = once * residuals[of + 2 * outputs + d];
      const d3 = once * residuals[of + 3 * outputs + d];
      const toC = c * columns;
      const toD = d * columns;
      for (let j = 0, at = (first + i) * columns; j < columns; j += 1, at += 1) {
        const x0 = data[at];
        const x1 = data[at + columns];
        const x2 = data[at + 2 * columns];
        const x3 = data[at + 3 * columns];
        slopes[toC + j] += c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3;
        slopes[toD + j] += d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3;
      }
    }
  }
  for (let i = fours; i < count; i += 1) {
    for (let c = 0; c < outputs; c += 1) {
      const residual = residuals[i * outputs + c];
      for (let j = 0; j < columns; j += 1) slopes[c * columns + j] += residual * data[(first + i) * columns + j];
    }
  }
}
