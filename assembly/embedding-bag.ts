/**
 * A table of token vectors that learns: means of rows (torch's EmbeddingBag, mode "mean"), the rows' derivatives from those of the means, and
 * AdamW over the table. Rows have a multiple of 4 values. What a part gives does not depend on the other parts, so that the result is the
 * same for any number of threads.
 */

/** Writes the mean of each text's rows; a text without tokens gives zeros. */
export function pool(part: i32, parts: i32, p: usize): void {
  const table = <usize>load<u32>(p, 0);
  const ids = <usize>load<u32>(p, 4);
  const starts = <usize>load<u32>(p, 8);
  const out = <usize>load<u32>(p, 12);
  const texts = load<i32>(p, 16);
  const bytes = (<usize>load<u32>(p, 20)) << 2;
  for (let text = (texts * part) / parts, last = (texts * (part + 1)) / parts; text < last; text += 1) {
    const from = ids + ((<usize>load<i32>(starts + ((<usize>text) << 2))) << 2);
    const end = ids + ((<usize>load<i32>(starts + ((<usize>text) << 2), 4)) << 2);
    const to = out + <usize>text * bytes;
    const count = f32x4.splat(max<f32>(1, <f32>((end - from) >> 2)));
    for (let k: usize = 0; k < bytes; k += 64) {
      let a = f32x4.splat(0),
        b = f32x4.splat(0),
        c = f32x4.splat(0),
        d = f32x4.splat(0);
      for (let token = from; token < end; token += 4) {
        const row = table + <usize>load<u32>(token) * bytes + k;
        a = f32x4.add(a, v128.load(row));
        b = f32x4.add(b, v128.load(row, 16));
        c = f32x4.add(c, v128.load(row, 32));
        d = f32x4.add(d, v128.load(row, 48));
      }
      v128.store(to + k, f32x4.div(a, count));
      if (k + 16 < bytes) v128.store(to + k, f32x4.div(b, count), 16);
      if (k + 32 < bytes) v128.store(to + k, f32x4.div(c, count), 32);
      if (k + 48 < bytes) v128.store(to + k, f32x4.div(d, count), 48);
    }
  }
}

/**
 * Writes the derivative of each row that occurs: the sum over its occurrences of the text's derivative over the text's tokens. The parts share
 * the occurrences, so that a frequent token does not hold up the others.
 */
export function scatter(part: i32, parts: i32, p: usize): void {
  const upstream = <usize>load<u32>(p, 24);
  const occurrences = <usize>load<u32>(p, 28);
  const rowStarts = <usize>load<u32>(p, 32);
  const shares = <usize>load<u32>(p, 36);
  const out = <usize>load<u32>(p, 40);
  const rows = load<i32>(p, 44);
  const bytes = (<usize>load<u32>(p, 20)) << 2;
  const total = load<i32>(rowStarts + ((<usize>rows) << 2));
  const first = <i32>((<i64>total * part) / parts);
  const last = <i32>((<i64>total * (part + 1)) / parts);
  for (let row = lowerBound(rowStarts, rows, first), end = lowerBound(rowStarts, rows, last); row < end; row += 1) {
    const to = out + <usize>row * bytes;
    const from = load<i32>(rowStarts + ((<usize>row) << 2));
    const stop = load<i32>(rowStarts + ((<usize>row) << 2), 4);
    for (let k: usize = 0; k < bytes; k += 64) {
      let a = f32x4.splat(0),
        b = f32x4.splat(0),
        c = f32x4.splat(0),
        d = f32x4.splat(0);
      for (let at = from; at < stop; at += 1) {
        const text = <usize>load<u32>(occurrences + ((<usize>at) << 2));
        const share = v128.load32_splat(shares + (text << 2));
        const gradient = upstream + text * bytes + k;
        a = f32x4.add(a, f32x4.mul(share, v128.load(gradient)));
        b = f32x4.add(b, f32x4.mul(share, v128.load(gradient, 16)));
        c = f32x4.add(c, f32x4.mul(share, v128.load(gradient, 32)));
        d = f32x4.add(d, f32x4.mul(share, v128.load(gradient, 48)));
      }
      v128.store(to + k, a);
      if (k + 16 < bytes) v128.store(to + k, b, 16);
      if (k + 32 < bytes) v128.store(to + k, c, 32);
      if (k + 48 < bytes) v128.store(to + k, d, 48);
    }
  }
}

/** The first of `count` ascending values that is at least `value`. */
function lowerBound(values: usize, count: i32, value: i32): i32 {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(values + ((<usize>middle) << 2)) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Means of less than this become 0: they would slow every later step down (subnormal numbers) and move nothing. */
const NOTHING: f32 = 1e-30;

/** One step of AdamW: over the rows that have a derivative, or over all rows of the table, those without with the derivative 0. */
export function adamW(part: i32, parts: i32, p: usize): void {
  const ids = <usize>load<u32>(p, 48);
  const count = load<i32>(p, 52);
  const gradients = <usize>load<u32>(p, 56);
  const tableRows = load<i32>(p, 60);
  const bytes = (<usize>load<u32>(p, 20)) << 2;
  const none = <usize>load<u32>(p, 64);
  if (load<i32>(p, 68) != 0) {
    for (let i = (count * part) / parts, last = (count * (part + 1)) / parts; i < last; i += 1) {
      adamWRow(p, <usize>load<u32>(ids + ((<usize>i) << 2)) * bytes, gradients + <usize>i * bytes, bytes);
    }
    return;
  }
  const first = (tableRows * part) / parts;
  let next = lowerBound(ids, count, first);
  for (let row = first, last = (tableRows * (part + 1)) / parts; row < last; row += 1) {
    const has = next < count && load<i32>(ids + ((<usize>next) << 2)) == row;
    adamWRow(p, <usize>row * bytes, has ? gradients + <usize>next * bytes : none, bytes);
    if (has) next += 1;
  }
}

function adamWRow(p: usize, offset: usize, gradient: usize, bytes: usize): void {
  let value = <usize>load<u32>(p, 0) + offset;
  let mean = <usize>load<u32>(p, 72) + offset;
  let square = <usize>load<u32>(p, 76) + offset;
  const rest1 = v128.load32_splat(p, 80);
  const beta2 = v128.load32_splat(p, 84);
  const rest2 = v128.load32_splat(p, 88);
  const size = v128.load32_splat(p, 92);
  const shrink = v128.load32_splat(p, 96);
  const correction = v128.load32_splat(p, 100);
  const epsilon = v128.load32_splat(p, 104);
  const nothing = f32x4.splat(NOTHING);
  for (const end = gradient + bytes; gradient < end; gradient += 16, value += 16, mean += 16, square += 16) {
    const g = v128.load(gradient);
    const m0 = v128.load(mean);
    let m = f32x4.add(m0, f32x4.mul(rest1, f32x4.sub(g, m0)));
    m = v128.and(m, f32x4.gt(f32x4.abs(m), nothing));
    const v = f32x4.add(f32x4.mul(beta2, v128.load(square)), f32x4.mul(rest2, f32x4.mul(g, g)));
    v128.store(mean, m);
    v128.store(square, v);
    const step = f32x4.div(f32x4.mul(size, m), f32x4.add(f32x4.mul(f32x4.sqrt(v), correction), epsilon));
    v128.store(value, f32x4.sub(f32x4.mul(v128.load(value), shrink), step));
  }
}
