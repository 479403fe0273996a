/** The steps of word2vec's kernel that take six targets against two rows (against one: six-targets.ts), and means of rows. */
import { sigmoid, sums } from "./arithmetic";
import { count, LABELS, probability, WEIGHTS } from "./six-targets";
import { MANTISSA } from "./word2vec-places";

// Where the updates of the two rows go: to the rows themselves, or to two rows of errors, which they begin or are added to.
const ROWS: i32 = 0;
const NEW_ERRORS: i32 = 1;
const ERRORS: i32 = 2;

/** Six targets against two different context rows. */
export function stepTwo(p: usize, group: usize, one: usize, other: usize, bytes: usize, rate: f32): void {
  step(p, group, 0, one, other, one, bytes, rate, ROWS);
}

/**
 * Two means of CBOW, `rows` and the row behind it, each with a centre word of its own in slot 0 (the other's at `second`) and the same
 * negatives in slots 1 to 5; their updates are written to `errors` and the row behind it.
 */
export function stepPair(p: usize, group: usize, second: usize, rows: usize, errors: usize, bytes: usize, rate: f32): void {
  step(p, group, second, rows, rows + bytes, errors, bytes, rate, NEW_ERRORS);
}

/** Further negatives of two means of CBOW; their updates are added to `errors` and the row behind it. */
export function stepNegatives(p: usize, group: usize, rows: usize, errors: usize, bytes: usize, rate: f32): void {
  step(p, group, 0, rows, rows + bytes, errors, bytes, rate, ERRORS);
}

/** Compiled once for each `to`, which is a constant: what does not apply is left out. */
// @ts-ignore: decorator
@inline
function step(
  p: usize,
  group: usize,
  second: usize,
  one: usize,
  other: usize,
  errors: usize,
  bytes: usize,
  rate: f32,
  to: i32,
): void {
  const t0 = load<usize>(group),
    t1 = load<usize>(group, 4),
    t2 = load<usize>(group, 8),
    t3 = load<usize>(group, 12),
    t4 = load<usize>(group, 16),
    t5 = load<usize>(group, 20);
  const zero = f32x4.splat(0);
  let a0 = zero,
    a1 = zero,
    a2 = zero,
    a3 = zero,
    a4 = zero,
    a5 = zero;
  let b0 = zero,
    b1 = zero,
    b2 = zero,
    b3 = zero,
    b4 = zero,
    b5 = zero;
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(one + d),
      y = v128.load(other + d);
    let t = v128.load(t0 + d);
    a0 = f32x4.add(a0, f32x4.mul(x, t));
    if (to == NEW_ERRORS) t = v128.load(second + d);
    b0 = f32x4.add(b0, f32x4.mul(y, t));
    t = v128.load(t1 + d);
    a1 = f32x4.add(a1, f32x4.mul(x, t));
    b1 = f32x4.add(b1, f32x4.mul(y, t));
    t = v128.load(t2 + d);
    a2 = f32x4.add(a2, f32x4.mul(x, t));
    b2 = f32x4.add(b2, f32x4.mul(y, t));
    t = v128.load(t3 + d);
    a3 = f32x4.add(a3, f32x4.mul(x, t));
    b3 = f32x4.add(b3, f32x4.mul(y, t));
    t = v128.load(t4 + d);
    a4 = f32x4.add(a4, f32x4.mul(x, t));
    b4 = f32x4.add(b4, f32x4.mul(y, t));
    t = v128.load(t5 + d);
    a5 = f32x4.add(a5, f32x4.mul(x, t));
    b5 = f32x4.add(b5, f32x4.mul(y, t));
  }
  const labels = v128.load(group, LABELS),
    lastLabels = v128.load(group, LABELS + 16);
  const weights = v128.load(group, WEIGHTS),
    lastWeights = v128.load(group, WEIGHTS + 16);
  const sa = sigmoid(sums(a0, a1, a2, a3)),
    sb = sigmoid(sums(b0, b1, b2, b3)),
    sc = sigmoid(sums(a4, a5, b4, b5));
  const likely = f32x4.mul(
    f32x4.mul(probability(sa, labels, weights), probability(sb, labels, weights)),
    probability(sc, lastLabels, lastWeights),
  );
  count(p + MANTISSA, likely);
  const rates = f32x4.splat(rate);
  const ga = f32x4.mul(f32x4.mul(f32x4.sub(labels, sa), weights), rates),
    gb = f32x4.mul(f32x4.mul(f32x4.sub(labels, sb), weights), rates),
    gc = f32x4.mul(f32x4.mul(f32x4.sub(lastLabels, sc), lastWeights), rates);
  a0 = v128.shuffle<f32>(ga, ga, 0, 0, 0, 0);
  a1 = v128.shuffle<f32>(ga, ga, 1, 1, 1, 1);
  a2 = v128.shuffle<f32>(ga, ga, 2, 2, 2, 2);
  a3 = v128.shuffle<f32>(ga, ga, 3, 3, 3, 3);
  a4 = v128.shuffle<f32>(gc, gc, 0, 0, 0, 0);
  a5 = v128.shuffle<f32>(gc, gc, 1, 1, 1, 1);
  b0 = v128.shuffle<f32>(gb, gb, 0, 0, 0, 0);
  b1 = v128.shuffle<f32>(gb, gb, 1, 1, 1, 1);
  b2 = v128.shuffle<f32>(gb, gb, 2, 2, 2, 2);
  b3 = v128.shuffle<f32>(gb, gb, 3, 3, 3, 3);
  b4 = v128.shuffle<f32>(gc, gc, 2, 2, 2, 2);
  b5 = v128.shuffle<f32>(gc, gc, 3, 3, 3, 3);
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(one + d),
      y = v128.load(other + d);
    let u = x,
      v = y;
    if (to == NEW_ERRORS) {
      u = zero;
      v = zero;
    } else if (to == ERRORS) {
      u = v128.load(errors + d);
      v = v128.load(errors + bytes + d);
    }
    let t = v128.load(t0 + d);
    u = f32x4.add(u, f32x4.mul(a0, t));
    if (to == NEW_ERRORS) {
      v128.store(t0 + d, f32x4.add(t, f32x4.mul(a0, x)));
      t = v128.load(second + d);
      v128.store(second + d, f32x4.add(t, f32x4.mul(b0, y)));
    } else v128.store(t0 + d, f32x4.add(t, f32x4.add(f32x4.mul(a0, x), f32x4.mul(b0, y))));
    v = f32x4.add(v, f32x4.mul(b0, t));
    t = v128.load(t1 + d);
    u = f32x4.add(u, f32x4.mul(a1, t));
    v = f32x4.add(v, f32x4.mul(b1, t));
    v128.store(t1 + d, f32x4.add(t, f32x4.add(f32x4.mul(a1, x), f32x4.mul(b1, y))));
    t = v128.load(t2 + d);
    u = f32x4.add(u, f32x4.mul(a2, t));
    v = f32x4.add(v, f32x4.mul(b2, t));
    v128.store(t2 + d, f32x4.add(t, f32x4.add(f32x4.mul(a2, x), f32x4.mul(b2, y))));
    t = v128.load(t3 + d);
    u = f32x4.add(u, f32x4.mul(a3, t));
    v = f32x4.add(v, f32x4.mul(b3, t));
    v128.store(t3 + d, f32x4.add(t, f32x4.add(f32x4.mul(a3, x), f32x4.mul(b3, y))));
    t = v128.load(t4 + d);
    u = f32x4.add(u, f32x4.mul(a4, t));
    v = f32x4.add(v, f32x4.mul(b4, t));
    v128.store(t4 + d, f32x4.add(t, f32x4.add(f32x4.mul(a4, x), f32x4.mul(b4, y))));
    t = v128.load(t5 + d);
    u = f32x4.add(u, f32x4.mul(a5, t));
    v = f32x4.add(v, f32x4.mul(b5, t));
    v128.store(t5 + d, f32x4.add(t, f32x4.add(f32x4.mul(a5, x), f32x4.mul(b5, y))));
    if (to == ROWS) {
      v128.store(one + d, u);
      v128.store(other + d, v);
    } else {
      v128.store(errors + d, u);
      v128.store(errors + bytes + d, v);
    }
  }
}

/** The mean of `count` rows whose addresses stand at `list`, a cache line of all of them at a time. */
export function meanRow(list: usize, count: i32, to: usize, bytes: usize): void {
  const end = list + ((<usize>count) << 2);
  const share = f32x4.splat(<f32>1 / <f32>count);
  let d: usize = 0;
  for (; d + 64 <= bytes; d += 64) {
    const first = load<usize>(list) + d;
    let a = v128.load(first),
      b = v128.load(first, 16),
      c = v128.load(first, 32),
      e = v128.load(first, 48);
    for (let at = list + 4; at < end; at += 4) {
      const row = load<usize>(at) + d;
      a = f32x4.add(a, v128.load(row));
      b = f32x4.add(b, v128.load(row, 16));
      c = f32x4.add(c, v128.load(row, 32));
      e = f32x4.add(e, v128.load(row, 48));
    }
    v128.store(to + d, f32x4.mul(a, share));
    v128.store(to + d, f32x4.mul(b, share), 16);
    v128.store(to + d, f32x4.mul(c, share), 32);
    v128.store(to + d, f32x4.mul(e, share), 48);
  }
  for (; d < bytes; d += 16) {
    let a = v128.load(load<usize>(list) + d);
    for (let at = list + 4; at < end; at += 4) a = f32x4.add(a, v128.load(load<usize>(at) + d));
    v128.store(to + d, f32x4.mul(a, share));
  }
}

/** Adds `scale` × the row at `error` to `count` rows whose addresses stand at `list`; a row that stands there twice gets it twice. */
export function addToRows(list: usize, count: i32, error: usize, bytes: usize, scale: f32): void {
  const end = list + ((<usize>count) << 2);
  const scales = f32x4.splat(scale);
  let d: usize = 0;
  for (; d + 64 <= bytes; d += 64) {
    const a = f32x4.mul(scales, v128.load(error + d)),
      b = f32x4.mul(scales, v128.load(error + d, 16)),
      c = f32x4.mul(scales, v128.load(error + d, 32)),
      e = f32x4.mul(scales, v128.load(error + d, 48));
    for (let at = list; at < end; at += 4) {
      const row = load<usize>(at) + d;
      v128.store(row, f32x4.add(v128.load(row), a));
      v128.store(row, f32x4.add(v128.load(row, 16), b), 16);
      v128.store(row, f32x4.add(v128.load(row, 32), c), 32);
      v128.store(row, f32x4.add(v128.load(row, 48), e), 48);
    }
  }
  for (; d < bytes; d += 16) {
    const a = f32x4.mul(scales, v128.load(error + d));
    for (let at = list; at < end; at += 4) {
      const row = load<usize>(at) + d;
      v128.store(row, f32x4.add(v128.load(row), a));
    }
  }
}
