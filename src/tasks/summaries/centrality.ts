/**
 * Which sentences stand for a text? All three look at the vectors of the sentences alone:
 *   centroid  near the mean of all (Radev et al. 2004, with vectors of sentences for their tf-idf)
 *   textrank  a random walk over the sentences, a step the likelier the more alike two are (Mihalcea and Tarau 2004)
 *   lexrank   the same where only pairs above a threshold are joined, all alike (Erkan and Radev 2004)
 * The walk starts anew with probability 0.15, as PageRank does. What differs: likeness is the cosine of embeddings, not of words.
 */
import { type Matrix, normalized } from "../../matrix/index.ts";

export const summaryMethods = ["centroid", "textrank", "lexrank"] as const;
export type SummaryMethod = (typeof summaryMethods)[number];

const DAMPING = 0.85;
const ROUNDS = 200;

/** One score a row, larger is more central. `threshold` is lexrank's. */
export function centrality(
  vectors: Matrix,
  method: SummaryMethod,
  { similarities, threshold }: { similarities: Matrix; threshold: number },
): Float64Array {
  if (method === "centroid") return nearMean(vectors);
  const weigh =
    method === "textrank" ? (value: number) => Math.max(value, 0) : (value: number) => Number(value > threshold);
  return randomWalk(similarities, weigh);
}

function nearMean(vectors: Matrix): Float64Array {
  const units = normalized(vectors);
  const mean = new Float64Array(units.columns);
  for (let i = 0; i < units.rows; i += 1) for (const [j, value] of units.row(i).entries()) mean[j] += value;
  const length = Math.hypot(...mean) || 1;
  return Float64Array.from(
    { length: units.rows },
    (_, i) => units.row(i).reduce((sum, value, j) => sum + value * mean[j], 0) / length,
  );
}

/** Where the walk is found: the shares sum to 1. A sentence that is like none leads everywhere. */
function randomWalk({ data, rows: n }: Matrix, weigh: (value: number) => number): Float64Array {
  const weights = new Float64Array(n * n);
  const totals = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      weights[i * n + j] = weigh(data[i * n + j]);
      totals[i] += weights[i * n + j];
    }
  }
  let shares: Float64Array = new Float64Array(n).fill(1 / n);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = new Float64Array(n);
    let lost = 0;
    for (let i = 0; i < n; i += 1) {
      if (totals[i] === 0) {
        lost += shares[i];
        continue;
      }
      const out = (DAMPING * shares[i]) / totals[i];
      for (let j = 0; j < n; j += 1) next[j] += out * weights[i * n + j];
    }
    let change = 0;
    for (let j = 0; j < n; j += 1) {
      next[j] += (1 - DAMPING + DAMPING * lost) / n;
      change += Math.abs(next[j] - shares[j]);
    }
    shares = next;
    if (change < 1e-9) break;
  }
  return shares;
}
