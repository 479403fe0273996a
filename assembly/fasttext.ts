/**
 * fastText on lines of ids: skip-gram and CBOW over the rows of a word and its n-grams (Bojanowski et al. 2017), and text
 * classification (Joulin et al. 2017); negative sampling, hierarchical softmax, softmax and one-vs-all.
 *
 * What differs from fastText: skip-gram composes a centre word once for its whole window and follows by hand how that vector moves;
 * CBOW composes a word once for as long as it is in a window, and its rows get what has been learned when it leaves. Outputs are
 * taken six at a time. The sigmoid is computed, not looked up.
 *
 * Nothing is allocated here: src/words/fasttext/training-memory.ts lays out the memory and names the places of the parameters.
 */
import { below, normalize, random } from "./arithmetic";
import { learn, oneVersusAll } from "./fasttext-outputs";
import {
  INPUT,
  ROW_BYTES,
  KEEP,
  WINDOW,
  STARTS,
  ROWS,
  LOSS,
  KEPT,
  CONTEXTS,
  DIVIDE,
  HIDDEN,
  ERROR,
  RING,
  RANDOM,
  LIKELY,
  EXAMPLES,
  SOFTMAX,
} from "./fasttext-places";

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
  const before = load<usize>(p, RING);
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
    memory.copy(before, hidden, bytes);
    for (let c = 0; c < found; c += 1) {
      memory.fill(error, 0, bytes);
      learn(p, load<i32>(contexts + ((<usize>c) << 2)), rate);
      // Every row gets the error, so their mean moves by it.
      addScaled(hidden, error, bytes, 1);
    }
    addScaled(hidden, before, bytes, -1);
    addToRows(p, rows, parts, hidden);
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
  if (load<i32>(p, DIVIDE)) scale(error, bytes, <f32>1 / <f32>parts);
  for (let j = from; j <= to; j += 1) {
    if (j == at) continue;
    const slot = slotOf(p, j);
    addScaled(slot, error, bytes, <f32>partsOf(p, j));
    addScaled(slot + bytes, error, bytes, 1);
  }
  store<i32>(p, load<i32>(p, EXAMPLES) + 1, EXAMPLES);
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
