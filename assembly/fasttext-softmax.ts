/** fastText's softmax over all outputs for one hidden vector. */
import { exponential, multiply } from "./arithmetic";
import { ERROR, HIDDEN, LIKELY, OUTPUT, OUTPUTS, ROW_BYTES, SCORES } from "./fasttext-places";

/** One right output among all of them. */
export function softmax(p: usize, target: i32, rate: f32): void {
  const outputs = load<i32>(p, OUTPUTS);
  const output = load<usize>(p, OUTPUT);
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const bytes = load<usize>(p, ROW_BYTES);
  const scores = load<usize>(p, SCORES);
  let largest: f32 = -f32.MAX_VALUE;
  for (let i = 0; i < outputs; i += 1) {
    const score = dot(output + <usize>i * bytes, hidden, bytes);
    store<f32>(scores + ((<usize>i) << 2), score);
    largest = max(largest, score);
  }
  let total: f32 = 0;
  const end = scores + ((<usize>outputs) << 2);
  for (let i = outputs; i % 4 != 0; i += 1) store<f32>(scores + ((<usize>i) << 2), -f32.MAX_VALUE);
  for (let at = scores; at < end; at += 16) {
    v128.store(at, exponential(f32x4.sub(v128.load(at), f32x4.splat(largest))));
  }
  for (let at = scores; at < end; at += 4) total += load<f32>(at);
  for (let i = 0; i < outputs; i += 1) {
    const share = load<f32>(scores + ((<usize>i) << 2)) / total;
    if (i == target) multiply(p + LIKELY, <f64>max<f32>(share, 1e-10));
    const step = rate * ((i == target ? <f32>1 : <f32>0) - share);
    exchange(output + <usize>i * bytes, hidden, error, bytes, step);
  }
}

/** error += step × row; row += step × hidden. */
function exchange(row: usize, hidden: usize, error: usize, bytes: usize, step: f32): void {
  const s = f32x4.splat(step);
  for (let d: usize = 0; d < bytes; d += 16) {
    const t = v128.load(row + d);
    v128.store(error + d, f32x4.add(v128.load(error + d), f32x4.mul(s, t)));
    v128.store(row + d, f32x4.add(t, f32x4.mul(s, v128.load(hidden + d))));
  }
}

function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let d: usize = 0; d < bytes; d += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + d), v128.load(b + d)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
