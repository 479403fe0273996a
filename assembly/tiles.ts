/**
 * The inner loops of matrix products: 4 x 8 sums in eight registers, which meet one vector pair of `y` and four single values of `x` a step.
 * `y` is packed in panels, eight columns beside each other for every step, so that it is read straight through (Goto & van de Geijn 2008).
 */

/**
 * `c[r, 0…8) = from[r, 0…8) + sum over k < count of x[r, k] × y[k, 0…8)` for four rows r; `x`'s rows lie `stride` bytes apart, those of
 * `from` and `c` `step`. `from` 0 starts at zero. `count` is a multiple of 4.
 */
export function rowsTile(x: usize, stride: usize, y: usize, count: i32, from: usize, c: usize, step: usize): void {
  let a0 = f32x4.splat(0),
    a1 = f32x4.splat(0),
    b0 = f32x4.splat(0),
    b1 = f32x4.splat(0),
    c0 = f32x4.splat(0),
    c1 = f32x4.splat(0),
    d0 = f32x4.splat(0),
    d1 = f32x4.splat(0);
  if (from) {
    a0 = v128.load(from);
    a1 = v128.load(from, 16);
    b0 = v128.load(from + step);
    b1 = v128.load(from + step, 16);
    c0 = v128.load(from + 2 * step);
    c1 = v128.load(from + 2 * step, 16);
    d0 = v128.load(from + 3 * step);
    d1 = v128.load(from + 3 * step, 16);
  }
  let xa = x;
  let xb = x + stride;
  let xc = x + 2 * stride;
  let xd = x + 3 * stride;
  const end = y + ((<usize>count) << 5);
  while (y < end) {
    let l = v128.load(y);
    let h = v128.load(y, 16);
    let s = v128.load32_splat(xa);
    a0 = f32x4.add(a0, f32x4.mul(s, l));
    a1 = f32x4.add(a1, f32x4.mul(s, h));
    s = v128.load32_splat(xb);
    b0 = f32x4.add(b0, f32x4.mul(s, l));
    b1 = f32x4.add(b1, f32x4.mul(s, h));
    s = v128.load32_splat(xc);
    c0 = f32x4.add(c0, f32x4.mul(s, l));
    c1 = f32x4.add(c1, f32x4.mul(s, h));
    s = v128.load32_splat(xd);
    d0 = f32x4.add(d0, f32x4.mul(s, l));
    d1 = f32x4.add(d1, f32x4.mul(s, h));
    l = v128.load(y, 32);
    h = v128.load(y, 48);
    s = v128.load32_splat(xa, 4);
    a0 = f32x4.add(a0, f32x4.mul(s, l));
    a1 = f32x4.add(a1, f32x4.mul(s, h));
    s = v128.load32_splat(xb, 4);
    b0 = f32x4.add(b0, f32x4.mul(s, l));
    b1 = f32x4.add(b1, f32x4.mul(s, h));
    s = v128.load32_splat(xc, 4);
    c0 = f32x4.add(c0, f32x4.mul(s, l));
    c1 = f32x4.add(c1, f32x4.mul(s, h));
    s = v128.load32_splat(xd, 4);
    d0 = f32x4.add(d0, f32x4.mul(s, l));
    d1 = f32x4.add(d1, f32x4.mul(s, h));
    l = v128.load(y, 64);
    h = v128.load(y, 80);
    s = v128.load32_splat(xa, 8);
    a0 = f32x4.add(a0, f32x4.mul(s, l));
    a1 = f32x4.add(a1, f32x4.mul(s, h));
    s = v128.load32_splat(xb, 8);
    b0 = f32x4.add(b0, f32x4.mul(s, l));
    b1 = f32x4.add(b1, f32x4.mul(s, h));
    s = v128.load32_splat(xc, 8);
    c0 = f32x4.add(c0, f32x4.mul(s, l));
    c1 = f32x4.add(c1, f32x4.mul(s, h));
    s = v128.load32_splat(xd, 8);
    d0 = f32x4.add(d0, f32x4.mul(s, l));
    d1 = f32x4.add(d1, f32x4.mul(s, h));
    l = v128.load(y, 96);
    h = v128.load(y, 112);
    s = v128.load32_splat(xa, 12);
    a0 = f32x4.add(a0, f32x4.mul(s, l));
    a1 = f32x4.add(a1, f32x4.mul(s, h));
    s = v128.load32_splat(xb, 12);
    b0 = f32x4.add(b0, f32x4.mul(s, l));
    b1 = f32x4.add(b1, f32x4.mul(s, h));
    s = v128.load32_splat(xc, 12);
    c0 = f32x4.add(c0, f32x4.mul(s, l));
    c1 = f32x4.add(c1, f32x4.mul(s, h));
    s = v128.load32_splat(xd, 12);
    d0 = f32x4.add(d0, f32x4.mul(s, l));
    d1 = f32x4.add(d1, f32x4.mul(s, h));
    xa += 16;
    xb += 16;
    xc += 16;
    xd += 16;
    y += 128;
  }
  v128.store(c, a0);
  v128.store(c, a1, 16);
  v128.store(c + step, b0);
  v128.store(c + step, b1, 16);
  v128.store(c + 2 * step, c0);
  v128.store(c + 2 * step, c1, 16);
  v128.store(c + 3 * step, d0);
  v128.store(c + 3 * step, d1, 16);
}

/** `c[r, 0…8) += sum over k < count of x[k, r] × y[k, 0…8)` for four r; `x`'s rows lie `stride` bytes apart, `c`'s 32, straight on. */
export function columnsTile(x: usize, stride: usize, y: usize, count: i32, c: usize): void {
  let a0 = v128.load(c),
    a1 = v128.load(c, 16),
    b0 = v128.load(c, 32),
    b1 = v128.load(c, 48),
    c0 = v128.load(c, 64),
    c1 = v128.load(c, 80),
    d0 = v128.load(c, 96),
    d1 = v128.load(c, 112);
  const end = y + ((<usize>count) << 5);
  for (; y < end; y += 32, x += stride) {
    const l = v128.load(y);
    const h = v128.load(y, 16);
    let s = v128.load32_splat(x);
    a0 = f32x4.add(a0, f32x4.mul(s, l));
    a1 = f32x4.add(a1, f32x4.mul(s, h));
    s = v128.load32_splat(x, 4);
    b0 = f32x4.add(b0, f32x4.mul(s, l));
    b1 = f32x4.add(b1, f32x4.mul(s, h));
    s = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(s, l));
    c1 = f32x4.add(c1, f32x4.mul(s, h));
    s = v128.load32_splat(x, 12);
    d0 = f32x4.add(d0, f32x4.mul(s, l));
    d1 = f32x4.add(d1, f32x4.mul(s, h));
  }
  v128.store(c, a0);
  v128.store(c, a1, 16);
  v128.store(c, b0, 32);
  v128.store(c, b1, 48);
  v128.store(c, c0, 64);
  v128.store(c, c1, 80);
  v128.store(c, d0, 96);
  v128.store(c, d1, 112);
}
