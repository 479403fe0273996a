/**
 * The softmax over a batch's own documents (InfoNCE, van den Oord et al. 2018; sentence-transformers' MultipleNegativesRankingLoss), its value
 * and its derivatives, for one or several lengths of the vectors at once (Matryoshka, Kusupati et al. 2022).
 *
 * What differs from doing it length by length: the product of the first 128 dimensions is that of the first 64 and what follows, so that all
 * lengths together cost one product of the whole vectors, and their derivatives, summed before they meet the vectors, two more.
 * Scores are never stored for more than BLOCK rows. The work is cut into parts whose sums are added in their order: the result does not depend
 * on how many threads took them. A vector without length scores 0 and has no derivative.
 */
import { exponential } from "./arithmetic";
import {
  columnPanels,
  columns,
  cutLength,
  cuts,
  cutWeight,
  documentCount,
  documentGradients,
  documentInverses,
  documents,
  isCosine,
  padded,
  panels,
  partMemory,
  queries,
  queryGradients,
  queryInverses,
  rows,
  scale,
} from "./ranking-places";
import { columnsTile, rowsTile } from "./tiles";

/** Rows whose scores are in memory at once; src/kernels/ranking.ts makes room for them. */
const BLOCK: i32 = 16;
/** Values between two rows of scores beyond the documents, so that rows do not fall on the same lines of the cache. */
const GAP: i32 = 16;
const HEAD: usize = 64;

/** Packs the documents and takes the lengths of all vectors. */
export function prepare(part: i32, parts: i32, p: usize): void {
  const count = padded(p) >> 3;
  const width = columns(p);
  const panelBytes = (<usize>width) << 5;
  const lineBytes = (<usize>padded(p)) << 5;
  for (let panel = (count * part) / parts, last = (count * (part + 1)) / parts; panel < last; panel += 1) {
    const to = panels(p) + <usize>panel * panelBytes;
    for (let r = 0; r < 8; r += 1) {
      const j = (panel << 3) + r;
      const inside = j < documentCount(p);
      const from = documents(p) + (<usize>(inside ? j : 0) * <usize>width << 2);
      for (let k = 0; k < width; k += 1) {
        const value = inside ? load<f32>(from + ((<usize>k) << 2)) : <f32>0;
        store<f32>(to + ((<usize>((k << 3) + r)) << 2), value);
        store<f32>(columnPanels(p) + <usize>(k >> 3) * lineBytes + ((<usize>((j << 3) + (k & 7))) << 2), value);
      }
      inverses(p, inside ? from : 0, documentInverses(p) + ((<usize>j) << 2), padded(p));
    }
  }
  for (let i = (rows(p) * part) / parts, last = (rows(p) * (part + 1)) / parts; i < last; i += 1) {
    const from = queries(p) + (<usize>i * <usize>width << 2);
    inverses(p, from, queryInverses(p) + ((<usize>i) << 2), rows(p));
  }
}

/** One over the length of every cut of a vector; `step` values lie between two cuts. A vector at 0 is none. */
function inverses(p: usize, vector: usize, to: usize, step: i32): void {
  let squares: f32 = 0;
  let k = 0;
  for (let t = 0; t < cuts(p); t += 1) {
    for (; vector != 0 && k < cutLength(p, t); k += 1) {
      const value = load<f32>(vector + ((<usize>k) << 2));
      squares += value * value;
    }
    const length = sqrt<f32>(squares);
    const inverse: f32 = vector == 0 ? 0 : isCosine(p) ? (length > 1e-12 ? 1 / length : 0) : 1;
    store<f32>(to + ((<usize>(t * step)) << 2), inverse);
  }
}

/** Losses and derivatives of a part's rows; its share of the documents' derivative stays in its memory. */
export function rank(part: i32, parts: i32, p: usize): void {
  const wide = padded(p);
  const width = columns(p);
  const base = partMemory(p, part);
  const shares = base + HEAD;
  const sums = shares + (<usize>wide * <usize>width << 2);
  const block = sums + (<usize>(cuts(p) * wide) << 2);
  const packed = block + (<usize>(BLOCK * width) << 2);
  const exponentials = packed + (<usize>(BLOCK * width) << 2);
  const scores = exponentials + ((<usize>wide) << 2);
  const stride = (<usize>(wide + GAP)) << 2;
  memory.fill(base, 0, block - base);
  const blocks = (rows(p) + BLOCK - 1) / BLOCK;
  let loss: f64 = 0;
  for (let b = (blocks * part) / parts, last = (blocks * (part + 1)) / parts; b < last; b += 1) {
    const first = b * BLOCK;
    const count = min(BLOCK, rows(p) - first);
    takeBlock(p, first, count, block, packed);
    scoreBlock(p, block, scores, stride);
    for (let r = 0; r < count; r += 1) {
      loss += softmaxRow(p, first + r, scores + <usize>r * stride, stride * BLOCK, exponentials, sums);
    }
    // Rows beyond the last count for nothing.
    for (let t = 0; t < cuts(p); t += 1) {
      const plane = scores + <usize>t * stride * BLOCK;
      memory.fill(plane + <usize>count * stride, 0, <usize>(BLOCK - count) * stride);
    }
    rowGradients(p, first, count, scores, stride);
    documentShares(p, packed, scores, stride, shares);
  }
  store<f64>(base, loss);
}

/** Copies a block of queries as rows and as panels of 8 columns, zeros beyond `count`. */
function takeBlock(p: usize, first: i32, count: i32, block: usize, packed: usize): void {
  const bytes = (<usize>columns(p)) << 2;
  memory.copy(block, queries(p) + <usize>first * bytes, <usize>count * bytes);
  memory.fill(block + <usize>count * bytes, 0, <usize>(BLOCK - count) * bytes);
  let to = packed;
  for (let k: usize = 0; k < bytes; k += 32) {
    for (let r = 0; r < BLOCK; r += 1, to += 32) {
      const from = block + <usize>r * bytes + k;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  }
}

/** The products of all queries of the block with all documents: plane t has those of the first `cutLength(t)` dimensions. */
function scoreBlock(p: usize, block: usize, scores: usize, stride: usize): void {
  const bytes = (<usize>columns(p)) << 2;
  const plane = stride * BLOCK;
  const count = padded(p) >> 3;
  for (let panel = 0; panel < count; panel += 1) {
    const y = panels(p) + <usize>panel * (bytes << 3);
    for (let r = 0; r < BLOCK; r += 4) {
      const x = block + <usize>r * bytes;
      let c = scores + <usize>r * stride + ((<usize>panel) << 5);
      let before: usize = 0;
      for (let t = 0; t < cuts(p); t += 1) {
        const k = cutLength(p, t - 1);
        rowsTile(x + ((<usize>k) << 2), bytes, y + ((<usize>k) << 5), cutLength(p, t) - k, before, c, stride);
        before = c;
        c += plane;
      }
    }
  }
}

/**
 * Turns a row's products into the weights of the documents in its derivative, which for the dimensions of cut t are summed over the cuts from
 * t on. Gives the loss of the row, weighted and summed over the cuts.
 */
function softmaxRow(p: usize, row: i32, line: usize, plane: usize, exponentials: usize, sums: usize): f64 {
  const bytes = (<usize>padded(p)) << 2;
  let loss: f64 = 0;
  for (let t = cuts(p) - 1; t >= 0; t -= 1) {
    const scores = line + <usize>t * plane;
    const own = load<f32>(queryInverses(p) + ((<usize>(t * rows(p) + row)) << 2));
    const others = documentInverses(p) + <usize>t * bytes;
    const factor = f32x4.splat(scale(p) * own);
    let most = f32x4.splat(-1e30);
    for (let j: usize = 0; j < bytes; j += 16) {
      const z = f32x4.mul(v128.load(scores + j), f32x4.mul(factor, v128.load(others + j)));
      v128.store(scores + j, z);
      most = f32x4.max(most, z);
    }
    for (let j = documentCount(p); j < padded(p); j += 1) store<f32>(scores + ((<usize>j) << 2), -1e30);
    const highest = max<f32>(
      max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    const shift = f32x4.splat(highest);
    let total = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const e = exponential(f32x4.sub(v128.load(scores + j), shift));
      v128.store(exponentials + j, e);
      total = f32x4.add(total, e);
    }
    const sum =
      f32x4.extract_lane(total, 0) +
      f32x4.extract_lane(total, 1) +
      (f32x4.extract_lane(total, 2) + f32x4.extract_lane(total, 3));
    const at = (<usize>row) << 2;
    const weight = cutWeight(p, t);
    loss += <f64>weight * (Math.log(<f64>sum) + <f64>highest - <f64>load<f32>(scores + at));
    // The derivative by the cosine: scale × weight × (probability − 1 for the own document), over the rows.
    const share = (weight * scale(p)) / <f32>rows(p);
    store<f32>(exponentials + at, load<f32>(exponentials + at) - sum);
    weights(p, t, scores, t + 1 < cuts(p) ? plane : 0, exponentials, share / sum, own, row, sums);
  }
  return loss;
}

/** The last pass of {@link softmaxRow}: probabilities become weights of the documents, and the shares of the vectors' own direction are summed. */
function weights(
  p: usize,
  t: i32,
  scores: usize,
  next: usize,
  exponentials: usize,
  share: f32,
  own: f32,
  row: i32,
  sums: usize,
): void {
  const bytes = (<usize>padded(p)) << 2;
  const others = documentInverses(p) + <usize>t * bytes;
  const along = sums + <usize>t * bytes;
  const factor = f32x4.splat(share);
  const inverse = f32x4.splat(own);
  const unscaled = f32x4.splat(isCosine(p) ? 1 / scale(p) : 0);
  let total = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const g = f32x4.mul(v128.load(exponentials + j), factor);
    const gz = f32x4.mul(f32x4.mul(g, unscaled), v128.load(scores + j));
    total = f32x4.add(total, gz);
    v128.store(along + j, f32x4.add(v128.load(along + j), gz));
    let w = f32x4.mul(f32x4.mul(g, inverse), v128.load(others + j));
    if (next) w = f32x4.add(w, v128.load(scores + next + j));
    v128.store(scores + j, w);
  }
  const sum =
    f32x4.extract_lane(total, 0) +
    f32x4.extract_lane(total, 1) +
    (f32x4.extract_lane(total, 2) + f32x4.extract_lane(total, 3));
  // Kept for rowGradients: what the row loses along itself, in place of the padding behind its scores.
  store<f32>(scores + bytes, sum * own * own);
}

/** The queries' derivative: documents by their weights, less what goes along the query itself. */
function rowGradients(p: usize, first: i32, count: i32, scores: usize, stride: usize): void {
  const wide = padded(p);
  const width = columns(p);
  const lineBytes = (<usize>wide) << 5;
  const bytes = (<usize>width) << 2;
  const plane = stride * BLOCK;
  let t = 0;
  for (let k = 0; k < width; k += 8) {
    while (k >= cutLength(p, t)) t += 1;
    const y = columnPanels(p) + <usize>(k >> 3) * lineBytes;
    for (let r = 0; r < count; r += 4) {
      // The memory behind the derivative has room for the rows that fill up the last four.
      const c = queryGradients(p) + <usize>(first + r) * bytes + ((<usize>k) << 2);
      rowsTile(scores + <usize>t * plane + <usize>r * stride, stride, y, wide, 0, c, bytes);
    }
  }
  if (!isCosine(p)) return;
  for (let r = 0; r < count; r += 1) {
    const query = queries(p) + <usize>(first + r) * bytes;
    const gradient = queryGradients(p) + <usize>(first + r) * bytes;
    for (t = 0; t < cuts(p); t += 1) {
      const along = v128.load32_splat(scores + <usize>t * plane + <usize>r * stride + ((<usize>wide) << 2));
      const end = (<usize>cutLength(p, t)) << 2;
      for (let k: usize = 0; k < end; k += 16) {
        v128.store(gradient + k, f32x4.sub(v128.load(gradient + k), f32x4.mul(along, v128.load(query + k))));
      }
    }
  }
}

/** Adds the block's queries to the documents' derivative, in panels of 8 columns, [columns / 8, padded documents, 8]. */
function documentShares(p: usize, packed: usize, scores: usize, stride: usize, shares: usize): void {
  const wide = padded(p);
  const width = columns(p);
  const plane = stride * BLOCK;
  let t = 0;
  let c = shares;
  for (let k = 0; k < width; k += 8) {
    while (k >= cutLength(p, t)) t += 1;
    const y = packed + <usize>(k >> 3) * (<usize>BLOCK << 5);
    let x = scores + <usize>t * plane;
    for (let j = 0; j < wide; j += 4, x += 16, c += 128) columnsTile(x, stride, y, BLOCK, c);
  }
}

/** Sums the parts' shares of the documents' derivative, in the order of the parts. `ranked` is how many there were. */
export function gather(part: i32, parts: i32, p: usize): void {
  const ranked = load<i32>(p, 72);
  const wide = padded(p);
  const width = columns(p);
  const lineBytes = (<usize>wide) << 5;
  const sumsAt = HEAD + (<usize>wide * <usize>width << 2);
  const count = documentCount(p);
  for (let j = (count * part) / parts, last = (count * (part + 1)) / parts; j < last; j += 1) {
    const to = documentGradients(p) + (<usize>j * <usize>width << 2);
    for (let k = 0; k < width; k += 8) {
      const at = HEAD + <usize>(k >> 3) * lineBytes + ((<usize>j) << 5);
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      for (let each = 0; each < ranked; each += 1) {
        const from = partMemory(p, each) + at;
        low = f32x4.add(low, v128.load(from));
        high = f32x4.add(high, v128.load(from, 16));
      }
      v128.store(to + ((<usize>k) << 2), low);
      v128.store(to + ((<usize>k) << 2), high, 16);
    }
    if (!isCosine(p)) continue;
    const document = documents(p) + (<usize>j * <usize>width << 2);
    for (let t = 0; t < cuts(p); t += 1) {
      const at = (<usize>(t * wide + j)) << 2;
      let sum: f32 = 0;
      for (let each = 0; each < ranked; each += 1) sum += load<f32>(partMemory(p, each) + sumsAt + at);
      const inverse = load<f32>(documentInverses(p) + at);
      const along = f32x4.splat(sum * inverse * inverse);
      const end = (<usize>cutLength(p, t)) << 2;
      for (let k: usize = 0; k < end; k += 16) {
        v128.store(to + k, f32x4.sub(v128.load(to + k), f32x4.mul(along, v128.load(document + k))));
      }
    }
  }
}
