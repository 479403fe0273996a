/** Rows of fastText's input: `rows` is where the numbers of a word's or a text's rows stand, its own and those of its n-grams. */
import { INPUT, ROW_BYTES } from "./fasttext-places";

/** The sum of rows of the input, eight numbers of all rows at a time. */
export function sumRows(p: usize, rows: usize, count: i32, to: usize): void {
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

/** Adds one row to rows of the input; a row that stands there twice gets it twice. */
export function addToRows(p: usize, rows: usize, count: i32, from: usize): void {
  const input = load<usize>(p, INPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const end = rows + ((<usize>count) << 2);
  for (let at = rows; at < end; at += 4) addScaled(input + <usize>load<u32>(at) * bytes, from, bytes, 1);
}

/** to += by × from. */
export function addScaled(to: usize, from: usize, bytes: usize, by: f32): void {
  const s = f32x4.splat(by);
  for (let d: usize = 0; d < bytes; d += 16) {
    v128.store(to + d, f32x4.add(v128.load(to + d), f32x4.mul(s, v128.load(from + d))));
  }
}

export function scale(row: usize, bytes: usize, by: f32): void {
  const s = f32x4.splat(by);
  for (let d: usize = 0; d < bytes; d += 16) v128.store(row + d, f32x4.mul(s, v128.load(row + d)));
}
