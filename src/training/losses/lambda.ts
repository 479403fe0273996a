/**
 * Lambda (Wang et al. 2018): every two documents of a query that are in the wrong order cost as much as their exchange would change NDCG.
 * Reference: sentence-transformers 6.2 `LambdaLoss` with its five weightings; the mean runs over the pairs of all queries.
 */
import { oneOf } from "../../errors.ts";
import { zerosLike } from "./check-batch.ts";
import { type ListedQuery, listedScores } from "./listed-scores.ts";
import type { Loss } from "./loss.ts";

const lambdaWeightings = ["none", "ndcg1", "ndcg2", "lambdaRank", "ndcg2++"] as const;
export type LambdaWeighting = (typeof lambdaWeightings)[number];

export interface LambdaOptions {
  /** What a pair's cost is multiplied with. Default "ndcg2++", a mixture of "ndcg2" (10 times) and "lambdaRank". */
  weighting?: LambdaWeighting;
  /** Only pairs with one of the first k documents count. Default: all. */
  k?: number;
  /** What differences of scores are multiplied with. Default 1. */
  sigma?: number;
  /** Share of "ndcg2" in "ndcg2++". Default 10. */
  mu?: number;
}

/** For cross-encoders. Column: scores [queries, documents]; labels: how relevant each document is, −Infinity where there is none. */
export function lambda(options: LambdaOptions = {}): Loss {
  return pairwiseRanking("Lambda", options);
}

/** The loss under any name, for RankNet is Lambda without weights. */
export function pairwiseRanking(name: string, { k = Infinity, sigma = 1, mu = 10, ...options }: LambdaOptions): Loss {
  const weighting = oneOf("weighting", options.weighting ?? "ndcg2++", lambdaWeightings);
  return {
    name,
    evaluate(columns, given) {
      const gradients = zerosLike(columns);
      let [value, pairs] = [0, 0];
      for (const query of listedScores(columns, given, name)) {
        const ranked = rank(query, k);
        const gradient = gradients[0].row(query.row);
        for (let i = 0; i < ranked.length; i += 1) {
          for (let j = 0; j < ranked.length; j += 1) {
            const [a, b] = [ranked[i], ranked[j]];
            if ((i >= k && j >= k) || (weighting !== "ndcg1" && a.label <= b.label)) continue;
            const weight = weigh[weighting](a, b, { places: [i, j], mu });
            // In logarithms of base 2, as the reference counts.
            const x = sigma * (a.score - b.score);
            value += (weight * softplus(-x)) / Math.LN2;
            pairs += 1;
            const slope = (weight * sigma) / ((1 + Math.exp(x)) * Math.LN2);
            gradient[a.column] -= slope;
            gradient[b.column] += slope;
          }
        }
      }
      const share = 1 / Math.max(pairs, 1);
      gradients[0].data.forEach((each, i) => (gradients[0].data[i] = each * share));
      return { value: value * share, gradients };
    },
  };
}

interface RankedDocument {
  column: number;
  score: number;
  label: number;
  gain: number;
  discount: number;
}

/** The documents by their scores, with what each adds to NDCG. */
function rank({ documents, scores, labels }: ListedQuery, k: number): RankedDocument[] {
  const gainOf = (label: number): number => 2 ** Math.max(label, 0) - 1;
  let best = 0;
  for (const [i, label] of labels.toSorted((a, b) => b - a).entries()) if (i < k) best += gainOf(label) / discountAt(i);
  const order = Array.from(documents.keys()).toSorted((a, b) => scores[b] - scores[a]);
  return order.map((d, place) => ({
    column: documents[d],
    score: scores[d],
    label: labels[d],
    gain: gainOf(labels[d]) / Math.max(best, 1e-10),
    discount: discountAt(place),
  }));
}

function discountAt(place: number): number {
  return Math.log2(place + 2);
}

type Weigh = (a: RankedDocument, b: RankedDocument, at: { places: readonly [number, number]; mu: number }) => number;

const weigh: Readonly<Record<LambdaWeighting, Weigh>> = {
  none: () => 1,
  ndcg1: (a) => a.gain / a.discount,
  ndcg2: (a, b, { places: [i, j] }) => {
    if (i === j) return 0;
    const apart = Math.abs(i - j);
    return Math.abs(1 / discountAt(apart - 1) - 1 / discountAt(apart)) * Math.abs(a.gain - b.gain);
  },
  lambdaRank: (a, b) => Math.abs(1 / a.discount - 1 / b.discount) * Math.abs(a.gain - b.gain),
  "ndcg2++": (a, b, at) => at.mu * weigh.ndcg2(a, b, at) + weigh.lambdaRank(a, b, at),
};

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
