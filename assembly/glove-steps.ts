/** The steps of GloVe's AdaGrad, four numbers at a time. What differs from glove.c: parameters are float32. */
import { exponential, logarithm } from "./elementary";
import { COLUMN_BITS, COLUMN_MASK } from "./glove-cells";
import { ALPHA, BIAS_RATE, CLIP, CONTEXTS, LOG_X_MAX, RATE, ROW_BYTES, VECTOR_BYTES, WORDS } from "./glove-places";

/**
 * One AdaGrad step for each cell, in their order; `rowBase` is the first row of their block. Gives the sum of the costs.
 * A row is: vector, its squared gradients, bias, the bias's squared gradients.
 */
export function trainCells(p: usize, cells: usize, count: i32, rowBase: u32): f64 {
  const words = load<usize>(p, WORDS);
  const contexts = load<usize>(p, CONTEXTS);
  const rowBytes = load<usize>(p, ROW_BYTES);
  const bytes = load<usize>(p, VECTOR_BYTES);
  const alpha = load<f32>(p, ALPHA);
  const logXMax = load<f32>(p, LOG_X_MAX);
  let cost: f64 = 0;
  for (let at = cells; at < cells + ((<usize>count) << 3); at += 8) {
    const key = load<u32>(at);
    const word = words + <usize>(rowBase + (key >> COLUMN_BITS)) * rowBytes;
    const context = contexts + <usize>(key & COLUMN_MASK) * rowBytes;
    const log = logarithm(load<f32>(at, 4));
    const difference =
      dot(word, context, bytes) + load<f32>(word + 2 * bytes) + load<f32>(context + 2 * bytes) - log;
    const weighted = log > logXMax ? difference : exponential(alpha * (log - logXMax)) * difference;
    cost += 0.5 * <f64>weighted * <f64>difference;
    step(p, word, context, bytes, weighted);
  }
  return cost;
}

// @ts-ignore: decorator
@inline
function dot(word: usize, context: usize, bytes: usize): f32 {
  let even = f32x4.splat(0);
  let odd = even;
  let d: usize = 0;
  for (; d + 16 < bytes; d += 32) {
    even = f32x4.add(even, f32x4.mul(v128.load(word + d), v128.load(context + d)));
    odd = f32x4.add(odd, f32x4.mul(v128.load(word + d, 16), v128.load(context + d, 16)));
  }
  if (d < bytes) even = f32x4.add(even, f32x4.mul(v128.load(word + d), v128.load(context + d)));
  const sum = f32x4.add(even, odd);
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/** Both rows move by the old values of the other. */
// @ts-ignore: decorator
@inline
function step(p: usize, word: usize, context: usize, bytes: usize, weighted: f32): void {
  const rate = f32x4.splat(load<f32>(p, RATE));
  const clip = load<f32>(p, CLIP);
  const most = f32x4.splat(clip);
  const least = f32x4.splat(-clip);
  const factor = f32x4.splat(weighted);
  const end = word + bytes;
  for (let a = word, b = context; a < end; a += 16, b += 16) {
    const w = v128.load(a);
    const c = v128.load(b);
    const squaresW = v128.load(a + bytes);
    const squaresC = v128.load(b + bytes);
    const forW = f32x4.mul(rate, f32x4.pmax(least, f32x4.pmin(most, f32x4.mul(factor, c))));
    const forC = f32x4.mul(rate, f32x4.pmax(least, f32x4.pmin(most, f32x4.mul(factor, w))));
    v128.store(a, f32x4.sub(w, f32x4.div(forW, f32x4.sqrt(squaresW))));
    v128.store(b, f32x4.sub(c, f32x4.div(forC, f32x4.sqrt(squaresC))));
    v128.store(a + bytes, f32x4.add(squaresW, f32x4.mul(forW, forW)));
    v128.store(b + bytes, f32x4.add(squaresC, f32x4.mul(forC, forC)));
  }
  const forBias = weighted * load<f32>(p, BIAS_RATE);
  stepBias(word + 2 * bytes, forBias);
  stepBias(context + 2 * bytes, forBias);
}

// @ts-ignore: decorator
@inline
function stepBias(bias: usize, gradient: f32): void {
  const squares = load<f32>(bias, 4);
  store<f32>(bias, load<f32>(bias) - gradient / sqrt(squares));
  store<f32>(bias, squares + gradient * gradient, 4);
}
