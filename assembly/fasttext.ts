/**
 * fastText on lines of ids: skip-gram and CBOW over the rows of a word and its n-grams (Bojanowski et al. 2017), and text
 * classification (Joulin et al. 2017); negative sampling, hierarchical softmax, softmax and one-vs-all.
 *
 * What differs from fastText: skip-gram composes a centre word once for all words of its window, which share their negatives
 * (SHARED of them, weighted up to `negative` for each); CBOW composes a word once for as long as it is in a window, and its rows
 * get what has been learned when it leaves. Outputs are taken six at a time. The sigmoid is computed, not looked up.
 *
 * Nothing is allocated here: src/words/fasttext/training-memory.ts lays out the memory and names the places below.
 */
import { below, exponential, multiply, normalize, random, sigmoid, sums } from "./arithmetic";

/** A group: six row addresses (and two words unused), eight labels, eight weights. */
const GROUP: usize = 96;
const LABELS: usize = 32;
const WEIGHTS: usize = 64;

// Places in the parameters.
const INPUT: usize = 0;
const OUTPUT: usize = 4;
const ROW_BYTES: usize = 8;
const KEEP: usize = 12;
const ALIAS: usize = 16;
const OUTPUTS: usize = 20;
const NEGATIVE: usize = 24;
const WINDOW: usize = 28;
const STARTS: usize = 32;
const ROWS: usize = 36;
const PATHS: usize = 40;
const STEPS: usize = 44;
const LOSS: usize = 48;
const KEPT: usize = 52;
const CONTEXTS: usize = 56;
const GROUPS: usize = 60;
const HIDDEN: usize = 64;
const ERROR: usize = 68;
const RING: usize = 72;
const SCORES: usize = 76;
const NOTHING: usize = 80;
const SHARED: usize = 84;
const RANDOM: usize = 88;
/** What comes back: the product of the probabilities given to what is the case, and the number of examples. */
const LIKELY: usize = 96;
const EXAMPLES: usize = 112;

const HIERARCHICAL: i32 = 1;
const NEGATIVES: i32 = 2;
const SOFTMAX: i32 = 3;

/** Before a block: seeds its random numbers and empties its loss. */
export function begin(p: usize, low: u32, high: u32): void {
  store<u64>(p, ((<u64>high) << 32) | (<u64>low), RANDOM);
  store<f64>(p, 1, LIKELY);
  store<i32>(p, 0, LIKELY + 8);
  store<i32>(p, 0, EXAMPLES);
}

/** Trains on `count` ids of words (-1 ends a sentence): each word predicts those around it. */
export function skipGram(p: usize, ids: usize, count: i32, rate: f32): void {
  const kept = subsample(p, ids, count);
  const words = load<usize>(p, KEPT);
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const contexts = load<usize>(p, CONTEXTS);
  const bytes = load<usize>(p, ROW_BYTES);
  for (let i = 0; i < kept; i += 1) {
    const word = load<i32>(words + ((<usize>i) << 2));
    if (word < 0) continue;
    const found = gather(p, i, kept);
    if (found == 0) continue;
    const from = load<u32>(load<usize>(p, STARTS) + ((<usize>word) << 2));
    const rows = load<usize>(p, ROWS) + ((<usize>from) << 2);
    const parts = <i32>(load<u32>(load<usize>(p, STARTS) + ((<usize>word) << 2), 4) - from);
    sumRows(p, rows, parts, hidden);
    scale(hidden, bytes, <f32>1 / <f32>parts);
    memory.fill(error, 0, bytes);
    if (load<i32>(p, LOSS) == NEGATIVES) {
      const targets = layTargets(p, contexts, found, load<i32>(p, SHARED));
      trainGroups(p, targets, rate);
    } else for (let c = 0; c < found; c += 1) learn(p, load<i32>(contexts + ((<usize>c) << 2)), rate);
    addToRows(p, rows, parts, error);
    store<i32>(p, load<i32>(p, EXAMPLES) + found, EXAMPLES);
  }
  normalize(p + LIKELY);
}

/** Trains on `count` ids of words: the mean of all parts of the words around it predicts a word. */
export function cbow(p: usize, ids: usize, count: i32, rate: f32): void {
  const kept = subsample(p, ids, count);
  const words = load<usize>(p, KEPT);
  const window = load<i32>(p, WINDOW);
  let start = 0;
  while (start < kept) {
    let end = start;
    while (end < kept && load<i32>(words + ((<usize>end) << 2)) >= 0) end += 1;
    let loaded = start;
    for (let i = start; i < end; i += 1) {
      while (loaded < end && loaded <= i + window) {
        enterRing(p, loaded);
        loaded += 1;
      }
      if (i - window > start) leaveRing(p, i - window - 1);
      const reach = 1 + below(p + RANDOM, window);
      predictFromRing(p, i, max(start, i - reach), min(end - 1, i + reach), rate);
    }
    for (let i = max(start, end - 1 - window); i < end; i += 1) leaveRing(p, i);
    start = end + 1;
  }
  normalize(p + LIKELY);
}

/** Trains on one text: rows of the input, and the labels that are right. */
export function classify(p: usize, rows: usize, parts: i32, labels: usize, count: i32, rate: f32): void {
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const bytes = load<usize>(p, ROW_BYTES);
  const share = <f32>1 / <f32>parts;
  sumRows(p, rows, parts, hidden);
  scale(hidden, bytes, share);
  memory.fill(error, 0, bytes);
  if (load<i32>(p, LOSS) <= SOFTMAX) {
    const one = count == 1 ? 0 : below(p + RANDOM, count);
    learn(p, load<i32>(labels + ((<usize>one) << 2)), rate);
  } else oneVersusAll(p, labels, count, rate);
  scale(error, bytes, share);
  addToRows(p, rows, parts, error);
  store<i32>(p, load<i32>(p, EXAMPLES) + 1, EXAMPLES);
  normalize(p + LIKELY);
}

/** Copies the words that stay; dropped ones vanish before the windows are cut. */
function subsample(p: usize, ids: usize, count: i32): i32 {
  const keep = load<usize>(p, KEEP);
  const to = load<usize>(p, KEPT);
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    if (id >= 0) {
      const threshold = load<u32>(keep + ((<usize>id) << 2));
      if (threshold != u32.MAX_VALUE && <u32>(random(p + RANDOM) >> 32) > threshold) continue;
    }
    store<i32>(to + ((<usize>kept) << 2), id);
    kept += 1;
  }
  return kept;
}

/** The words of a window of random size around a word in the same sentence. */
function gather(p: usize, at: i32, end: i32): i32 {
  const words = load<usize>(p, KEPT);
  const to = load<usize>(p, CONTEXTS);
  const reach = 1 + below(p + RANDOM, load<i32>(p, WINDOW));
  let found: usize = 0;
  for (let j = at - 1; j >= 0 && j >= at - reach; j -= 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<i32>(to + (found << 2), word);
    found += 1;
  }
  for (let j = at + 1; j < end && j <= at + reach; j += 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<i32>(to + (found << 2), word);
    found += 1;
  }
  return <i32>found;
}

// A slot of the ring: the sum of a word's rows, then what its rows are to get.

function slotOf(p: usize, position: i32): usize {
  const slots = 2 * load<i32>(p, WINDOW) + 2;
  return load<usize>(p, RING) + <usize>(position % slots) * (load<usize>(p, ROW_BYTES) << 1);
}

function partsOf(p: usize, position: i32): i32 {
  const word = load<i32>(load<usize>(p, KEPT) + ((<usize>position) << 2));
  const starts = load<usize>(p, STARTS) + ((<usize>word) << 2);
  return <i32>(load<u32>(starts, 4) - load<u32>(starts));
}

function rowsOf(p: usize, position: i32): usize {
  const word = load<i32>(load<usize>(p, KEPT) + ((<usize>position) << 2));
  return load<usize>(p, ROWS) + ((<usize>load<u32>(load<usize>(p, STARTS) + ((<usize>word) << 2))) << 2);
}

function enterRing(p: usize, position: i32): void {
  const slot = slotOf(p, position);
  const bytes = load<usize>(p, ROW_BYTES);
  sumRows(p, rowsOf(p, position), partsOf(p, position), slot);
  memory.fill(slot + bytes, 0, bytes);
}

function leaveRing(p: usize, position: i32): void {
  addToRows(p, rowsOf(p, position), partsOf(p, position), slotOf(p, position) + load<usize>(p, ROW_BYTES));
}

function predictFromRing(p: usize, at: i32, from: i32, to: i32, rate: f32): void {
  if (from == to) return;
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const bytes = load<usize>(p, ROW_BYTES);
  memory.fill(hidden, 0, bytes);
  let parts = 0;
  for (let j = from; j <= to; j += 1) {
    if (j == at) continue;
    parts += partsOf(p, j);
    addScaled(hidden, slotOf(p, j), bytes, 1);
  }
  scale(hidden, bytes, <f32>1 / <f32>parts);
  memory.fill(error, 0, bytes);
  learn(p, load<i32>(load<usize>(p, KEPT) + ((<usize>at) << 2)), rate);
  for (let j = from; j <= to; j += 1) {
    if (j == at) continue;
    const slot = slotOf(p, j);
    addScaled(slot, error, bytes, <f32>partsOf(p, j));
    addScaled(slot + bytes, error, bytes, 1);
  }
  store<i32>(p, load<i32>(p, EXAMPLES) + 1, EXAMPLES);
}

/** One right output for the hidden vector: adds to the error and moves the outputs. */
function learn(p: usize, target: i32, rate: f32): void {
  const loss = load<i32>(p, LOSS);
  if (loss == SOFTMAX) {
    softmax(p, target, rate);
    return;
  }
  if (loss == HIERARCHICAL) {
    trainGroups(p, layPath(p, target), rate);
    return;
  }
  const contexts = load<usize>(p, CONTEXTS);
  store<i32>(contexts, target);
  trainGroups(p, layTargets(p, contexts, 1, load<i32>(p, NEGATIVE)), rate);
}

/** Lays out the right outputs and `shared` wrong ones, each of which counts for all that it differs from. */
function layTargets(p: usize, right: usize, count: i32, shared: i32): i32 {
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  let slot = 0;
  for (let i = 0; i < count; i += 1) {
    put(groups, slot, output + <usize>load<i32>(right + ((<usize>i) << 2)) * bytes, 1, 1);
    slot += 1;
  }
  const share = <f32>load<i32>(p, NEGATIVE) / <f32>shared;
  for (let k = 0; k < shared; k += 1) {
    const id = drawOutput(p);
    let different = 0;
    for (let i = 0; i < count; i += 1) different += <i32>(load<i32>(right + ((<usize>i) << 2)) != id);
    if (different == 0) continue;
    put(groups, slot, output + <usize>id * bytes, 0, share * <f32>different);
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

function oneVersusAll(p: usize, labels: usize, count: i32, rate: f32): void {
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

/** The sum of rows of the input, eight numbers of all rows at a time. */
function sumRows(p: usize, rows: usize, count: i32, to: usize): void {
  const input = load<usize>(p, INPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const end = rows + ((<usize>count) << 2);
  let d: usize = 0;
  for (; d + 64 <= bytes; d += 64) {
    let a = f32x4.splat(0),
      b = a,
      c = a,
      e = a;
    for (let at = rows; at < end; at += 4) {
      const row = input + <usize>load<u32>(at) * bytes + d;
      a = f32x4.add(a, v128.load(row));
      b = f32x4.add(b, v128.load(row, 16));
      c = f32x4.add(c, v128.load(row, 32));
      e = f32x4.add(e, v128.load(row, 48));
    }
    v128.store(to + d, a);
    v128.store(to + d, b, 16);
    v128.store(to + d, c, 32);
    v128.store(to + d, e, 48);
  }
  for (; d < bytes; d += 16) {
    let a = f32x4.splat(0);
    for (let at = rows; at < end; at += 4) a = f32x4.add(a, v128.load(input + <usize>load<u32>(at) * bytes + d));
    v128.store(to + d, a);
  }
}

function addToRows(p: usize, rows: usize, count: i32, from: usize): void {
  const input = load<usize>(p, INPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const end = rows + ((<usize>count) << 2);
  for (let at = rows; at < end; at += 4) addScaled(input + <usize>load<u32>(at) * bytes, from, bytes, 1);
}

function addScaled(to: usize, from: usize, bytes: usize, by: f32): void {
  const s = f32x4.splat(by);
  for (let d: usize = 0; d < bytes; d += 16) {
    v128.store(to + d, f32x4.add(v128.load(to + d), f32x4.mul(s, v128.load(from + d))));
  }
}

function scale(row: usize, bytes: usize, by: f32): void {
  const s = f32x4.splat(by);
  for (let d: usize = 0; d < bytes; d += 16) v128.store(row + d, f32x4.mul(s, v128.load(row + d)));
}
