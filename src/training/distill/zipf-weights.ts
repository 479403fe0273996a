/**
 * Weights that make frequent tokens light, without counting any text: tokens of a vocabulary are roughly in the order of
 * their frequency, so token i has the probability p ∝ 1 / (i + 2) (Zipf), and the weight a / (a + p) (SIF: Arora et al.
 * 2017, "A simple but tough-to-beat baseline for sentence embeddings"). Reference: model2vec 0.10 `compute_weights`.
 */
import { SemspaceError } from "../../errors.ts";

/** One weight a token; null gives ones. Throws `invalid-argument` outside 0 < coefficient < 1. */
export function zipfWeights(count: number, coefficient: number | null): Float64Array {
  if (coefficient === null) return new Float64Array(count).fill(1);
  if (!(coefficient > 0 && coefficient < 1)) {
    throw new SemspaceError(
      "invalid-argument",
      `sifCoefficient must lie between 0 and 1, got ${coefficient}. 1e-4 is usual; null gives every token the same weight.`,
    );
  }
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += 1 / (i + 2);
  return Float64Array.from({ length: count }, (_, i) => coefficient / (coefficient + 1 / ((i + 2) * sum)));
}
