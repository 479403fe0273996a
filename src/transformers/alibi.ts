/**
 * ALiBi: no positions in the embeddings; scores fall with distance, for each head with a slope of its own.
 * Press et al. 2022, https://arxiv.org/abs/2108.12409; both ways, as in Jina's BERT: −slope · |i − j|.
 */
import type { GraphBuilder, Value } from "./graph.ts";

/** [1, N, S, S]. */
export function alibiBias(g: GraphBuilder, ids: Value, heads: number): Value {
  const positions = g.cast(g.range(g.squeeze(g.dimension(ids, 1), [0])), "float32");
  const distance = g.abs(g.sub(g.unsqueeze(positions, [0]), g.unsqueeze(positions, [1])));
  const slopes = alibiSlopes(heads).map((slope) => -slope);
  return g.mul(g.constant("float32", slopes, [1, heads, 1, 1]), distance);
}

/** Powers of 2^(−8/n); for other numbers of heads than powers of two, those between them from the next power too. */
export function alibiSlopes(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = powers(power);
  const between = powers(2 * power).filter((_, i) => i % 2 === 0);
  return [...slopes, ...between.slice(0, heads - power)];
}

function powers(heads: number): number[] {
  const start = 2 ** -(2 ** -(Math.log2(heads) - 3));
  return Array.from({ length: heads }, (_, i) => start * start ** i);
}
