/**
 * The two matrix products of logistic regression, rows × weights and residuals × rows, a block of rows at a time so that they are still in
 * the cache for the second: in float32 SIMD by the kernels, or in float64, four rows at a time.
 */
import { createRowProducts, PRODUCT_ROWS } from "../kernels/products.ts";
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

export type Numbers = Float32Array | Float64Array;

/** The two products of a pass over the rows, a block of them at a time. */
export interface Blocks {
  readonly rows: number;
  /** [count, outputs]; overwritten by the caller with what the rows are weighted with in `addGradient`. */
  scores(block: { first: number; count: number }, weights: Float64Array, intercepts: Float64Array): Numbers;
  addGradient(block: { first: number; count: number }, slopes: Float64Array): void;
}

export function doubleBlocks({ data, columns }: Matrix, outputs: number): Blocks {
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
export function singleBlocks(features: Matrix, outputs: number): Blocks {
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
