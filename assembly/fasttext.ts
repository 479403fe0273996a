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
import { below, normalize } from "./arithmetic";
import { learn, oneVersusAll } from "./fasttext-outputs";
import {
  CONTEXTS,
  ERROR,
  EXAMPLES,
  HIDDEN,
  KEEP,
  KEPT,
  LIKELY,
  LOSS,
  RANDOM,
  RING,
  ROW_BYTES,
  ROWS,
  SOFTMAX,
  STARTS,
  WINDOW,
} from "./fasttext-places";
import { addScaled, addToRows, scale, sumRows } from "./fasttext-rows";
import { gather, subsample } from "./sampling";

export { cbow } from "./fasttext-cbow";

/** Before a block: seeds its random numbers and empties its loss. */
export function begin(p: usize, low: u32, high: u32): void {
  store<u64>(p, ((<u64>high) << 32) | (<u64>low), RANDOM);
  store<f64>(p, 1, LIKELY);
  store<i32>(p, 0, LIKELY + 8);
  store<i32>(p, 0, EXAMPLES);
}

/** Trains on `count` ids of words (-1 ends a sentence): each word predicts those around it. */
export function skipGram(p: usize, ids: usize, count: i32, rate: f32): void {
  const kept = subsample(p + RANDOM, ids, count, load<usize>(p, KEEP), load<usize>(p, KEPT));
  const words = load<usize>(p, KEPT);
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const contexts = load<usize>(p, CONTEXTS);
  const before = load<usize>(p, RING);
  const bytes = load<usize>(p, ROW_BYTES);
  for (let i = 0; i < kept; i += 1) {
    const word = load<i32>(words + ((<usize>i) << 2));
    if (word < 0) continue;
    const found = gather(p + RANDOM, words, i, kept, load<i32>(p, WINDOW), contexts, 0, 1);
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
