import { ANCHORS, CLIP, CONTEXTS, RATE, ROW_BYTES, VECTOR_BYTES, WORDS } from "./glove-places";

/**
 * Mittens (Dingwall and Potts 2018): one step of the rows `first … first + count` towards their given vectors, by the gradient
 * `share` × (word + context - given) on both sides. A row of `ANCHORS` that begins with NaN gives none.
 */
export function pullWords(p: usize, first: u32, count: i32, share: f32): void {
  const rowBytes = load<usize>(p, ROW_BYTES);
  const bytes = load<usize>(p, VECTOR_BYTES);
  const rate = f32x4.splat(load<f32>(p, RATE));
  const clip = load<f32>(p, CLIP);
  const most = f32x4.splat(clip);
  const least = f32x4.splat(-clip);
  const shares = f32x4.splat(share);
  for (let row = first; row < first + <u32>count; row += 1) {
    const anchor = load<usize>(p, ANCHORS) + <usize>row * bytes;
    if (load<f32>(anchor) != load<f32>(anchor)) continue;
    const word = load<usize>(p, WORDS) + <usize>row * rowBytes;
    const context = load<usize>(p, CONTEXTS) + <usize>row * rowBytes;
    for (let d: usize = 0; d < bytes; d += 16) {
      const w = v128.load(word + d);
      const c = v128.load(context + d);
      const away = f32x4.mul(shares, f32x4.sub(f32x4.add(w, c), v128.load(anchor + d)));
      const step = f32x4.mul(rate, f32x4.pmax(least, f32x4.pmin(most, away)));
      const squares = f32x4.mul(step, step);
      const squaresW = v128.load(word + bytes + d);
      const squaresC = v128.load(context + bytes + d);
      v128.store(word + d, f32x4.sub(w, f32x4.div(step, f32x4.sqrt(squaresW))));
      v128.store(context + d, f32x4.sub(c, f32x4.div(step, f32x4.sqrt(squaresC))));
      v128.store(word + bytes + d, f32x4.add(squaresW, squares));
      v128.store(context + bytes + d, f32x4.add(squaresC, squares));
    }
  }
}
