import { expect, test } from "vitest";
import { aliasTable, keepThresholds } from "./sampling.ts";

test("the alias table draws every word with its share", () => {
  const counts = Float64Array.of(100, 50, 50, 3, 1, 0);
  const table = aliasTable(counts, 0.75);
  const shares = new Float64Array(counts.length);
  for (let slot = 0; slot < counts.length; slot += 1) {
    const own = table[slot * 2] / 0xffffffff;
    shares[slot] += own / counts.length;
    shares[table[slot * 2 + 1]] += (1 - own) / counts.length;
  }
  const weights = counts.map((count) => count ** 0.75);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < counts.length; i += 1) expect(shares[i]).toBeCloseTo(weights[i] / total, 7);
});

test("a frequent word stays as often as word2vec.c lets it, a rare one always", () => {
  const thresholds = keepThresholds(Float64Array.of(60_000, 39_990, 10), 1e-3);
  expect(thresholds[0] / 0xffffffff).toBeCloseTo(Math.sqrt(1e-3 / 0.6) + 1e-3 / 0.6, 7);
  expect(thresholds[2]).toBe(0xffffffff);
  expect([...keepThresholds(Float64Array.of(5, 1), 0)]).toEqual([0xffffffff, 0xffffffff]);
});
