/** The output side of fastText for one hidden vector: each loss adds to the error and moves the rows of the outputs. */
import { exponential, multiply, random, sigmoid, sums } from "./arithmetic";
import {
  OUTPUT,
  ROW_BYTES,
  ALIAS,
  OUTPUTS,
  NEGATIVE,
  PATHS,
  STEPS,
  LOSS,
  GROUPS,
  HIDDEN,
  ERROR,
  SCORES,
  NOTHING,
  RANDOM,
  LIKELY,
  HIERARCHICAL,
  SOFTMAX,
} from "./fasttext-places";

/** A group: six row addresses (and two words unused), eight labels, eight weights. */
const GROUP: usize = 96;
const LABELS: usize = 32;
const WEIGHTS: usize = 64;

/** One right output for the hidden vector: adds to the error and moves the outputs. */
export function learn(p: usize, target: i32, rate: f32): void {
  const loss = load<i32>(p, LOSS);
  if (loss == SOFTMAX) {
    softmax(p, target, rate);
    return;
  }
  if (loss == HIERARCHICAL) {
    trainGroups(p, layPath(p, target), rate);
    return;
  }
  trainGroups(p, layTargets(p, target), rate);
}

/** Lays out the right output and the negatives; one that is the right output is drawn again, twice at most. */
function layTargets(p: usize, target: i32): i32 {
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  const negative = load<i32>(p, NEGATIVE);
  put(groups, 0, output + <usize>target * bytes, 1, 1);
  let slot = 1;
  for (let k = 0; k < negative; k += 1) {
    let id = drawOutput(p);
    for (let tries = 0; tries < 2 && id == target; tries += 1) id = drawOutput(p);
    if (id == target) continue;
    put(groups, slot, output + <usize>id * bytes, 0, 1);
    slot += 1;
  }
  return fillGroup(p, slot);
}

/** Lays out the nodes on the way from an output to the root of the tree. */
function layPath(p: usize, target: i32): i32 {
  const paths = load<usize>(p, PATHS) + ((<usize>target) << 2);
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  const steps = load<usize>(p, STEPS);
  const end = load<u32>(paths, 4);
  let slot = 0;
  for (let i = load<u32>(paths); i < end; i += 1) {
    const step = load<u32>(steps + ((<usize>i) << 2));
    put(groups, slot, output + <usize>(step >> 1) * bytes, <f32>(step & 1), 1);
    slot += 1;
  }
  return fillGroup(p, slot);
}

function put(groups: usize, slot: i32, row: usize, label: f32, weight: f32): void {
  const group = groups + <usize>(slot / 6) * GROUP;
  const at = (<usize>(slot % 6)) << 2;
  store<usize>(group + at, row);
  store<f32>(group + at, label, LABELS);
  store<f32>(group + at, weight, WEIGHTS);
}

function fillGroup(p: usize, used: i32): i32 {
  let slot = used;
  for (; slot % 6 != 0; slot += 1) put(load<usize>(p, GROUPS), slot, load<usize>(p, NOTHING), 0, 0);
  return slot / 6;
}

/** Walker's alias method: entries of (threshold, other output). */
function drawOutput(p: usize): i32 {
  const bits = random(p + RANDOM);
  const slot = <usize>(((bits >> 32) * load<u32>(p, OUTPUTS)) >> 32);
  const entry = load<usize>(p, ALIAS) + (slot << 3);
  return <u32>bits <= load<u32>(entry) ? <i32>slot : load<i32>(entry, 4);
}

function trainGroups(p: usize, groups: i32, rate: f32): void {
  const first = load<usize>(p, GROUPS);
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const bytes = load<usize>(p, ROW_BYTES);
  for (let g = 0; g < groups; g += 1) trainSix(p, first + <usize>g * GROUP, hidden, error, bytes, rate);
}

/** Six outputs against the hidden vector; what it is to learn is added to `error`. */
function trainSix(p: usize, group: usize, hidden: usize, error: usize, bytes: usize, rate: f32): void {
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
    const x = v128.load(hidden + d);
    a0 = f32x4.add(a0, f32x4.mul(x, v128.load(t0 + d)));
    a1 = f32x4.add(a1, f32x4.mul(x, v128.load(t1 + d)));
    a2 = f32x4.add(a2, f32x4.mul(x, v128.load(t2 + d)));
    a3 = f32x4.add(a3, f32x4.mul(x, v128.load(t3 + d)));
    a4 = f32x4.add(a4, f32x4.mul(x, v128.load(t4 + d)));
    a5 = f32x4.add(a5, f32x4.mul(x, v128.load(t5 + d)));
  }
  const ga = gradient(p, sums(a0, a1, a2, a3), v128.load(group, LABELS), v128.load(group, WEIGHTS), rate);
  const gb = gradient(
    p,
    sums(a4, a5, zero, zero),
    v128.load64_zero(group, LABELS + 16),
    v128.load64_zero(group, WEIGHTS + 16),
    rate,
  );
  a0 = v128.shuffle<f32>(ga, ga, 0, 0, 0, 0);
  a1 = v128.shuffle<f32>(ga, ga, 1, 1, 1, 1);
  a2 = v128.shuffle<f32>(ga, ga, 2, 2, 2, 2);
  a3 = v128.shuffle<f32>(ga, ga, 3, 3, 3, 3);
  a4 = v128.shuffle<f32>(gb, gb, 0, 0, 0, 0);
  a5 = v128.shuffle<f32>(gb, gb, 1, 1, 1, 1);
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(hidden + d);
    let t = v128.load(t0 + d);
    let u = f32x4.add(v128.load(error + d), f32x4.mul(a0, t));
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
    v128.store(error + d, u);
  }
}

/** (label − sigmoid) × weight × rate of four outputs, whose probabilities go into the loss where the weight is not 0. */
// @ts-ignore: decorator
@inline
function gradient(p: usize, products: v128, labels: v128, weights: v128, rate: f32): v128 {
  const one = f32x4.splat(1);
  const s = sigmoid(products);
  const right = f32x4.abs(f32x4.sub(f32x4.add(s, labels), one));
  const likely = v128.bitselect(right, one, f32x4.gt(weights, f32x4.splat(0)));
  multiply(
    p + LIKELY,
    <f64>f32x4.extract_lane(likely, 0) *
      <f64>f32x4.extract_lane(likely, 1) *
      (<f64>f32x4.extract_lane(likely, 2) * <f64>f32x4.extract_lane(likely, 3)),
  );
  return f32x4.mul(f32x4.mul(f32x4.sub(labels, s), weights), f32x4.splat(rate));
}

function softmax(p: usize, target: i32, rate: f32): void {
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

export function oneVersusAll(p: usize, labels: usize, count: i32, rate: f32): void {
  const outputs = load<i32>(p, OUTPUTS);
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  for (let from = 0; from < outputs; from += 6) {
    const to = min(outputs, from + 6);
    for (let i = from; i < to; i += 1) {
      let label: f32 = 0;
      for (let j = 0; j < count; j += 1) if (load<i32>(labels + ((<usize>j) << 2)) == i) label = 1;
      put(groups, i - from, output + <usize>i * bytes, label, 1);
    }
    trainGroups(p, fillGroup(p, to - from), rate);
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
