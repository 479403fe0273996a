/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): one after the other, the candidate whose lambda × relevance
 * - (1 - lambda) × largest cosine with what was chosen before is largest. Relevance is the cosine with the query, or a score brought to 0 … 1.
 */
import { SemspaceError, shown, wholeNumber } from "../errors.ts";
import { Matrix, similarity } from "../matrix/index.ts";

/** Positions of the `k` chosen candidates, in the order of their choice. Throws `invalid-argument` for a lambda outside 0 … 1. */
export function marginalRelevance(
  relevance: ArrayLike<number>,
  vectors: readonly Float32Array[],
  { k, lambda }: { k: number; lambda: number },
): number[] {
  if (!(lambda >= 0 && lambda <= 1))
    throw new SemspaceError("invalid-argument", `lambda must be a number from 0 to 1, got ${shown(lambda)}.`);
  wholeNumber("k", k);
  const matrix = Matrix.fromRows(vectors);
  const nearest = new Float32Array(vectors.length).fill(-Infinity);
  const chosen: number[] = [];
  const left = new Set(vectors.keys());
  while (chosen.length < k && left.size > 0) {
    let next = -1;
    let most = -Infinity;
    for (const i of left) {
      const repeated = chosen.length === 0 ? 0 : nearest[i];
      const score = lambda * relevance[i] - (1 - lambda) * repeated;
      if (score > most || next < 0) [next, most] = [i, score];
    }
    left.delete(next);
    chosen.push(next);
    const { data } = similarity(new Matrix(vectors[next], 1, matrix.columns), matrix);
    for (const i of left) if (data[i] > nearest[i]) nearest[i] = data[i];
  }
  return chosen;
}
