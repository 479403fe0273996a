import { expect, test } from "vitest";
import { bootstrap, meanOf, pairedBootstrap } from "./bootstrap.ts";

const values = Float64Array.from({ length: 400 }, (_, i) => Number((i * 7) % 10 < 3));

test("the interval of a share is that of the normal approximation, within a fifth of its width", () => {
  const { low, high } = bootstrap(meanOf(values), { samples: 2000 });
  const half = 1.96 * Math.sqrt((0.3 * 0.7) / values.length);
  expect(Math.abs(low - (0.3 - half))).toBeLessThan(half / 5);
  expect(Math.abs(high - (0.3 + half))).toBeLessThan(half / 5);
});

test("the same seed gives the same interval, another seed another", () => {
  const interval = (seed: number) => bootstrap(meanOf(values), { seed, samples: 100 });
  expect(interval(3)).toEqual(interval(3));
  expect(interval(3)).not.toEqual(interval(4));
});

test("a small advantage on the same items is seen by pairs, though both intervals overlap", () => {
  const better = values.map((value, i) => (i % 40 === 1 ? 1 : value));
  const { difference, low, notBetter } = pairedBootstrap(meanOf(better), meanOf(values));
  expect(difference).toBeGreaterThan(0.01);
  expect(low).toBeGreaterThan(0);
  expect(notBetter).toBeLessThan(0.05);
});

test("no items, and pairs of different items, are refused", () => {
  expect(() => bootstrap(meanOf([]))).toThrow("at least 1, got 0");
  expect(() => pairedBootstrap(meanOf([1]), meanOf([1, 2]))).toThrow("got 1 and 2");
  expect(() => bootstrap(meanOf([1]), { level: 95 })).toThrow("level must be between 0 and 1, got 95");
});
