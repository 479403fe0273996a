import { expect, test } from "vitest";
import { bestHits } from "./hits.ts";

test("the best hits are those of a full sort, for every k", () => {
  let state = 1;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const scores = Float32Array.from({ length: 300 }, () => Math.floor(random() * 40) / 8);
  const sorted = Array.from(scores, (score, index) => ({ index, score })).sort(
    (a, b) => b.score - a.score || a.index - b.index,
  );
  for (const k of [1, 2, 3, 10, 299, 300, 1000]) expect(bestHits(scores, k)).toEqual(sorted.slice(0, k));
  expect(bestHits(scores, 300, 3)).toEqual(sorted.filter((hit) => hit.score > 3));
});

test("scores that are no numbers are never hits", () => {
  expect(bestHits(Float32Array.of(Number.NaN, 1, Number.NaN, -Infinity), 4, 0)).toEqual([{ index: 1, score: 1 }]);
});
