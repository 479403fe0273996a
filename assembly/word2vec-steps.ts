/** The steps of word2vec's kernel that take six targets against two rows (against one: six-targets.ts), and means of rows. */
import { sigmoid, sums } from "./arithmetic";
import { count, LABELS, probability, WEIGHTS } from "./six-targets";
import { MANTISSA } from "./word2vec-places";

/** Six targets against two different context rows. */
export function stepTwo(p: usize, group: usize, one: usize, other: usize, bytes: usize, rate: f32): void {
  const t0 = load<usize>(group),
    t1 = load<usize>(group, 4),
    t2 = load<usize>(group, 8),
    t3 = load<usize>(group, 12),
    t4 = load<usize>(group, 16),
    t5 = load<usize>(group, 20);
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    a4 = a0,
    a5 = a0;
  let b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0,
    b4 = a0,
    b5 = a0;
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(one + d),
      y = v128.load(other + d);
    let t = v128.load(t0 + d);
    a0 = f32x4.add(a0, f32x4.mul(x, t));
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
    let t = v128.load(t0 + d);
    let u = f32x4.add(x, f32x4.mul(a0, t)),
      v = f32x4.add(y, f32x4.mul(b0, t));
    v128.store(t0 + d, f32x4.add(t, f32x4.add(f32x4.mul(a0, x), f32x4.mul(b0, y))));
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
    v128.store(one + d, u);
    v128.store(other + d, v);
  }
}

/**
 * As {@link stepTwo} for two means of CBOW, each with a centre word of its own in slot 0 and the same five negatives in slots
 * 1 to 5; the updates of the rows are written to `errors` and the row behind it.
 */
export function stepPair(
  p: usize,
  group: usize,
  second: usize,
  rows: usize,
  errors: usize,
  bytes: usize,
  rate: f32,
): void {
  const other = rows + bytes,
    otherErrors = errors + bytes;
  const t0 = load<usize>(group),
    t1 = load<usize>(group, 4),
    t2 = load<usize>(group, 8),
    t3 = load<usize>(group, 12),
    t4 = load<usize>(group, 16),
    t5 = load<usize>(group, 20);
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    a4 = a0,
    a5 = a0;
  let b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0,
    b4 = a0,
    b5 = a0;
  for (let d: usize = 0; d < bytes; d += 16) {
    const x = v128.load(rows + d),
      y = v128.load(other + d);
    a0 = f32x4.add(a0, f32x4.mul(x, v128.load(t0 + d)));
    b0 = f32x4.add(b0, f32x4.mul(y, v128.load(second + d)));
    let t = v128.load(t1 + d);
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
    const x = v128.load(rows + d),
      y = v128.load(other + d);
    let t = v128.load(t0 + d);
    let u = f32x4.mul(a0, t);
    v128.store(t0 + d, f32x4.add(t, f32x4.mul(a0, x)));
    t = v128.load(second + d);
    let v = f32x4.mul(b0, t);
    v128.store(second + d, f32x4.add(t, f32x4.mul(b0, y)));
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
    v128.store(errors + d, u);
    v128.store(otherErrors + d, v);
  }
}

/** The mean of `count` rows whose addresses stand at `list`. */
export function meanRow(list: usize, count: i32, to: usize, bytes: usize): void {
  const end = list + ((<usize>count) << 2);
  const first = load<usize>(list);
  const share = f32x4.splat(<f32>1 / <f32>count);
  memory.copy(to, first, bytes);
  let at = list + 4;
  for (; at + 8 <= end; at += 8) {
    const r0 = load<usize>(at),
      r1 = load<usize>(at, 4);
    for (let d: usize = 0; d < bytes; d += 16) {
      v128.store(to + d, f32x4.add(v128.load(to + d), f32x4.add(v128.load(r0 + d), v128.load(r1 + d))));
    }
  }
  const last = at < end ? load<usize>(at) : 0;
  if (last) {
    for (let d: usize = 0; d < bytes; d += 16) {
      v128.store(to + d, f32x4.mul(share, f32x4.add(v128.load(to + d), v128.load(last + d))));
    }
  } else {
    for (let d: usize = 0; d < bytes; d += 16) v128.store(to + d, f32x4.mul(share, v128.load(to + d)));
  }
}

/** Adds `scale` × the row at `error` to `count` rows whose addresses stand at `list`; a row that stands there twice gets it twice. */
export function addToRows(list: usize, count: i32, error: usize, bytes: usize, scale: f32): void {
  const end = list + ((<usize>count) << 2);
  const scales = f32x4.splat(scale);
  let at = list;
  for (; at + 8 <= end; at += 8) {
    const r0 = load<usize>(at),
      r1 = load<usize>(at, 4);
    for (let d: usize = 0; d < bytes; d += 16) {
      const e = f32x4.mul(scales, v128.load(error + d));
      v128.store(r0 + d, f32x4.add(v128.load(r0 + d), e));
      v128.store(r1 + d, f32x4.add(v128.load(r1 + d), e));
    }
  }
  if (at < end) {
    const row = load<usize>(at);
    for (let d: usize = 0; d < bytes; d += 16) {
      v128.store(row + d, f32x4.add(v128.load(row + d), f32x4.mul(scales, v128.load(error + d))));
    }
  }
}
