/** How the training kernels draw from a text: the words that stay, the words of a window, and negatives. `state` is where the random numbers' state lies. */
import { below, random } from "./arithmetic";

/** Copies the ids that stay to `to`; dropped ones vanish before the windows are cut, as in word2vec.c. A negative id always stays. */
export function subsample(state: usize, ids: usize, count: i32, keep: usize, to: usize): i32 {
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    if (id >= 0) {
      const threshold = load<u32>(keep + ((<usize>id) << 2));
      if (threshold != u32.MAX_VALUE && <u32>(random(state) >> 32) > threshold) continue;
    }
    store<i32>(to + ((<usize>kept) << 2), id);
    kept += 1;
  }
  return kept;
}

/**
 * Draws how far the window around the word at `at` reaches, from 1 to `window`, and writes `base` + id × `stride` for every word in
 * it and in the same sentence to `to`; gives how many.
 */
export function gather(
  state: usize,
  words: usize,
  at: i32,
  end: i32,
  window: i32,
  to: usize,
  base: usize,
  stride: usize,
): i32 {
  const reach = 1 + below(state, window);
  let next = to;
  for (let j = at - 1; j >= 0 && j >= at - reach; j -= 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<usize>(next, base + <usize>word * stride);
    next += 4;
  }
  for (let j = at + 1; j < end && j <= at + reach; j += 1) {
    const word = load<i32>(words + ((<usize>j) << 2));
    if (word < 0) break;
    store<usize>(next, base + <usize>word * stride);
    next += 4;
  }
  return <i32>((next - to) >> 2);
}

/** One of `size` ids by Walker's alias method: entries of (threshold, other id). */
// @ts-ignore: decorator
@inline
export function drawAlias(state: usize, alias: usize, size: u32): i32 {
  const bits = random(state);
  const slot = <usize>(((bits >> 32) * size) >> 32);
  const entry = alias + (slot << 3);
  return <u32>bits <= load<u32>(entry) ? <i32>slot : load<i32>(entry, 4);
}
