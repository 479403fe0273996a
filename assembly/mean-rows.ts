/**
 * The mean of a text's rows in an embedding table, for many texts at once (model2vec's `encode`, torch's EmbeddingBag).
 * Twin of src/kernels/reference.ts: same order of the float32 operations, so both give the same bits.
 *
 * A text's tokens are first gathered as (row address, weight) pairs; then each block of 32 dimensions is summed over all
 * of them with its eight accumulators in registers. Nothing is allocated here: the caller lays out the memory.
 */

/** Tokens gathered at once; the scratch memory holds this many pairs of 8 bytes. */
const CHUNK: i32 = 1024;

/** `out[text] = mean of weight × row` of an int8 table; see {@link gather} and {@link finish} for the arguments. */
export function meanRowsInt8(
  table: usize,
  rowOf: usize,
  weightOf: usize,
  ids: usize,
  starts: usize,
  texts: i32,
  dimensions: i32,
  skip: i32,
  normalize: bool,
  scratch: usize,
  out: usize,
): void {
  for (let text = 0; text < texts; text += 1) {
    const end = load<i32>(starts, 4);
    memory.fill(out, 0, dimensions << 2);
    let kept = 0;
    for (let token = load<i32>(starts); token < end; token += CHUNK) {
      const count = gather(table, rowOf, weightOf, ids, token, min(end, token + CHUNK), dimensions, skip, scratch);
      addInt8(scratch, count, dimensions, out);
      kept += count;
    }
    finish(out, dimensions, kept, normalize);
    starts += 4;
    out += dimensions << 2;
  }
}

/** As {@link meanRowsInt8} for a float32 table. */
export function meanRowsFloat32(
  table: usize,
  rowOf: usize,
  weightOf: usize,
  ids: usize,
  starts: usize,
  texts: i32,
  dimensions: i32,
  skip: i32,
  normalize: bool,
  scratch: usize,
  out: usize,
): void {
  for (let text = 0; text < texts; text += 1) {
    const end = load<i32>(starts, 4);
    memory.fill(out, 0, dimensions << 2);
    let kept = 0;
    for (let token = load<i32>(starts); token < end; token += CHUNK) {
      const count = gather(table, rowOf, weightOf, ids, token, min(end, token + CHUNK), dimensions << 2, skip, scratch);
      addFloat32(scratch, count, dimensions, out);
      kept += count;
    }
    finish(out, dimensions, kept, normalize);
    starts += 4;
    out += dimensions << 2;
  }
}

/** Writes (row address, weight) for the tokens `from … to`, without those equal to `skip`; `rowOf` and `weightOf` may be 0. */
function gather(
  table: usize,
  rowOf: usize,
  weightOf: usize,
  ids: usize,
  from: i32,
  to: i32,
  rowBytes: i32,
  skip: i32,
  scratch: usize,
): i32 {
  let count = 0;
  for (let token = from; token < to; token += 1) {
    const id = load<i32>(ids + ((<usize>token) << 2));
    if (id == skip) continue;
    const row = rowOf ? load<i32>(rowOf + ((<usize>id) << 2)) : id;
    const weight: f32 = weightOf ? load<f32>(weightOf + ((<usize>id) << 2)) : 1;
    store<usize>(scratch + ((<usize>count) << 3), table + <usize>row * <usize>rowBytes);
    store<f32>(scratch + ((<usize>count) << 3), weight, 4);
    count += 1;
  }
  return count;
}

function addInt8(pairs: usize, count: i32, dimensions: i32, out: usize): void {
  const end = pairs + ((<usize>count) << 3);
  let d = 0;
  for (; d + 32 <= dimensions; d += 32) {
    const to = out + (d << 2);
    let a0 = v128.load(to),
      a1 = v128.load(to, 16),
      a2 = v128.load(to, 32),
      a3 = v128.load(to, 48);
    let a4 = v128.load(to, 64),
      a5 = v128.load(to, 80),
      a6 = v128.load(to, 96),
      a7 = v128.load(to, 112);
    for (let pair = pairs; pair < end; pair += 8) {
      const row = load<usize>(pair) + d;
      const w = v128.load_splat<f32>(pair, 4);
      const x0 = v128.load_ext<i8>(row),
        x1 = v128.load_ext<i8>(row, 8);
      const x2 = v128.load_ext<i8>(row, 16),
        x3 = v128.load_ext<i8>(row, 24);
      a0 = f32x4.add(a0, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x0))));
      a1 = f32x4.add(a1, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x0))));
      a2 = f32x4.add(a2, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x1))));
      a3 = f32x4.add(a3, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x1))));
      a4 = f32x4.add(a4, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x2))));
      a5 = f32x4.add(a5, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x2))));
      a6 = f32x4.add(a6, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x3))));
      a7 = f32x4.add(a7, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x3))));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    v128.store(to, a4, 64);
    v128.store(to, a5, 80);
    v128.store(to, a6, 96);
    v128.store(to, a7, 112);
  }
  for (; d < dimensions; d += 1) {
    const to = out + (d << 2);
    let sum = load<f32>(to);
    for (let pair = pairs; pair < end; pair += 8) {
      sum += load<f32>(pair, 4) * <f32>load<i8>(load<usize>(pair) + d);
    }
    store<f32>(to, sum);
  }
}

function addFloat32(pairs: usize, count: i32, dimensions: i32, out: usize): void {
  const end = pairs + ((<usize>count) << 3);
  let d = 0;
  for (; d + 32 <= dimensions; d += 32) {
    const to = out + (d << 2);
    let a0 = v128.load(to),
      a1 = v128.load(to, 16),
      a2 = v128.load(to, 32),
      a3 = v128.load(to, 48);
    let a4 = v128.load(to, 64),
      a5 = v128.load(to, 80),
      a6 = v128.load(to, 96),
      a7 = v128.load(to, 112);
    for (let pair = pairs; pair < end; pair += 8) {
      const row = load<usize>(pair) + (d << 2);
      const w = v128.load_splat<f32>(pair, 4);
      a0 = f32x4.add(a0, f32x4.mul(w, v128.load(row)));
      a1 = f32x4.add(a1, f32x4.mul(w, v128.load(row, 16)));
      a2 = f32x4.add(a2, f32x4.mul(w, v128.load(row, 32)));
      a3 = f32x4.add(a3, f32x4.mul(w, v128.load(row, 48)));
      a4 = f32x4.add(a4, f32x4.mul(w, v128.load(row, 64)));
      a5 = f32x4.add(a5, f32x4.mul(w, v128.load(row, 80)));
      a6 = f32x4.add(a6, f32x4.mul(w, v128.load(row, 96)));
      a7 = f32x4.add(a7, f32x4.mul(w, v128.load(row, 112)));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    v128.store(to, a4, 64);
    v128.store(to, a5, 80);
    v128.store(to, a6, 96);
    v128.store(to, a7, 112);
  }
  for (; d < dimensions; d += 1) {
    const to = out + (d << 2);
    let sum = load<f32>(to);
    for (let pair = pairs; pair < end; pair += 8) {
      sum += load<f32>(pair, 4) * load<f32>(load<usize>(pair) + (d << 2));
    }
    store<f32>(to, sum);
  }
}

/** Divides the sum by the number of tokens and, when asked, by its length (at least 1e-12, as torch's F.normalize). */
function finish(out: usize, dimensions: i32, count: i32, normalize: bool): void {
  if (count == 0) return;
  const end = out + ((<usize>dimensions) << 2);
  const wide = out + ((<usize>(dimensions & ~3)) << 2);
  const n = f32x4.splat(<f32>count);
  let squares = f32x4.splat(0);
  let at = out;
  for (; at < wide; at += 16) {
    const mean = f32x4.div(v128.load(at), n);
    v128.store(at, mean);
    squares = f32x4.add(squares, f32x4.mul(mean, mean));
  }
  let sum =
    f32x4.extract_lane(squares, 0) +
    f32x4.extract_lane(squares, 1) +
    f32x4.extract_lane(squares, 2) +
    f32x4.extract_lane(squares, 3);
  for (; at < end; at += 4) {
    const mean = load<f32>(at) / <f32>count;
    store<f32>(at, mean);
    sum += mean * mean;
  }
  if (!normalize) return;
  const length = max<f32>(sqrt<f32>(sum), 1e-12);
  const lengths = f32x4.splat(length);
  for (at = out; at < wide; at += 16) v128.store(at, f32x4.div(v128.load(at), lengths));
  for (; at < end; at += 4) store<f32>(at, load<f32>(at) / length);
}
