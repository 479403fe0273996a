import { expect, test } from "vitest";
import { embedderOf } from "../../test/embedder-of.ts";
import { evaluateSts, readStsPairs } from "./sts.ts";

test("pairs whose cosines order as their scores have a Spearman correlation of 1", async () => {
  const embedder = embedderOf({ king: [1, 0], queen: [1, 0.2], banana: [0.1, 1], car: [-1, 0] });
  const pairs = [
    { a: "king", b: "queen", score: 5 },
    { a: "king", b: "banana", score: 2 },
    { a: "king", b: "car", score: 0 },
  ];
  const result = await evaluateSts(embedder, pairs);
  expect(result.pairs).toBe(3);
  expect(result.spearman).toBeCloseTo(1, 12);
  expect(result.pearson).toBeGreaterThan(0.9);
  const byDot = await evaluateSts(embedder, pairs, { measure: "dot" });
  expect(byDot.spearman).toBeCloseTo(1, 12);
});

test("the benchmark's table is read without quoting, further columns left alone", () => {
  const table = 'g\tf\t2012\t0001\t4.750\tHe said "no.\tShe said no.\textra\r\n\ng\tf\t2012\t0002\t0\ta\tb\n';
  expect(readStsPairs(table)).toEqual([
    { a: 'He said "no.', b: "She said no.", score: 4.75 },
    { a: "a", b: "b", score: 0 },
  ]);
});

test("a line with too few columns or without a score is named", () => {
  expect(() => readStsPairs("g\tf\t2012\t0001\t4.750\tone text")).toThrow("Line 1 is no STS pair");
  expect(() => readStsPairs("g\tf\ty\tn\t1\ta\tb\ng\tf\ty\tn\thigh\ta\tb")).toThrow(
    'Line 2 is no STS pair: expected 7 columns between tabs, the fifth a number, got 7 columns, the fifth "high".',
  );
  expect(() => readStsPairs("g\tf\ty\tn\t\ta\tb")).toThrow('the fifth "".');
});
