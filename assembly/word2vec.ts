/**
 * word2vec on one block of a corpus (Mikolov et al. 2013): skip-gram and CBOW, negative sampling and hierarchical softmax.
 *
 * What differs from word2vec.c: the negatives are drawn once for a centre word and shared by all words of its window (pWord2Vec,
 * Ji et al. 2016), for CBOW by two centre words, which are trained together; targets are taken six at a time against two rows, so
 * that a row is read and written once for both. The sigmoid is computed, not looked up. A later group of six sees the context
 * rows as the earlier groups have left them.
 *
 * Nothing is allocated here: src/words/word2vec/word2vec-memory.ts lays out the memory.
 */
import { normalize } from "./arithmetic";
import { drawAlias, gather, subsample } from "./sampling";
import { fillGroup, GROUP, putTarget, stepOne } from "./six-targets";
import {
  ALIAS,
  CBOW,
  CODES,
  CONTEXTS,
  DIVIDE,
  DRAWN,
  EXPONENT,
  GROUPS,
  INPUT,
  KEEP,
  KEPT,
  MANTISSA,
  NEGATIVE,
  NOTHING,
  OUTPUT,
  PAIRS,
  PLAIN,
  RANDOM,
  ROW_BYTES,
  ROWS,
  TREE,
  WINDOW,
  WORDS,
} from "./word2vec-places";
import { addToRows, meanRow, stepNegatives, stepPair, stepTwo } from "./word2vec-steps";

/** Trains on `count` ids (-1 ends a sentence); `low` and `high` seed the block's random numbers. */
export function trainBlock(p: usize, ids: usize, count: i32, rate: f32, low: u32, high: u32): void {
  store<u64>(p, ((<u64>high) << 32) | (<u64>low), RANDOM);
  store<f64>(p, 1, MANTISSA);
  store<i32>(p, 0, EXPONENT);
  store<i32>(p, 0, PAIRS);
  store<i32>(p, 0, PLAIN);
  const kept = subsample(p + RANDOM, ids, count, load<usize>(p, KEEP), load<usize>(p, KEPT));
  if (load<i32>(p, CBOW)) trainMeans(p, kept, rate);
  else trainEach(p, kept, rate);
  normalize(p + MANTISSA);
}

/** Skip-gram: every context word predicts the centre. */
function trainEach(p: usize, kept: i32, rate: f32): void {
  const words = load<usize>(p, KEPT);
  const bytes = load<usize>(p, ROW_BYTES);
  const list = load<usize>(p, CONTEXTS);
  const first = load<usize>(p, GROUPS);
  let pairs = 0;
  for (let i = 0; i < kept; i += 1) {
    const word = load<i32>(words + ((<usize>i) << 2));
    const contexts = word < 0 ? 0 : windowRows(p, i, kept, list);
    if (contexts == 0) continue;
    drawNegatives(p);
    const end = first + <usize>targets(p, word) * GROUP;
    for (let group = first; group < end; group += GROUP) {
      let k = 0;
      while (k < contexts) {
        const one = load<usize>(list + ((<usize>k) << 2));
        const other = k + 1 < contexts ? load<usize>(list + ((<usize>k) << 2), 4) : one;
        // The same word twice must not overwrite its own update.
        if (one == other) stepOne(p + MANTISSA, group, one, one, bytes, rate);
        else stepTwo(p, group, one, other, bytes, rate);
        k += one == other ? 1 : 2;
      }
    }
    pairs += contexts;
  }
  store<i32>(p, pairs, PAIRS);
}

/** CBOW: the mean of the context words predicts the centre; two centres at a time. */
function trainMeans(p: usize, kept: i32, rate: f32): void {
  const words = load<usize>(p, KEPT);
  const list = load<usize>(p, CONTEXTS);
  const otherList = list + ((<usize>load<i32>(p, WINDOW)) << 3);
  let waiting = -1;
  let contexts = 0;
  let pairs = 0;
  for (let i = 0; i < kept; i += 1) {
    const word = load<i32>(words + ((<usize>i) << 2));
    const found = word < 0 ? 0 : windowRows(p, i, kept, waiting < 0 ? list : otherList);
    if (found == 0) continue;
    pairs += 1;
    if (waiting < 0) {
      waiting = word;
      contexts = found;
      continue;
    }
    drawNegatives(p);
    if (waiting == word) {
      trainMean(p, waiting, list, contexts, rate);
      trainMean(p, word, otherList, found, rate);
    } else trainPair(p, waiting, word, contexts, found, rate);
    waiting = -1;
  }
  if (waiting >= 0) {
    drawNegatives(p);
    trainMean(p, waiting, list, contexts, rate);
  }
  store<i32>(p, pairs, PAIRS);
}

function trainMean(p: usize, word: i32, list: usize, contexts: i32, rate: f32): void {
  const bytes = load<usize>(p, ROW_BYTES);
  const mean = load<usize>(p, ROWS);
  const error = mean + 2 * bytes;
  meanRow(list, contexts, mean, bytes);
  memory.fill(error, 0, bytes);
  const first = load<usize>(p, GROUPS);
  const end = first + <usize>targets(p, word) * GROUP;
  for (let group = first; group < end; group += GROUP) stepOne(p + MANTISSA, group, mean, error, bytes, rate);
  addToRows(list, contexts, error, bytes, load<i32>(p, DIVIDE) ? <f32>1 / <f32>contexts : 1);
}

/** Two centre words whose means are taken before either is trained, with the same negatives; each with its own way through the tree. */
function trainPair(p: usize, one: i32, other: i32, contexts: i32, otherContexts: i32, rate: f32): void {
  const bytes = load<usize>(p, ROW_BYTES);
  const list = load<usize>(p, CONTEXTS);
  const otherList = list + ((<usize>load<i32>(p, WINDOW)) << 3);
  const rows = load<usize>(p, ROWS);
  const errors = rows + 2 * bytes;
  meanRow(list, contexts, rows, bytes);
  meanRow(otherList, otherContexts, rows + bytes, bytes);
  if (load<i32>(p, NEGATIVE) > 0) {
    const first = load<usize>(p, GROUPS);
    const end = first + <usize>fillGroup(first, layNegatives(p, one, other), load<usize>(p, NOTHING)) * GROUP;
    stepPair(p, first, load<usize>(p, OUTPUT) + <usize>other * bytes, rows, errors, bytes, rate);
    for (let group = first + GROUP; group < end; group += GROUP) stepNegatives(p, group, rows, errors, bytes, rate);
  } else memory.fill(errors, 0, 2 * bytes);
  if (load<usize>(p, CODES)) {
    trainPath(p, one, rows, errors, rate);
    trainPath(p, other, rows + bytes, errors + bytes, rate);
  }
  const divide = load<i32>(p, DIVIDE);
  addToRows(list, contexts, errors, bytes, divide ? <f32>1 / <f32>contexts : 1);
  addToRows(otherList, otherContexts, errors + bytes, bytes, divide ? <f32>1 / <f32>otherContexts : 1);
}

/** A mean and the nodes on the way of a word through the tree. */
function trainPath(p: usize, word: i32, mean: usize, error: usize, rate: f32): void {
  const bytes = load<usize>(p, ROW_BYTES);
  const first = load<usize>(p, GROUPS);
  const end = first + <usize>fillGroup(first, layPath(p, word, 0), load<usize>(p, NOTHING)) * GROUP;
  for (let group = first; group < end; group += GROUP) stepOne(p + MANTISSA, group, mean, error, bytes, rate);
}

/** Writes the row addresses of the words around `at` to `list`. */
function windowRows(p: usize, at: i32, end: i32, list: usize): i32 {
  const bytes = load<usize>(p, ROW_BYTES);
  return gather(
    p + RANDOM,
    load<usize>(p, KEPT),
    at,
    end,
    load<i32>(p, WINDOW),
    list,
    load<usize>(p, INPUT),
    bytes,
  );
}

/** Draws the negatives' ids: anew where one repeats, -1 where that does not help (few words). */
function drawNegatives(p: usize): void {
  const negative = load<i32>(p, NEGATIVE);
  const drawn = load<usize>(p, DRAWN);
  for (let k = 0; k < negative; k += 1) {
    let id = -1;
    for (let tries = 0; tries < 8; tries += 1) {
      const found = drawAlias(p + RANDOM, load<usize>(p, ALIAS), load<u32>(p, WORDS));
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

/** Lays out the groups of six targets of a word: itself, the negatives, its way through the tree; gives how many groups. */
function targets(p: usize, word: i32): i32 {
  const slot = load<i32>(p, NEGATIVE) > 0 ? layNegatives(p, word, word) : 0;
  return fillGroup(load<usize>(p, GROUPS), layPath(p, word, slot), load<usize>(p, NOTHING));
}

/** Lays out the word and the negatives, without those that are `word` or `other`; gives how many targets. */
function layNegatives(p: usize, word: i32, other: i32): i32 {
  const rowBytes = load<usize>(p, ROW_BYTES);
  const negative = load<i32>(p, NEGATIVE);
  const groups = load<usize>(p, GROUPS);
  const output = load<usize>(p, OUTPUT);
  const drawn = load<usize>(p, DRAWN);
  if (negative == 5 && !load<usize>(p, CODES)) {
    store<usize>(groups, output + <usize>word * rowBytes);
    let valid = true;
    for (let at: usize = 0; at < 20; at += 4) {
      const id = load<i32>(drawn + at);
      valid = valid && id >= 0 && id != word && id != other;
      store<usize>(groups + at, output + <usize>id * rowBytes, 4);
    }
    if (valid && load<i32>(p, PLAIN)) return 6;
    store<i32>(p, valid, PLAIN);
  }
  putTarget(groups, 0, output + <usize>word * rowBytes, 1, 1);
  let slot = 1;
  for (let k = 0; k < negative; k += 1) {
    const id = load<i32>(drawn + ((<usize>k) << 2));
    if (id < 0 || id == word || id == other) continue;
    putTarget(groups, slot, output + <usize>id * rowBytes, 0, 1);
    slot += 1;
  }
  return slot;
}

/** Lays out the nodes on the word's way through the tree behind `slot` targets; gives how many targets there are then. */
function layPath(p: usize, word: i32, slot: i32): i32 {
  const codes = load<usize>(p, CODES);
  if (!codes) return slot;
  const tree = load<usize>(p, TREE);
  const rowBytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  const from = load<u32>(codes + ((<usize>word) << 2));
  const end = load<u32>(codes + ((<usize>word + 1) << 2));
  const steps = codes + ((<usize>load<i32>(p, WORDS) + 1) << 2);
  for (let k = from; k < end; k += 1) {
    const step = load<u32>(steps + ((<usize>k) << 2));
    putTarget(groups, slot + <i32>(k - from), tree + <usize>(step >> 1) * rowBytes, <f32>((step & 1) ^ 1), 1);
  }
  return slot + <i32>(end - from);
}

/**
 * Brings the rows `from … to` of `count` copies together: a row moves by the sum of its moves divided by the root of how many lanes
 * moved it (between their mean, which learns too slowly, and their sum, which overshoots for frequent words); what one lane alone
 * has learned is kept whole. All copies get the result.
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
    const share = f32x4.splat(<f32>1 / sqrt<f32>(<f32>moved));
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
