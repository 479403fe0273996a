/**
 * Products of a table of float32 rows with a few others: what logistic regression, k-means and exact neighbours spend their time on.
 * `stride` is the padded length of a row, a multiple of 4; rows come in fours. Four rows meet two others at a time, so that eight sums
 * hide the latency of the additions and every loaded value is used more than once.
 */
import { sums } from "./arithmetic";

/** `out[i, c] = row i · others[c]`, `out` row-major with `outputs` columns. */
export function multiply(rows: usize, count: i32, others: usize, outputs: i32, stride: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  const line = (<usize>outputs) << 2;
  const pairs = outputs & ~1;
  for (let i = 0; i < count; i += 4) {
    for (let c = 0; c < pairs; c += 2) {
      let a0 = f32x4.splat(0),
        a1 = f32x4.splat(0),
        a2 = f32x4.splat(0),
        a3 = f32x4.splat(0),
        b0 = f32x4.splat(0),
        b1 = f32x4.splat(0),
        b2 = f32x4.splat(0),
        b3 = f32x4.splat(0);
      let p = others + <usize>c * bytes;
      let r = rows;
      const end = r + bytes;
      for (; r < end; r += 16, p += 16) {
        const x = v128.load(p);
        const y = v128.load(p + bytes);
        const r0 = v128.load(r);
        const r1 = v128.load(r + bytes);
        const r2 = v128.load(r + 2 * bytes);
        const r3 = v128.load(r + 3 * bytes);
        a0 = f32x4.add(a0, f32x4.mul(r0, x));
        a1 = f32x4.add(a1, f32x4.mul(r1, x));
        a2 = f32x4.add(a2, f32x4.mul(r2, x));
        a3 = f32x4.add(a3, f32x4.mul(r3, x));
        b0 = f32x4.add(b0, f32x4.mul(r0, y));
        b1 = f32x4.add(b1, f32x4.mul(r1, y));
        b2 = f32x4.add(b2, f32x4.mul(r2, y));
        b3 = f32x4.add(b3, f32x4.mul(r3, y));
      }
      const at = out + ((<usize>c) << 2);
      const a = sums(a0, a1, a2, a3);
      store<f32>(at, f32x4.extract_lane(a, 0));
      store<f32>(at + line, f32x4.extract_lane(a, 1));
      store<f32>(at + 2 * line, f32x4.extract_lane(a, 2));
      store<f32>(at + 3 * line, f32x4.extract_lane(a, 3));
      const b = sums(b0, b1, b2, b3);
      store<f32>(at + 4, f32x4.extract_lane(b, 0));
      store<f32>(at + line + 4, f32x4.extract_lane(b, 1));
      store<f32>(at + 2 * line + 4, f32x4.extract_lane(b, 2));
      store<f32>(at + 3 * line + 4, f32x4.extract_lane(b, 3));
    }
    if (pairs < outputs) multiplyOne(rows, others + <usize>pairs * bytes, bytes, out + ((<usize>pairs) << 2), line);
    rows += bytes << 2;
    out += line << 2;
  }
}

/** Four rows with one other; their products go `line` bytes apart. */
function multiplyOne(rows: usize, other: usize, bytes: usize, out: usize, line: usize): void {
  let a0 = f32x4.splat(0),
    a1 = f32x4.splat(0),
    a2 = f32x4.splat(0),
    a3 = f32x4.splat(0);
  for (const end = rows + bytes; rows < end; rows += 16, other += 16) {
    const x = v128.load(other);
    a0 = f32x4.add(a0, f32x4.mul(v128.load(rows), x));
    a1 = f32x4.add(a1, f32x4.mul(v128.load(rows + bytes), x));
    a2 = f32x4.add(a2, f32x4.mul(v128.load(rows + 2 * bytes), x));
    a3 = f32x4.add(a3, f32x4.mul(v128.load(rows + 3 * bytes), x));
  }
  const a = sums(a0, a1, a2, a3);
  store<f32>(out, f32x4.extract_lane(a, 0));
  store<f32>(out + line, f32x4.extract_lane(a, 1));
  store<f32>(out + 2 * line, f32x4.extract_lane(a, 2));
  store<f32>(out + 3 * line, f32x4.extract_lane(a, 3));
}

/** `out[c] += sum over i of factors[i, c] × row i`; `factors` is row-major with `outputs` columns, `out` has `outputs` rows. */
export function addWeighted(rows: usize, count: i32, factors: usize, outputs: i32, stride: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  const line = (<usize>outputs) << 2;
  for (let i = 0; i < count; i += 4) {
    for (let c = 0; c < outputs; c += 2) {
      const f = factors + ((<usize>c) << 2);
      const x0 = v128.load32_splat(f);
      const x1 = v128.load32_splat(f + line);
      const x2 = v128.load32_splat(f + 2 * line);
      const x3 = v128.load32_splat(f + 3 * line);
      let o = out + <usize>c * bytes;
      let r = rows;
      const end = r + bytes;
      if (c + 1 == outputs) {
        for (; r < end; r += 16, o += 16) {
          const low = f32x4.add(f32x4.mul(v128.load(r), x0), f32x4.mul(v128.load(r + bytes), x1));
          const high = f32x4.add(f32x4.mul(v128.load(r + 2 * bytes), x2), f32x4.mul(v128.load(r + 3 * bytes), x3));
          v128.store(o, f32x4.add(v128.load(o), f32x4.add(low, high)));
        }
        continue;
      }
      const y0 = v128.load32_splat(f + 4);
      const y1 = v128.load32_splat(f + line + 4);
      const y2 = v128.load32_splat(f + 2 * line + 4);
      const y3 = v128.load32_splat(f + 3 * line + 4);
      for (; r < end; r += 16, o += 16) {
        const r0 = v128.load(r);
        const r1 = v128.load(r + bytes);
        const r2 = v128.load(r + 2 * bytes);
        const r3 = v128.load(r + 3 * bytes);
        const x = f32x4.add(
          f32x4.add(f32x4.mul(r0, x0), f32x4.mul(r1, x1)),
          f32x4.add(f32x4.mul(r2, x2), f32x4.mul(r3, x3)),
        );
        const y = f32x4.add(
          f32x4.add(f32x4.mul(r0, y0), f32x4.mul(r1, y1)),
          f32x4.add(f32x4.mul(r2, y2), f32x4.mul(r3, y3)),
        );
        v128.store(o, f32x4.add(v128.load(o), x));
        v128.store(o + bytes, f32x4.add(v128.load(o + bytes), y));
      }
    }
    rows += bytes << 2;
    factors += line << 2;
  }
}
