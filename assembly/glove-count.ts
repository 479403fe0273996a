/**
 * GloVe's counts of one word. What differs from cooccur.c: they are summed over the word's places in the text (an inverted index) in a
 * dense row of float64, so that nothing is hashed or sorted.
 */
import { COLUMN_BITS } from "./glove-cells";

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
