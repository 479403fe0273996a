/** fastText's CBOW: words stay composed in a ring for as long as they are in a window; their rows get what has been learned when they leave. */
import { below, normalize } from "./arithmetic";
import { learn } from "./fasttext-outputs";
import {
  DIVIDE,
  ERROR,
  EXAMPLES,
  HIDDEN,
  KEEP,
  KEPT,
  LIKELY,
  RANDOM,
  RING,
  ROW_BYTES,
  ROWS,
  STARTS,
  WINDOW,
} from "./fasttext-places";
import { addScaled, addToRows, scale, sumRows } from "./fasttext-rows";
import { subsample } from "./sampling";

/** Trains on `count` ids of words: the mean of all parts of the words around it predicts a word. */
export function cbow(p: usize, ids: usize, count: i32, rate: f32): void {
  const kept = subsample(p + RANDOM, ids, count, load<usize>(p, KEEP), load<usize>(p, KEPT));
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
  // Among the words, not their rows: as in skip-gram, every row of a word gets what the word gets.
  if (load<i32>(p, DIVIDE)) scale(error, bytes, <f32>1 / <f32>(to - from));
  for (let j = from; j <= to; j += 1) {
    if (j == at) continue;
    const slot = slotOf(p, j);
    addScaled(slot, error, bytes, <f32>partsOf(p, j));
    addScaled(slot + bytes, error, bytes, 1);
  }
  store<i32>(p, load<i32>(p, EXAMPLES) + 1, EXAMPLES);
}
