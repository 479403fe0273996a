/**
 * The loss of logistic regression and its gradient over all rows, for one weight vector (two classes,
 * logistic function), one for each class (softmax), or one for each of several answers (logistic function each). The products are those of logistic-products.ts.
 */
import type { Objective } from "./lbfgs.ts";
import { doubleBlocks, type Numbers, singleBlocks } from "./logistic-products.ts";
import type { Matrix } from "./matrix.ts";

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
