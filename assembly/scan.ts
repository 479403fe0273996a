/**
 * One int16 query against rows of int8 codes, four rows at a time: `out[i] = factor × scales[i] × codes[i] · query`.
 * `columns` is a multiple of 8 and `rows` one of 4; the caller pads with zeros. Sums are exact in int32 as long as the caller keeps
 * 127 × largest query code × columns / 4 below 2^31.
 */
export function scanInt8(
  codes: usize,
  scales: usize,
  query: usize,
  rows: i32,
  columns: i32,
  factor: f32,
  out: usize,
): void {
  const end = out + ((<usize>rows) << 2);
  const stride = <usize>columns;
  while (out < end) {
    const last = codes + stride;
    let a = i32x4.splat(0),
      b = i32x4.splat(0),
      c = i32x4.splat(0),
      d = i32x4.splat(0);
    let q = query;
    for (; codes < last; codes += 8, q += 16) {
      const x = v128.load(q);
      const r1 = codes + stride;
      const r2 = r1 + stride;
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(codes), x));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1), x));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2), x));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2 + stride), x));
    }
    codes += 3 * stride;
    // Lane i of the sum is the sum of the lanes of row i.
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
    const sums = i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
    const scaled = f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales));
    v128.store(out, f32x4.mul(scaled, f32x4.splat(factor)));
    scales += 16;
    out += 16;
  }
}
