import { expect, test } from "vitest";
import golden from "../../test/golden/evaluation.json" with { type: "json" };
import { pearson, ranks, spearman } from "./correlation.ts";

test.each(golden.correlations)("correlations equal those of scipy, ties included (case $#)", (known) => {
  expect(pearson(known.a, known.b)).toBeCloseTo(known.pearson, 9);
  expect(spearman(known.a, known.b)).toBeCloseTo(known.spearman, 12);
});

test("equal values share the mean of their ranks", () => {
  expect([...ranks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4]);
  expect([...ranks([])]).toEqual([]);
});

test("a constant list, or one with NaN, has no correlation", () => {
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(spearman([1, Number.NaN, 3], [1, 2, 3])).toBeNaN();
});

test("lists of different length or of fewer than two values are refused", () => {
  const message = "A correlation needs two lists of the same length, at least 2, got";
  expect(() => pearson([1, 2], [1])).toThrow(`${message} 2 and 1.`);
  expect(() => spearman([1], [1])).toThrow(`${message} 1 and 1.`);
});
