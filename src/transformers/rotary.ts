/**
 * Rotary positions: the pairs (x[i], x[i + D/2]) of a head turn by the angle position · frequency[i].
 * Su et al. 2021, https://arxiv.org/abs/2104.09864, in the layout of GPT-NeoX, which transformers uses everywhere
 * (two halves, not neighbours). The frequencies are rounded to float32 step by step, as PyTorch computes them.
 */
import { SemspaceError } from "../errors.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** How far each token turns each pair: cosine and sine, float32 [B or 1, S, 1, D/2]. */
export interface Rotation {
  readonly cosine: Value;
  readonly sine: Value;
}

const longestHead = 65_536;

/** 1 / base^(2i / size) for the pairs of a head of `size`. Throws `unsupported` for a head that has no pairs. */
export function rotaryFrequencies(base: number, size: number): number[] {
  if (size % 2 !== 0 || size > longestHead) {
    throw new SemspaceError(
      "unsupported",
      `Rotary positions turn pairs of a head: its size must be even, up to ${longestHead}, got ${size}.`,
    );
  }
  return Array.from({ length: size / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(Math.fround(base) ** Math.fround((2 * i) / size))),
  );
}

/** `positions` is int32 [B, S]. */
export function rotation(g: GraphBuilder, positions: Value, frequencies: readonly number[]): Rotation {
  const at = g.unsqueeze(g.cast(positions, "float32"), [2, 3]);
  const angles = g.mul(at, g.constant("float32", frequencies));
  return { cosine: g.cos(angles), sine: g.sin(angles) };
}

/** 0, 1, 2 … for the columns of `ids`, the same in all rows: int64 [1, S]. */
export function columnPositions(g: GraphBuilder, ids: Value): Value {
  return g.unsqueeze(g.range(g.squeeze(g.dimension(ids, 1), [0])), [0]);
}

/** Turns queries or keys [B, S, N, D]. */
export function rotate(g: GraphBuilder, x: Value, { cosine, sine }: Rotation): Value {
  const [first, second] = g.split(x, { parts: 2, axis: -1 });
  const left = g.sub(g.mul(first, cosine), g.mul(second, sine));
  const right = g.add(g.mul(second, cosine), g.mul(first, sine));
  return g.concat([left, right], -1);
}
