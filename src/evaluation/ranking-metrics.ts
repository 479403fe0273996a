/**
 * How good is a ranking? The measures of trec_eval, as pytrec_eval and BEIR report them:
 *   nDCG@k       gains are the grades themselves, discounted by log2(rank + 1), over those of the best possible ranking
 *   MAP, MAP@k   precision at the rank of each relevant document (in the first k), over the number of all relevant ones
 *   recall@k     relevant documents in the first k, over all relevant ones
 *   precision@k  relevant documents in the first k, over k, also when the ranking is shorter
 *   MRR, MRR@k   one over the rank of the first relevant document (0 when it is not in the first k)
 * A document is relevant when its grade is above 0; one that is not judged counts as not relevant. A query without
 * any relevant document scores 0.
 */

/** Grades of the judged documents of one query, by document id. */
export type Grades = ReadonlyMap<string, number>;

export interface RankingMetrics {
  /** By cutoff k. */
  ndcg: Record<number, number>;
  recall: Record<number, number>;
  precision: Record<number, number>;
  mapAt: Record<number, number>;
  mrrAt: Record<number, number>;
  map: number;
  mrr: number;
}

/** Measures one ranking of document ids, best first. */
export function rankingMetrics(ranking: readonly string[], grades: Grades, cutoffs: readonly number[]): RankingMetrics {
  const gains = ranking.map((id) => Math.max(0, grades.get(id) ?? 0));
  const ideal = [...grades.values()].filter((grade) => grade > 0).sort((a, b) => b - a);
  const relevant = ideal.length;
  const hitsAt = (k: number): number => gains.slice(0, k).filter((gain) => gain > 0).length;
  const byCutoff = (measure: (k: number) => number): Record<number, number> =>
    Object.fromEntries(cutoffs.map((k) => [k, relevant === 0 ? 0 : measure(k)]));
  const first = gains.findIndex((gain) => gain > 0);
  return {
    ndcg: byCutoff((k) => discounted(gains, k) / discounted(ideal, k)),
    recall: byCutoff((k) => hitsAt(k) / relevant),
    precision: byCutoff((k) => hitsAt(k) / k),
    mapAt: byCutoff((k) => averagePrecision(gains.slice(0, k), relevant)),
    mrrAt: byCutoff((k) => (first === -1 || first >= k ? 0 : 1 / (first + 1))),
    map: relevant === 0 ? 0 : averagePrecision(gains, relevant),
    mrr: first === -1 ? 0 : 1 / (first + 1),
  };
}

/** The mean over queries of each measure. All must have the same cutoffs; none gives zeros. */
export function meanMetrics(all: readonly RankingMetrics[], cutoffs: readonly number[]): RankingMetrics {
  const mean = (value: (metrics: RankingMetrics) => number): number =>
    all.reduce((sum, metrics) => sum + value(metrics), 0) / Math.max(all.length, 1);
  const byCutoff = (name: "ndcg" | "recall" | "precision" | "mapAt" | "mrrAt"): Record<number, number> =>
    Object.fromEntries(cutoffs.map((k) => [k, mean((metrics) => metrics[name][k])]));
  return {
    ndcg: byCutoff("ndcg"),
    recall: byCutoff("recall"),
    precision: byCutoff("precision"),
    mapAt: byCutoff("mapAt"),
    mrrAt: byCutoff("mrrAt"),
    map: mean((metrics) => metrics.map),
    mrr: mean((metrics) => metrics.mrr),
  };
}

/**
 * A run's documents in trec_eval's order: higher scores first, equal scores by id, descending. Scores are compared as
 * float32, because trec_eval keeps them so. BEIR's figures depend on this where scores tie.
 */
export function trecOrder(scores: ReadonlyMap<string, number>): string[] {
  const entries = [...scores].map(([id, score]) => ({ id, score: Math.fround(score) }));
  return entries.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)).map(({ id }) => id);
}

function discounted(gains: readonly number[], k: number): number {
  let sum = 0;
  for (let i = 0; i < Math.min(k, gains.length); i += 1) sum += gains[i] / Math.log2(i + 2);
  return sum;
}

function averagePrecision(gains: readonly number[], relevant: number): number {
  let [found, sum] = [0, 0];
  for (const [i, gain] of gains.entries()) {
    if (gain <= 0) continue;
    found += 1;
    sum += found / (i + 1);
  }
  return sum / relevant;
}
