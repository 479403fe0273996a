/**
 * GloVe (Pennington et al. 2014): counting co-occurrences word by word, and one pass of AdaGrad over cells in float32.
 *
 * A cell is eight bytes: row within its block of 512 rows << 23 | column, and the count as float32.
 * What differs from the C tools: a word's counts are summed over its places in the text (an inverted index) in a dense row of
 * float64, so that nothing is hashed or sorted; parameters are float32. src/words/glove/ lays out the memory.
 */
import { exponential, logarithm } from "./elementary";

/** Columns of a tile, and rows of a block. */
const BLOCK_BITS: u32 = 9;
const COLUMN_BITS: u32 = 23;
const COLUMN_MASK: u32 = (1 << COLUMN_BITS) - 1;

// Places in the counting parameters, which src/words/glove/count-memory.ts writes.
const IDS: usize = 0;
const WEIGHTS: usize = 4;
const SUMS: usize = 8;
const TOUCHED: usize = 12;
const WINDOW: usize = 16;
const SYMMETRIC: usize = 20;

/**
 * Sums the weights of all words around the `count` places of a word and writes its cells to `out`; gives how many they are.
 * -1 among the ids ends a window; the text has such ends before and after it.
 */
export function countWord(p: usize, places: usize, count: i32, localRow: u32, out: usize): i32 {
  const ids = load<usize>(p, IDS);
  const weights = load<usize>(p, WEIGHTS);
  const sums = load<usize>(p, SUMS);
  const touched = load<usize>(p, TOUCHED);
  const reach = load<usize>(p, WINDOW) << 2;
  const symmetric = load<i32>(p, SYMMETRIC) != 0;
  let end = touched;
  for (let i = 0; i < count; i += 1) {
    const place = ids + (<usize>load<u32>(places + ((<usize>i) << 2)) << 2);
    for (let d: usize = 4; d <= reach; d += 4) {
      const id = load<i32>(place + d);
      if (id < 0) break;
      end = add(sums, end, id, load<f64>(weights + (d << 1)));
    }
    if (!symmetric) continue;
    for (let d: usize = 4; d <= reach; d += 4) {
      const id = load<i32>(place - d);
      if (id < 0) break;
      end = add(sums, end, id, load<f64>(weights + (d << 1)));
    }
  }
  for (let at = touched; at < end; at += 4) {
    const id = load<u32>(at);
    const sum = sums + ((<usize>id) << 3);
    store<u32>(out, (localRow << COLUMN_BITS) | id);
    store<f32>(out, <f32>load<f64>(sum), 4);
    store<f64>(sum, 0);
    out += 8;
  }
  return <i32>((end - touched) >> 2);
}

// @ts-ignore: decorator
@inline
function add(sums: usize, end: usize, id: i32, weight: f64): usize {
  const at = sums + ((<usize>id) << 3);
  const sum = load<f64>(at);
  store<f64>(at, sum + weight);
  if (sum != 0) return end;
  store<i32>(end, id);
  return end + 4;
}

/** Sorts cells by their block of columns; `ends` (zeros, one u32 a block of columns) gets where each block ends in `to`. */
export function sortCells(from: usize, count: i32, to: usize, ends: usize, blocks: i32): void {
  const last = from + ((<usize>count) << 3);
  for (let at = from; at < last; at += 8) {
    const end = ends + (((load<u32>(at) & COLUMN_MASK) >> BLOCK_BITS) << 2);
    store<u32>(end, load<u32>(end) + 1);
  }
  let sum: u32 = 0;
  for (let end = ends; end < ends + ((<usize>blocks) << 2); end += 4) {
    const size = load<u32>(end);
    store<u32>(end, sum);
    sum += size;
  }
  for (let at = from; at < last; at += 8) {
    const cell = load<u64>(at);
    const end = ends + ((((<u32>cell) & COLUMN_MASK) >> BLOCK_BITS) << 2);
    const place = load<u32>(end);
    store<u64>(to + ((<usize>place) << 3), cell);
    store<u32>(end, place + 1);
  }
}

/** Adds cells of one tile to its 512 × 512 sums; `known` keys are in `keys` already, gives how many are then. */
export function addCells(cells: usize, count: i32, sums: usize, keys: usize, known: i32): i32 {
  let end = keys + ((<usize>known) << 2);
  for (let at = cells; at < cells + ((<usize>count) << 3); at += 8) {
    const key = load<u32>(at);
    const sum = tileSum(sums, key);
    const before = load<f64>(sum);
    store<f64>(sum, before + <f64>load<f32>(at, 4));
    if (before != 0) continue;
    store<u32>(end, key);
    end += 4;
  }
  return <i32>((end - keys) >> 2);
}

/** Writes the summed cells of a tile to `out` and clears the sums. */
export function takeCells(out: usize, sums: usize, keys: usize, known: i32): void {
  for (let at = keys; at < keys + ((<usize>known) << 2); at += 4) {
    const key = load<u32>(at);
    const sum = tileSum(sums, key);
    store<u32>(out, key);
    store<f32>(out, <f32>load<f64>(sum), 4);
    store<f64>(sum, 0);
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function tileSum(sums: usize, key: u32): usize {
  const local = ((key >> COLUMN_BITS) << BLOCK_BITS) | (key & ((1 << BLOCK_BITS) - 1));
  return sums + ((<usize>local) << 3);
}

/** Fisher-Yates, drawing from a 64-bit linear congruential generator. */
export function shuffleCells(cells: usize, count: i32, low: u32, high: u32): void {
  let state = ((<u64>high) << 32) | (<u64>low);
  for (let i = count - 1; i > 0; i -= 1) {
    state = state * 6364136223846793005 + 1442695040888963407;
    const j = ((state >> 32) * <u64>(i + 1)) >> 32;
    const one = cells + ((<usize>i) << 3);
    const other = cells + ((<usize>j) << 3);
    const kept = load<u64>(one);
    store<u64>(one, load<u64>(other));
    store<u64>(other, kept);
  }
}

// Places in the training parameters, which src/words/glove/glove-memory.ts writes.
const WORDS: usize = 0;
const CONTEXTS: usize = 4;
const ROW_BYTES: usize = 8;
const VECTOR_BYTES: usize = 12;
const RATE: usize = 16;
const BIAS_RATE: usize = 20;
const CLIP: usize = 24;
const ALPHA: usize = 28;
const LOG_X_MAX: usize = 32;
const ANCHORS: usize = 36;

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

/**
 * Mittens (Dingwall and Potts 2018): one step of the rows `first … first + count` towards their given vectors, by the gradient
 * `share` × (word + context - given) on both sides. A row of `ANCHORS` that begins with NaN gives none.
 */
export function pullWords(p: usize, first: u32, count: i32, share: f32): void {
  const rowBytes = load<usize>(p, ROW_BYTES);
  const bytes = load<usize>(p, VECTOR_BYTES);
  const rate = f32x4.splat(load<f32>(p, RATE));
  const clip = load<f32>(p, CLIP);
  const most = f32x4.splat(clip);
  const least = f32x4.splat(-clip);
  const shares = f32x4.splat(share);
  for (let row = first; row < first + <u32>count; row += 1) {
    const anchor = load<usize>(p, ANCHORS) + <usize>row * bytes;
    if (load<f32>(anchor) != load<f32>(anchor)) continue;
    const word = load<usize>(p, WORDS) + <usize>row * rowBytes;
    const context = load<usize>(p, CONTEXTS) + <usize>row * rowBytes;
    for (let d: usize = 0; d < bytes; d += 16) {
      const w = v128.load(word + d);
      const c = v128.load(context + d);
      const away = f32x4.mul(shares, f32x4.sub(f32x4.add(w, c), v128.load(anchor + d)));
      const step = f32x4.mul(rate, f32x4.pmax(least, f32x4.pmin(most, away)));
      const squares = f32x4.mul(step, step);
      const squaresW = v128.load(word + bytes + d);
      const squaresC = v128.load(context + bytes + d);
      v128.store(word + d, f32x4.sub(w, f32x4.div(step, f32x4.sqrt(squaresW))));
      v128.store(context + d, f32x4.sub(c, f32x4.div(step, f32x4.sqrt(squaresC))));
      v128.store(word + bytes + d, f32x4.add(squaresW, squares));
      v128.store(context + bytes + d, f32x4.add(squaresC, squares));
    }
  }
}

// @ts-ignore: decorator
@inline
function stepBias(bias: usize, gradient: f32): void {
  const squares = load<f32>(bias, 4);
  store<f32>(bias, load<f32>(bias) - gradient / sqrt(squares));
  store<f32>(bias, squares + gradient * gradient, 4);
}
