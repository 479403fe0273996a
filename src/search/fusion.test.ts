import { expect, test } from "vitest";
import { hybrid, reciprocalRankFusion, weightedFusion } from "./fusion.ts";

const ranking = (...indices: number[]): { index: number; score: number }[] =>
  indices.map((index) => ({ index, score: -index }));

test("reciprocal rank fusion adds 1 / (60 + rank)", () => {
  const fused = reciprocalRankFusion([ranking(7, 3), ranking(3, 9)]);
  expect(fused.map((hit) => hit.index)).toEqual([3, 7, 9]);
  expect(fused[0].score).toBeCloseTo(1 / 62 + 1 / 61, 7);
  expect(fused[2].score).toBeCloseTo(1 / 62, 7);
});

test("reciprocal rank fusion takes weights, another k, and cuts at top", () => {
  const fused = reciprocalRankFusion([ranking(1, 2), ranking(2, 1)], { weights: [3, 1], k: 0, top: 1 });
  expect(fused).toEqual([{ index: 1, score: 3.5 }]);
  expect(reciprocalRankFusion([ranking(5, 4), ranking(4, 5)]).map((hit) => hit.index)).toEqual([4, 5]);
  expect(reciprocalRankFusion([])).toEqual([]);
});

test("weighted fusion brings each opinion to its range and adds", () => {
  expect(
    weightedFusion(
      [
        [0, 5, 10],
        [2, 1, 0],
      ],
      { weights: [0.75, 0.25] },
    ),
  ).toEqual([
    { index: 2, score: 0.75 },
    { index: 1, score: 0.5 },
    { index: 0, score: 0.25 },
  ]);
});

test("the z-score has mean 0 and deviation 1", () => {
  const fused = weightedFusion([[1, 2, 3]], { scale: "zscore" });
  expect(fused.map((hit) => hit.index)).toEqual([2, 1, 0]);
  expect(fused[0].score).toBeCloseTo(Math.sqrt(1.5), 6);
});

test("nearly equal scores stay nearly equal, however few there are", () => {
  const fused = hybrid([0.8, 0.79], [0, 2], { top: 2 });
  expect(fused.map((hit) => hit.index)).toEqual([1, 0]);
  expect(fused[0].score).toBeCloseTo(0.99375, 5);
  expect(hybrid([0.4], [3], { top: 1 })).toEqual([{ index: 0, score: 1 }]);
});

test("an opinion of zeros, a constant z-score, and NaN count nothing", () => {
  expect(hybrid([0.1, 0.9], [0, 0], { top: 2 }).map((hit) => hit.index)).toEqual([1, 0]);
  expect(hybrid([Number.NaN, 0.2, 0.9], [3, 0, 0], { top: 3 }).map((hit) => hit.index)).toEqual([0, 2, 1]);
  const constant = [
    [5, 5],
    [Number.NaN, Number.NaN],
    [1, 2],
  ];
  expect(weightedFusion(constant, { scale: "zscore" }).map((hit) => hit.index)).toEqual([1, 0]);
});

test("hybrid search weighs meaning and words alike", () => {
  expect(hybrid([0, 1, 0.5], [0, 0, 8], { top: 2 })).toEqual([
    { index: 2, score: 0.75 },
    { index: 1, score: 0.5 },
  ]);
  expect(hybrid([], [], { top: 5 })).toEqual([]);
});

test("opinions about different numbers of texts, weights that do not fit and unknown scales are refused", () => {
  expect(() => weightedFusion([[1, 2], [1]])).toThrow(
    "Scores 1 are of 1 texts, scores 0 of 2; give one score for each text.",
  );
  expect(() => weightedFusion([[1], [1]], { weights: [1] })).toThrow("2 opinions need 2 weights, got 1.");
  expect(() => reciprocalRankFusion([[]], { weights: [Number.NaN] })).toThrow(
    "A weight must be a finite number, got NaN.",
  );
  // @ts-expect-error: not one of the scales
  expect(() => weightedFusion([[1]], { scale: "rank" })).toThrow('Unknown scale "rank". Use one of: minmax, zscore.');
});

test("words that cover little of a query count for less than meaning", () => {
  const semantic = [0.8, 0.1];
  const lexical = [0, 0.2]; // a text with one weak term of the query
  expect(hybrid(semantic, lexical, { top: 2, fullMatch: 2 }).map(({ index }) => index)).toEqual([0, 1]);
  const [first, second] = hybrid(semantic, lexical, { top: 2, fullMatch: 2 });
  expect(first.score).toBeCloseTo(0.5);
  expect(second.score).toBeCloseTo(0.5 * (0.1 / 0.8 + 0.1));
});
