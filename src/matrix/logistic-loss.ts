/**
 * The arithmetic of logistic regression: scores, loss and gradient of all rows, for one weight vector (two classes,
 * logistic function) or one for each class (softmax). The two inner loops are matrix products, done four rows at a
 * time, which is what makes them fast; sums are in float64.
 */
import type { Objective } from "./lbfgs.ts";
import type { Matrix } from "./matrix.ts";

/** Rows that are scored at a time in training, so that they are still in the cache when the gradient needs them. */
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

/** Scores of one row to the probabilities of its classes. One score is that of the second of two classes. */
export function probabilitiesInto(scores: Float64Array, probabilities: Float32Array): void {
  if (scores.length === 1) {
    probabilities[1] = 1 / (1 + Math.exp(-scores[0]));
    probabilities[0] = 1 / (1 + Math.exp(scores[0]));
    return;
  }
  softmax(scores, 0, scores.length);
  probabilities.set(scores);
}

/**
 * The mean of -ln p(target), plus ||weights||² / (2 C n), as a function of all weights [outputs, columns], then `outputs` intercepts.
 * `outputs` is 1 for two classes. Without `intercept` the intercepts stay where they start.
 */
export function logisticLoss(
  { data, rows, columns }: Matrix,
  targets: Int32Array,
  { outputs, C, intercept }: { outputs: number; C: number; intercept: boolean },
): Objective {
  const size = outputs * columns;
  const scores = new Float64Array(blockRows * outputs);
  return (x, gradient) => {
    const weights = x.subarray(0, size);
    const slopes = gradient.subarray(0, size);
    gradient.fill(0);
    let loss = 0;
    for (let first = 0; first < rows; first += blockRows) {
      const block = { data, first, count: Math.min(blockRows, rows - first), columns };
      addScores(block, weights, x.subarray(size), scores);
      for (let i = 0; i < block.count; i += 1) {
        loss += toResidual(scores, i * outputs, outputs, targets[first + i]);
        if (intercept) for (let c = 0; c < outputs; c += 1) gradient[size + c] += scores[i * outputs + c];
      }
      addGradient(block, scores, slopes);
    }
    let squares = 0;
    for (let i = 0; i < size; i += 1) {
      squares += weights[i] * weights[i];
      slopes[i] = (slopes[i] + weights[i] / C) / rows;
    }
    for (let c = 0; c < outputs; c += 1) gradient[size + c] /= rows;
    return (loss + squares / (2 * C)) / rows;
  };
}

/** Turns the scores of one row into probability minus truth, the gradient of its loss, and returns the loss. */
function toResidual(scores: Float64Array, at: number, outputs: number, target: number): number {
  if (outputs === 1) {
    const score = scores[at];
    scores[at] = 1 / (1 + Math.exp(-score)) - target;
    // ln(1 + e^z) without overflow, z positive when the row is on the wrong side
    const z = target === 1 ? -score : score;
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  const score = scores[at + target];
  const logTotal = softmax(scores, at, at + outputs);
  scores[at + target] -= 1;
  return logTotal - score;
}

/** In place; returns the logarithm of the sum of the exponentials. */
function softmax(scores: Float64Array, from: number, to: number): number {
  let max = -Infinity;
  for (let i = from; i < to; i += 1) max = Math.max(max, scores[i]);
  let total = 0;
  for (let i = from; i < to; i += 1) total += scores[i] = Math.exp(scores[i] - max);
  for (let i = from; i < to; i += 1) scores[i] /= total;
  return max + Math.log(total);
}

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
