/**
 * Exact scans: scores of queries against consecutive rows of float32 vectors, int8 codes or sign bits.
 * Rows go four at a time and queries three (twelve sums in registers beside one row and three queries), or one query alone; a pair's
 * products are added in the same order in both, so its score never depends on what it was scanned with.
 * Row counts are multiples of 4, query counts 1 or multiples of 3, columns fill 16 bytes: the caller pads with zeros.
 */

/** `out[j × outRows + i] = scales[i] × rows[i] · queries[j]` for float32 rows; `stride` and `queryStride` are bytes from one to the next. */
export function scanFloat32(
  rows: usize,
  stride: usize,
  scales: usize,
  count: i32,
  queries: usize,
  queryStride: usize,
  factors: usize,
  queryCount: i32,
  columns: i32,
  out: usize,
  outRows: i32,
): void {
  const bytes = (<usize>columns) << 2;
  const outStride = (<usize>outRows) << 2;
  for (let i = 0; i < count; i += 4) {
    const last = rows + bytes;
    const scale = v128.load(scales);
    if (queryCount == 1) {
      v128.store(out, f32x4.mul(fourFloats(rows, last, stride, queries), scale));
    } else {
      let at = out;
      let q = queries;
      for (let j = 0; j < queryCount; j += 3) {
        const q1 = queryStride;
        const q2 = queryStride << 1;
        let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
        let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
        let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
        let y = q;
        const r2 = stride << 1;
        const r3 = r2 + stride;
        for (let r = rows; r < last; r += 16, y += 16) {
          const x = v128.load(y);
          const z = v128.load(y + q1);
          const w = v128.load(y + q2);
          let v = v128.load(r);
          a0 = f32x4.add(a0, f32x4.mul(v, x));
          b0 = f32x4.add(b0, f32x4.mul(v, z));
          c0 = f32x4.add(c0, f32x4.mul(v, w));
          v = v128.load(r + stride);
          a1 = f32x4.add(a1, f32x4.mul(v, x));
          b1 = f32x4.add(b1, f32x4.mul(v, z));
          c1 = f32x4.add(c1, f32x4.mul(v, w));
          v = v128.load(r + r2);
          a2 = f32x4.add(a2, f32x4.mul(v, x));
          b2 = f32x4.add(b2, f32x4.mul(v, z));
          c2 = f32x4.add(c2, f32x4.mul(v, w));
          v = v128.load(r + r3);
          a3 = f32x4.add(a3, f32x4.mul(v, x));
          b3 = f32x4.add(b3, f32x4.mul(v, z));
          c3 = f32x4.add(c3, f32x4.mul(v, w));
        }
        v128.store(at, f32x4.mul(sumsOfFloats(a0, a1, a2, a3), scale));
        v128.store(at + outStride, f32x4.mul(sumsOfFloats(b0, b1, b2, b3), scale));
        v128.store(at + (outStride << 1), f32x4.mul(sumsOfFloats(c0, c1, c2, c3), scale));
        at += outStride * 3;
        q += queryStride * 3;
      }
    }
    rows += stride << 2;
    scales += 16;
    out += 16;
  }
}

// @ts-ignore: decorator
@inline
function fourFloats(rows: usize, last: usize, stride: usize, query: usize): v128 {
  const r2 = stride << 1;
  const r3 = r2 + stride;
  let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
  for (let r = rows; r < last; r += 16, query += 16) {
    const x = v128.load(query);
    a = f32x4.add(a, f32x4.mul(v128.load(r), x));
    b = f32x4.add(b, f32x4.mul(v128.load(r + stride), x));
    c = f32x4.add(c, f32x4.mul(v128.load(r + r2), x));
    d = f32x4.add(d, f32x4.mul(v128.load(r + r3), x));
  }
  return sumsOfFloats(a, b, c, d);
}

/** Lane i is the sum of the lanes of argument i. */
// @ts-ignore: decorator
@inline
function sumsOfFloats(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/**
 * As scanFloat32 for int8 codes and int16 queries: `scales[i] × factors[j] × codes[i] · queries[j]`. Sums are exact in int32 as long
 * as the caller keeps 127 × largest query code × columns / 4 below 2^31.
 */
export function scanInt8(
  rows: usize,
  stride: usize,
  scales: usize,
  count: i32,
  queries: usize,
  queryStride: usize,
  factors: usize,
  queryCount: i32,
  columns: i32,
  out: usize,
  outRows: i32,
): void {
  const bytes = <usize>columns;
  const outStride = (<usize>outRows) << 2;
  const r1 = stride;
  const r2 = stride << 1;
  const r3 = r2 + stride;
  for (let i = 0; i < count; i += 4) {
    const last = rows + bytes;
    const scale = v128.load(scales);
    if (queryCount == 1) {
      let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0), d = i32x4.splat(0);
      let y = queries;
      for (let r = rows; r < last; r += 8, y += 16) {
        const x = v128.load(y);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r), x));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r + r1), x));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r + r2), x));
        d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r + r3), x));
      }
      storeInts(out, sumsOfInts(a, b, c, d), scale, factors);
    } else {
      let at = out;
      let q = queries;
      for (let j = 0; j < queryCount; j += 3) {
        const q2 = queryStride << 1;
        let a0 = i32x4.splat(0), a1 = i32x4.splat(0), a2 = i32x4.splat(0), a3 = i32x4.splat(0);
        let b0 = i32x4.splat(0), b1 = i32x4.splat(0), b2 = i32x4.splat(0), b3 = i32x4.splat(0);
        let c0 = i32x4.splat(0), c1 = i32x4.splat(0), c2 = i32x4.splat(0), c3 = i32x4.splat(0);
        let y = q;
        for (let r = rows; r < last; r += 8, y += 16) {
          const x = v128.load(y);
          const z = v128.load(y + queryStride);
          const w = v128.load(y + q2);
          let v = v128.load_ext<i8>(r);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, x));
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, z));
          c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v, w));
          v = v128.load_ext<i8>(r + r1);
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, x));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, z));
          c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v, w));
          v = v128.load_ext<i8>(r + r2);
          a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, x));
          b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, z));
          c2 = i32x4.add(c2, i32x4.dot_i16x8_s(v, w));
          v = v128.load_ext<i8>(r + r3);
          a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, x));
          b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, z));
          c3 = i32x4.add(c3, i32x4.dot_i16x8_s(v, w));
        }
        const f = factors + ((<usize>j) << 2);
        storeInts(at, sumsOfInts(a0, a1, a2, a3), scale, f);
        storeInts(at + outStride, sumsOfInts(b0, b1, b2, b3), scale, f + 4);
        storeInts(at + (outStride << 1), sumsOfInts(c0, c1, c2, c3), scale, f + 8);
        at += outStride * 3;
        q += queryStride * 3;
      }
    }
    rows += stride << 2;
    scales += 16;
    out += 16;
  }
}

// @ts-ignore: decorator
@inline
function storeInts(out: usize, sums: v128, scale: v128, factor: usize): void {
  v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), v128.load_splat<f32>(factor)));
}

// @ts-ignore: decorator
@inline
function sumsOfInts(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** `out[j × outRows + i] = -(bits in which rows[i] and queries[j] differ)`; `columns` counts bytes here. */
export function scanBits(
  rows: usize,
  stride: usize,
  _scales: usize,
  count: i32,
  queries: usize,
  queryStride: usize,
  _factors: usize,
  queryCount: i32,
  columns: i32,
  out: usize,
  outRows: i32,
): void {
  const outStride = (<usize>outRows) << 2;
  for (let i = 0; i < count; i += 1) {
    const last = rows + <usize>columns;
    let q = queries;
    let at = out;
    for (let j = 0; j < queryCount; j += 1) {
      let sums = i32x4.splat(0);
      let y = q;
      for (let r = rows; r < last; r += 16, y += 16) {
        const bits = i8x16.popcnt(v128.xor(v128.load(r), v128.load(y)));
        sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bits)));
      }
      const pairs = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
      const total = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
      f32.store(at, -(<f32>total));
      q += queryStride;
      at += outStride;
    }
    rows += stride;
    out += 4;
  }
}

/** Positions of the scores above the threshold, ascending; gives how many. `count` is a multiple of 4. */
export function above(scores: usize, count: i32, threshold: f32, out: usize): i32 {
  const first = out;
  const limit = f32x4.splat(threshold);
  for (let i = 0; i < count; i += 4) {
    let mask = i32x4.bitmask(f32x4.gt(v128.load(scores), limit));
    for (; mask != 0; mask &= mask - 1) {
      i32.store(out, i + ctz(mask));
      out += 4;
    }
    scores += 16;
  }
  return <i32>((out - first) >> 2);
}
