/** One query against every row: dot products divided by the rows' lengths. */
import { Matrix } from "../../matrix/index.ts";
import { dot } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";

/** `query · row / |row|` of the rows `from … to`; 0 for a row of zeros. */
export function rowScores(
  vectors: WordVectors,
  query: ArrayLike<number>,
  { from = 0, to = vectors.size }: { from?: number; to?: number } = {},
): Float32Array {
  const { table, norms } = vectors;
  const scores = new Float32Array(Math.max(0, to - from));
  if (table instanceof Matrix) products(table.data as Float32Array, Float64Array.from(query), from, scores);
  else if (table.dots) table.dots(query, from, scores);
  else for (let i = from; i < to; i += 1) scores[i - from] = dot(table.row(i), query);
  for (let i = 0; i < scores.length; i += 1) scores[i] = norms[from + i] > 0 ? scores[i] / norms[from + i] : 0;
  return scores;
}

/** Four sums at a time, so that an addition need not wait for the one before it. */
function products(data: Float32Array, query: Float64Array, from: number, scores: Float32Array): void {
  const n = query.length;
  const whole = n - (n % 4);
  let at = from * n;
  for (let i = 0; i < scores.length; i += 1) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let k = 0;
    for (; k < whole; k += 4, at += 4) {
      s0 += data[at] * query[k];
      s1 += data[at + 1] * query[k + 1];
      s2 += data[at + 2] * query[k + 2];
      s3 += data[at + 3] * query[k + 3];
    }
    for (; k < n; k += 1, at += 1) s0 += data[at] * query[k];
    scores[i] = s0 + s1 + (s2 + s3);
  }
}
