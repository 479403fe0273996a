import { expect, test } from "vitest";
import golden from "../../test/golden/evaluation.json" with { type: "json" };
import { rankingMetrics, trecOrder } from "./ranking-metrics.ts";

const { relevance, run, result } = golden.retrieval as {
  relevance: Record<string, Record<string, number>>;
  run: Record<string, Record<string, number>>;
  result: Record<string, Record<string, number>>;
};

test.each(Object.keys(run))(
  "the measures of query %s equal those of pytrec_eval, with ties, negative grades and short rankings",
  (query) => {
    const ranking = trecOrder(new Map(Object.entries(run[query])));
    const ours = rankingMetrics(ranking, new Map(Object.entries(relevance[query])), [5, 10]);
    const known = result[query];
    expect(ours.map).toBeCloseTo(known["map"], 12);
    expect(ours.mrr).toBeCloseTo(known["recip_rank"], 12);
    for (const k of [5, 10]) {
      expect(ours.ndcg[k]).toBeCloseTo(known[`ndcg_cut_${k}`], 12);
      expect(ours.mapAt[k]).toBeCloseTo(known[`map_cut_${k}`], 12);
      expect(ours.recall[k]).toBeCloseTo(known[`recall_${k}`], 12);
      expect(ours.precision[k]).toBeCloseTo(known[`P_${k}`], 12);
    }
  },
);

test("the best possible ranking has nDCG 1 and MAP 1, an empty one 0", () => {
  const grades = new Map([
    ["a", 1],
    ["b", 3],
    ["c", 0],
  ]);
  expect(rankingMetrics(["b", "a"], grades, [10])).toMatchObject({
    ndcg: { 10: 1 },
    map: 1,
    mrr: 1,
    recall: { 10: 1 },
  });
  expect(rankingMetrics([], grades, [10])).toMatchObject({ ndcg: { 10: 0 }, map: 0, mrr: 0, recall: { 10: 0 } });
});
