/**
 * Six targets of a prediction at a time: their group in memory, and the step against one row. All products come first, with their
 * accumulators in registers; then targets and row are updated from the old values, each read and written once.
 */
import { multiply, sigmoid, sums } from "./arithmetic";

/** A group: six row addresses (and two words unused), eight labels, eight weights. Slots 4, 5 of labels and weights are repeated in 6, 7. */
export const GROUP: usize = 96;
export const LABELS: usize = 32;
export const WEIGHTS: usize = 64;

/** Puts a target into the groups at `groups`. A weight of 0 leaves it out. */
export function putTarget(groups: usize, slot: i32, row: usize, label: f32, weight: f32): void {
  const group = groups + <usize>(slot / 6) * GROUP;
  const at = (<usize>(slot % 6)) << 2;
  store<usize>(group + at, row);
  store<f32>(group + at, label, LABELS);
  store<f32>(group + at, weight, WEIGHTS);
  if (at >= 16) {
    store<f32>(group + at + 8, label, LABELS);
    store<f32>(group + at + 8, weight, WEIGHTS);
  }
}

/** Fills the last group up with `nothing`, a row of zeros, after `used` targets; gives how many groups there are. */
export function fillGroup(groups: usize, used: i32, nothing: usize): i32 {
  let slot = used;
  for (; slot % 6 != 0; slot += 1) putTarget(groups, slot, nothing, 0, 0);
  return slot / 6;
}

/** The probability that the model gives to what is the case; 1 where the weight is 0. */
// @ts-ignore: decorator
@inline
export function probability(s: v128, label: v128, weight: v128): v128 {
  const one = f32x4.splat(1);
  const p = f32x4.abs(f32x4.sub(f32x4.add(s, label), one));
  return f32x4.add(f32x4.mul(p, weight), f32x4.sub(one, weight));
}

/** Multiplies the probabilities to the product at `likely`: one logarithm for a whole block instead of one for each. */
// @ts-ignore: decorator
@inline
export function count(likely: usize, probabilities: v128): void {
  multiply(
    likely,
    <f64>f32x4.extract_lane(probabilities, 0) *
      <f64>f32x4.extract_lane(probabilities, 1) *
      (<f64>f32x4.extract_lane(probabilities, 2) * <f64>f32x4.extract_lane(probabilities, 3)),
  );
}

/** Six targets against one row; its update is added to `to`, which may be the row itself, the probabilities are counted at `likely`. */
export function stepOne(likely: usize, group: usize, row: usize, to: usize, bytes: usize, rate: f32): void {
  const t0 = load<usize>(group),
    t1 = load<usize>(group, 4),
    t2 = load<usize>(group, 8),
    t3 = load<usize>(group, 12),
    t4 = load<usize>(group, 16),
    t5 = load<usize>(group, 20);
  const zero = f32x4.splat(0);
  let a0 = zero,
    a1 = zero,
    a2 = zero,
    a3 = zero,
    a4 = zero,
    a5 = zero;
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(row + d);
    a0 = f32x4.add(a0, f32x4.mul(x, v128.load(t0 + d)));
    a1 = f32x4.add(a1, f32x4.mul(x, v128.load(t1 + d)));
    a2 = f32x4.add(a2, f32x4.mul(x, v128.load(t2 + d)));
    a3 = f32x4.add(a3, f32x4.mul(x, v128.load(t3 + d)));
    a4 = f32x4.add(a4, f32x4.mul(x, v128.load(t4 + d)));
    a5 = f32x4.add(a5, f32x4.mul(x, v128.load(t5 + d)));
  }
  const labels = v128.load(group, LABELS),
    lastLabels = v128.load(group, LABELS + 16);
  const weights = v128.load(group, WEIGHTS);
  // Lanes 2 and 3 are the second context's, of which there is none.
  const lastWeights = v128.shuffle<f32>(v128.load(group, WEIGHTS + 16), zero, 0, 1, 4, 5);
  const sa = sigmoid(sums(a0, a1, a2, a3)),
    sc = sigmoid(sums(a4, a5, zero, zero));
  count(likely, f32x4.mul(probability(sa, labels, weights), probability(sc, lastLabels, lastWeights)));
  const rates = f32x4.splat(rate);
  const ga = f32x4.mul(f32x4.mul(f32x4.sub(labels, sa), weights), rates),
    gc = f32x4.mul(f32x4.mul(f32x4.sub(lastLabels, sc), lastWeights), rates);
  a0 = v128.shuffle<f32>(ga, ga, 0, 0, 0, 0);
  a1 = v128.shuffle<f32>(ga, ga, 1, 1, 1, 1);
  a2 = v128.shuffle<f32>(ga, ga, 2, 2, 2, 2);
  a3 = v128.shuffle<f32>(ga, ga, 3, 3, 3, 3);
  a4 = v128.shuffle<f32>(gc, gc, 0, 0, 0, 0);
  a5 = v128.shuffle<f32>(gc, gc, 1, 1, 1, 1);
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(row + d);
    let t = v128.load(t0 + d);
    let u = f32x4.add(v128.load(to + d), f32x4.mul(a0, t));
    v128.store(t0 + d, f32x4.add(t, f32x4.mul(a0, x)));
    t = v128.load(t1 + d);
    u = f32x4.add(u, f32x4.mul(a1, t));
    v128.store(t1 + d, f32x4.add(t, f32x4.mul(a1, x)));
    t = v128.load(t2 + d);
    u = f32x4.add(u, f32x4.mul(a2, t));
    v128.store(t2 + d, f32x4.add(t, f32x4.mul(a2, x)));
    t = v128.load(t3 + d);
    u = f32x4.add(u, f32x4.mul(a3, t));
    v128.store(t3 + d, f32x4.add(t, f32x4.mul(a3, x)));
    t = v128.load(t4 + d);
    u = f32x4.add(u, f32x4.mul(a4, t));
    v128.store(t4 + d, f32x4.add(t, f32x4.mul(a4, x)));
    t = v128.load(t5 + d);
    u = f32x4.add(u, f32x4.mul(a5, t));
    v128.store(t5 + d, f32x4.add(t, f32x4.mul(a5, x)));
    v128.store(to + d, u);
  }
}
