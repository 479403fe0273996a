/**
 * word2vec on one block of a corpus (Mikolov et al. 2013): skip-gram and CBOW, negative sampling and hierarchical softmax.
 *
 * What differs from word2vec.c: the negatives are drawn once for a centre word and shared by all words of its window (pWord2Vec,
 * Ji et al. 2016), for CBOW by SHARED centre words; targets are taken six at a time against two context rows, with the
 * twelve products in registers, so that a row is read and written once for two context words. The sigmoid is computed, not
 * looked up. A later group of six sees the context rows as the earlier groups have left them.
 *
 * Nothing is allocated here: src/words/word2vec/word2vec-memory.ts lays out the memory and names the places below.
 */

/** Consecutive centre words of CBOW that share their negatives. */
const SHARED: i32 = 2;
/** A group: six row addresses (and two words unused), eight labels, eight weights. Slots 4, 5 of labels and weights are repeated in 6, 7. */
const GROUP: usize = 96;
const LABELS: usize = 32;
const WEIGHTS: usize = 64;

// Places in the parameters, which src/words/word2vec/word2vec-memory.ts writes.
const INPUT: usize = 0;
const OUTPUT: usize = 4;
const TREE: usize = 8;
const ROW_BYTES: usize = 12;
const KEEP: usize = 16;
const ALIAS: usize = 20;
const WORDS: usize = 24;
const NEGATIVE: usize = 28;
const WINDOW: usize = 32;
const CODES: usize = 36;
const CBOW: usize = 40;
const DIVIDE: usize = 44;
const KEPT: usize = 48;
const CONTEXTS: usize = 52;
const GROUPS: usize = 56;
const MEAN: usize = 60;
const ERROR: usize = 64;
const NOTHING: usize = 68;
const NEGATIVE_IDS: usize = 96;
// What comes back: -ln of the probabilities is -(ln MANTISSA + EXPONENT × ln 2).
const MANTISSA: usize = 72;
const EXPONENT: usize = 80;
const PAIRS: usize = 84;
const RANDOM: usize = 88;

/** Trains on `count` ids (-1 ends a sentence); `low` and `high` seed the block's random numbers. */
export function trainBlock(p: usize, ids: usize, count: i32, rate: f32, low: u32, high: u32): void {
  store<u64>(p, ((<u64>high) << 32) | (<u64>low), RANDOM);
  store<f64>(p, 1, MANTISSA);
  store<i32>(p, 0, EXPONENT);
  store<i32>(p, 0, PAIRS);
  const kept = subsample(p, ids, count);
  const window = load<i32>(p, WINDOW);
  const words = load<usize>(p, KEPT);
  const cbow = load<i32>(p, CBOW) != 0;
  let shared = 0;
  for (let i = 0; i < kept; i += 1) {
    const word = load<i32>(words + ((<usize>i) << 2));
    if (word < 0) continue;
    const reach = 1 + <i32>below(p, window);
    const contexts = gather(p, words, i, kept, reach);
    if (contexts == 0) continue;
    if (shared == 0 || !cbow) drawNegatives(p);
    shared = shared + 1 == SHARED ? 0 : shared + 1;
    const groups = targets(p, word);
    if (cbow) trainMean(p, contexts, groups, rate);
    else trainEach(p, contexts, groups, rate);
  }
  normalize(p);
}

/** Copies the words that stay; dropped ones vanish before the windows are cut, as in word2vec.c. */
function subsample(p: usize, ids: usize, count: i32): i32 {
  const keep = load<usize>(p, KEEP);
  const to = load<usize>(p, KEPT);
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    if (id >= 0) {
      const threshold = load<u32>(keep + ((<usize>id) << 2));
      if (threshold != u32.MAX_VALUE && <u32>(random(p) >> 32) > threshold) continue;
    }
    store<i32>(to + ((<usize>kept) << 2), id);
    kept += 1;
  }
  return kept;
}

/** Row addresses of the words at most `reach` away in the same sentence. */
function gather(p: usize, words: usize, at: i32, end: i32, reach: i32): i32 {
  const input = load<usize>(p, INPUT);
  const rowBytes = load<usize>(p, ROW_BYTES);
  const to = load<usize>(p, CONTEXTS);
  let found: usize = 0;
  for (let j = at - 1; j >= 0 && j >= at - reach; j -= 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<usize>(to + (found << 2), input + <usize>word * rowBytes);
    found += 1;
  }
  for (let j = at + 1; j < end && j <= at + reach; j += 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<usize>(to + (found << 2), input + <usize>word * rowBytes);
    found += 1;
  }
  return <i32>found;
}

/** Writes the negatives' ids behind the groups: drawn anew where one repeats, -1 where that does not help (few words). */
function drawNegatives(p: usize): void {
  const negative = load<i32>(p, NEGATIVE);
  const drawn = load<usize>(p, NEGATIVE_IDS);
  for (let k = 0; k < negative; k += 1) {
    let id = -1;
    for (let tries = 0; tries < 8; tries += 1) {
      const found = negativeWord(p);
      let fresh = true;
      for (let j = 0; j < k; j += 1) fresh = fresh && load<i32>(drawn + ((<usize>j) << 2)) != found;
      if (fresh) {
        id = found;
        break;
      }
    }
    store<i32>(drawn + ((<usize>k) << 2), id);
  }
}

/** Walker's alias method: entries of (threshold, other word). */
function negativeWord(p: usize): i32 {
  const bits = random(p);
  const slot = <usize>(((bits >> 32) * load<u32>(p, WORDS)) >> 32);
  const entry = load<usize>(p, ALIAS) + (slot << 3);
  return <u32>bits <= load<u32>(entry) ? <i32>slot : load<i32>(entry, 4);
}

/** Lays out the groups of six targets: the word and the negatives, then the nodes on the word's way through the tree. */
function targets(p: usize, word: i32): i32 {
  const rowBytes = load<usize>(p, ROW_BYTES);
  const negative = load<i32>(p, NEGATIVE);
  const groups = load<usize>(p, GROUPS);
  let slot = 0;
  if (negative > 0) {
    const output = load<usize>(p, OUTPUT);
    const drawn = load<usize>(p, NEGATIVE_IDS);
    put(groups, slot, output + <usize>word * rowBytes, 1, 1);
    slot += 1;
    for (let k = 0; k < negative; k += 1) {
      const id = load<i32>(drawn + ((<usize>k) << 2));
      if (id < 0 || id == word) continue;
      put(groups, slot, output + <usize>id * rowBytes, 0, 1);
      slot += 1;
    }
  }
  const codes = load<usize>(p, CODES);
  if (codes) {
    const tree = load<usize>(p, TREE);
    const end = load<u32>(codes + ((<usize>word + 1) << 2));
    const steps = codes + ((<usize>load<i32>(p, WORDS) + 1) << 2);
    for (let k = load<u32>(codes + ((<usize>word) << 2)); k < end; k += 1) {
      const step = load<u32>(steps + ((<usize>k) << 2));
      put(groups, slot, tree + <usize>(step >> 1) * rowBytes, <f32>((step & 1) ^ 1), 1);
      slot += 1;
    }
  }
  const nothing = load<usize>(p, NOTHING);
  for (; slot % 6 != 0; slot += 1) put(groups, slot, nothing, 0, 0);
  return slot / 6;
}

function put(groups: usize, slot: i32, row: usize, label: f32, weight: f32): void {
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

/** Skip-gram: every context word predicts the centre. */
function trainEach(p: usize, contexts: i32, groups: i32, rate: f32): void {
  const bytes = load<usize>(p, ROW_BYTES);
  const rows = load<usize>(p, CONTEXTS);
  const first = load<usize>(p, GROUPS);
  for (let g = 0; g < groups; g += 1) {
    const group = first + <usize>g * GROUP;
    let i = 0;
    while (i < contexts) {
      const one = load<usize>(rows + ((<usize>i) << 2));
      const other = i + 1 < contexts ? load<usize>(rows + ((<usize>i) << 2), 4) : one;
      // The same word twice must not overwrite its own update.
      if (one == other) {
        stepOne(p, group, one, one, bytes, rate);
        i += 1;
      } else {
        stepTwo(p, group, one, other, bytes, rate);
        i += 2;
      }
    }
  }
  store<i32>(p, load<i32>(p, PAIRS) + contexts, PAIRS);
}

/** CBOW: the mean of the context words predicts the centre. */
function trainMean(p: usize, contexts: i32, groups: i32, rate: f32): void {
  const bytes = load<usize>(p, ROW_BYTES);
  const rows = load<usize>(p, CONTEXTS);
  const mean = load<usize>(p, MEAN);
  const error = load<usize>(p, ERROR);
  const end = rows + ((<usize>contexts) << 2);
  const share = f32x4.splat(<f32>1 / <f32>contexts);
  for (let d: usize = 0; d < bytes; d += 16) {
    let sum = f32x4.splat(0);
    for (let row = rows; row < end; row += 4) sum = f32x4.add(sum, v128.load(load<usize>(row) + d));
    v128.store(mean + d, f32x4.mul(sum, share));
  }
  memory.fill(error, 0, bytes);
  const first = load<usize>(p, GROUPS);
  for (let g = 0; g < groups; g += 1) stepOne(p, first + <usize>g * GROUP, mean, error, bytes, rate);
  const scale = load<i32>(p, DIVIDE) ? share : f32x4.splat(1);
  for (let row = rows; row < end; row += 4) {
    const to = load<usize>(row);
    for (let d: usize = 0; d < bytes; d += 16) {
      v128.store(to + d, f32x4.add(v128.load(to + d), f32x4.mul(scale, v128.load(error + d))));
    }
  }
  store<i32>(p, load<i32>(p, PAIRS) + 1, PAIRS);
}

/** Six targets against two different context rows. */
function stepTwo(p: usize, group: usize, one: usize, other: usize, bytes: usize, rate: f32): void {
  const t0 = load<usize>(group),
    t1 = load<usize>(group, 4),
    t2 = load<usize>(group, 8),
    t3 = load<usize>(group, 12),
    t4 = load<usize>(group, 16),
    t5 = load<usize>(group, 20);
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    a4 = a0,
    a5 = a0;
  let b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0,
    b4 = a0,
    b5 = a0;
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(one + d),
      y = v128.load(other + d);
    let t = v128.load(t0 + d);
    a0 = f32x4.add(a0, f32x4.mul(x, t));
    b0 = f32x4.add(b0, f32x4.mul(y, t));
    t = v128.load(t1 + d);
    a1 = f32x4.add(a1, f32x4.mul(x, t));
    b1 = f32x4.add(b1, f32x4.mul(y, t));
    t = v128.load(t2 + d);
    a2 = f32x4.add(a2, f32x4.mul(x, t));
    b2 = f32x4.add(b2, f32x4.mul(y, t));
    t = v128.load(t3 + d);
    a3 = f32x4.add(a3, f32x4.mul(x, t));
    b3 = f32x4.add(b3, f32x4.mul(y, t));
    t = v128.load(t4 + d);
    a4 = f32x4.add(a4, f32x4.mul(x, t));
    b4 = f32x4.add(b4, f32x4.mul(y, t));
    t = v128.load(t5 + d);
    a5 = f32x4.add(a5, f32x4.mul(x, t));
    b5 = f32x4.add(b5, f32x4.mul(y, t));
  }
  const labels = v128.load(group, LABELS),
    lastLabels = v128.load(group, LABELS + 16);
  const weights = v128.load(group, WEIGHTS),
    lastWeights = v128.load(group, WEIGHTS + 16);
  const sa = sigmoid(sums(a0, a1, a2, a3)),
    sb = sigmoid(sums(b0, b1, b2, b3)),
    sc = sigmoid(sums(a4, a5, b4, b5));
  const likely = f32x4.mul(
    f32x4.mul(probability(sa, labels, weights), probability(sb, labels, weights)),
    probability(sc, lastLabels, lastWeights),
  );
  count(p, likely);
  const rates = f32x4.splat(rate);
  const ga = f32x4.mul(f32x4.mul(f32x4.sub(labels, sa), weights), rates),
    gb = f32x4.mul(f32x4.mul(f32x4.sub(labels, sb), weights), rates),
    gc = f32x4.mul(f32x4.mul(f32x4.sub(lastLabels, sc), lastWeights), rates);
  a0 = v128.shuffle<f32>(ga, ga, 0, 0, 0, 0);
  a1 = v128.shuffle<f32>(ga, ga, 1, 1, 1, 1);
  a2 = v128.shuffle<f32>(ga, ga, 2, 2, 2, 2);
  a3 = v128.shuffle<f32>(ga, ga, 3, 3, 3, 3);
  a4 = v128.shuffle<f32>(gc, gc, 0, 0, 0, 0);
  a5 = v128.shuffle<f32>(gc, gc, 1, 1, 1, 1);
  b0 = v128.shuffle<f32>(gb, gb, 0, 0, 0, 0);
  b1 = v128.shuffle<f32>(gb, gb, 1, 1, 1, 1);
  b2 = v128.shuffle<f32>(gb, gb, 2, 2, 2, 2);
  b3 = v128.shuffle<f32>(gb, gb, 3, 3, 3, 3);
  b4 = v128.shuffle<f32>(gc, gc, 2, 2, 2, 2);
  b5 = v128.shuffle<f32>(gc, gc, 3, 3, 3, 3);
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(one + d),
      y = v128.load(other + d);
    let t = v128.load(t0 + d);
    let u = f32x4.add(x, f32x4.mul(a0, t)),
      v = f32x4.add(y, f32x4.mul(b0, t));
    v128.store(t0 + d, f32x4.add(t, f32x4.add(f32x4.mul(a0, x), f32x4.mul(b0, y))));
    t = v128.load(t1 + d);
    u = f32x4.add(u, f32x4.mul(a1, t));
    v = f32x4.add(v, f32x4.mul(b1, t));
    v128.store(t1 + d, f32x4.add(t, f32x4.add(f32x4.mul(a1, x), f32x4.mul(b1, y))));
    t = v128.load(t2 + d);
    u = f32x4.add(u, f32x4.mul(a2, t));
    v = f32x4.add(v, f32x4.mul(b2, t));
    v128.store(t2 + d, f32x4.add(t, f32x4.add(f32x4.mul(a2, x), f32x4.mul(b2, y))));
    t = v128.load(t3 + d);
    u = f32x4.add(u, f32x4.mul(a3, t));
    v = f32x4.add(v, f32x4.mul(b3, t));
    v128.store(t3 + d, f32x4.add(t, f32x4.add(f32x4.mul(a3, x), f32x4.mul(b3, y))));
    t = v128.load(t4 + d);
    u = f32x4.add(u, f32x4.mul(a4, t));
    v = f32x4.add(v, f32x4.mul(b4, t));
    v128.store(t4 + d, f32x4.add(t, f32x4.add(f32x4.mul(a4, x), f32x4.mul(b4, y))));
    t = v128.load(t5 + d);
    u = f32x4.add(u, f32x4.mul(a5, t));
    v = f32x4.add(v, f32x4.mul(b5, t));
    v128.store(t5 + d, f32x4.add(t, f32x4.add(f32x4.mul(a5, x), f32x4.mul(b5, y))));
    v128.store(one + d, u);
    v128.store(other + d, v);
  }
}

/** Six targets against one row; its update is added to `to`, which may be the row itself. */
function stepOne(p: usize, group: usize, row: usize, to: usize, bytes: usize, rate: f32): void {
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
  count(p, f32x4.mul(probability(sa, labels, weights), probability(sc, lastLabels, lastWeights)));
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

/** The sums of the lanes of four vectors. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** 1 / (1 + e^-x) for x held within ±14, to about 2e-7; e^-x as 2^whole × a polynomial of the rest. */
// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  const held = f32x4.max(f32x4.min(x, f32x4.splat(14)), f32x4.splat(-14));
  const power = f32x4.mul(held, f32x4.splat(-1.4426950408889634));
  const whole = f32x4.nearest(power);
  const z = f32x4.sub(power, whole);
  let e = f32x4.add(f32x4.splat(0.009618129107628477), f32x4.mul(z, f32x4.splat(0.0013333558146428443)));
  e = f32x4.add(f32x4.splat(0.05550410866482158), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(0.2402265069591007), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(0.6931471805599453), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(1), f32x4.mul(z, e));
  e = i32x4.add(e, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
}

/** The probability that the model gives to what is the case; 1 where the weight is 0. */
// @ts-ignore: decorator
@inline
function probability(s: v128, label: v128, weight: v128): v128 {
  const one = f32x4.splat(1);
  const p = f32x4.abs(f32x4.sub(f32x4.add(s, label), one));
  return f32x4.add(f32x4.mul(p, weight), f32x4.sub(one, weight));
}

/** Multiplies the probabilities up: one logarithm for a whole block instead of one for each. */
// @ts-ignore: decorator
@inline
function count(p: usize, likely: v128): void {
  const product =
    load<f64>(p, MANTISSA) *
    (<f64>f32x4.extract_lane(likely, 0) * <f64>f32x4.extract_lane(likely, 1)) *
    (<f64>f32x4.extract_lane(likely, 2) * <f64>f32x4.extract_lane(likely, 3));
  store<f64>(p, product, MANTISSA);
  if (product < 1e-200) normalize(p);
}

/** Moves the product's exponent to a counter of its own. */
function normalize(p: usize): void {
  const product = load<f64>(p, MANTISSA);
  if (!(product > 0)) return;
  const bits = reinterpret<u64>(product);
  store<i32>(p, load<i32>(p, EXPONENT) + <i32>(bits >> 52) - 1023, EXPONENT);
  store<f64>(p, reinterpret<f64>((bits & 0xfffffffffffff) | (<u64>1023 << 52)), MANTISSA);
}

/** SplitMix64 (Steele et al. 2014). */
// @ts-ignore: decorator
@inline
function random(p: usize): u64 {
  const state = load<u64>(p, RANDOM) + 0x9e3779b97f4a7c15;
  store<u64>(p, state, RANDOM);
  let z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** 0 … limit − 1. */
// @ts-ignore: decorator
@inline
function below(p: usize, limit: i32): u64 {
  return ((random(p) >> 32) * <u64>limit) >> 32;
}

/**
 * Brings the rows `from … to` of `count` copies together: a row moves by the mean of the moves of those lanes that moved it, so that
 * a frequent word is averaged and a rare one keeps the whole of what one lane has learned. All copies get the result.
 */
export function mergeRows(
  common: usize,
  copies: usize,
  count: i32,
  stride: usize,
  from: i32,
  to: i32,
  rowBytes: usize,
): void {
  const end = <usize>to * rowBytes;
  for (let row = <usize>from * rowBytes; row < end; row += rowBytes) {
    let moved = 0;
    for (let k = 0; k < count; k += 1) moved += i32(differs(common + row, copies + <usize>k * stride + row, rowBytes));
    if (moved == 0) continue;
    const share = f32x4.splat(<f32>1 / <f32>moved);
    for (let d = row; d < row + rowBytes; d += 16) {
      const old = v128.load(common + d);
      let sum = f32x4.splat(0);
      for (let k = 0; k < count; k += 1) {
        sum = f32x4.add(sum, f32x4.sub(v128.load(copies + <usize>k * stride + d), old));
      }
      const merged = f32x4.add(old, f32x4.mul(sum, share));
      v128.store(common + d, merged);
      for (let k = 0; k < count; k += 1) v128.store(copies + <usize>k * stride + d, merged);
    }
  }
}

function differs(a: usize, b: usize, bytes: usize): bool {
  for (let d: usize = 0; d < bytes; d += 16) {
    if (v128.any_true(v128.xor(v128.load(a + d), v128.load(b + d)))) return true;
  }
  return false;
}
