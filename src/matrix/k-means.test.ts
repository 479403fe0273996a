import { expect, test } from "vitest";
import { kMeans } from "./k-means.ts";
import { Matrix } from "./matrix.ts";

/** Three heaps of ten points around (0, 0), (10, 0) and (0, 10). */
const heaps = new Matrix(
  Float32Array.from({ length: 60 }, (_, i) => {
    const heap = Math.floor(i / 20);
    return (heap === 1 && i % 2 === 0) || (heap === 2 && i % 2 === 1) ? 10 + Math.sin(i) : Math.sin(i * 7);
  }),
  30,
  2,
);

test("points that lie in heaps are grouped by heap, each centre in the middle", () => {
  const { labels, centers, inertia } = kMeans(heaps, { clusters: 3 });
  const groups = [0, 10, 20].map((from) => new Set(labels.subarray(from, from + 10)));
  expect(groups.map(({ size }) => size)).toEqual([1, 1, 1]);
  expect(new Set(labels).size).toBe(3);
  const first = centers.row(labels[0]);
  const mean = heaps.data.slice(0, 20).reduce((sum, x, i) => sum + (i % 2 === 0 ? x : 0), 0) / 10;
  expect(first[0]).toBeCloseTo(mean, 5);
  expect(inertia).toBeLessThan(60);
});

test("the same seed gives the same groups, and as many groups as rows leave no distance", () => {
  expect(kMeans(heaps, { clusters: 4, seed: 3 })).toEqual(kMeans(heaps, { clusters: 4, seed: 3 }));
  expect(kMeans(heaps, { clusters: 30, starts: 2 }).inertia).toBeCloseTo(0, 9);
});

test("equal rows are no trouble, and too many clusters are refused", () => {
  const equal = new Matrix(new Float32Array(8).fill(2), 4, 2);
  expect(kMeans(equal, { clusters: 3 }).inertia).toBe(0);
  expect(() => kMeans(equal, { clusters: 5 })).toThrow("5 clusters need as many vectors, got 4.");
  expect(() => kMeans(equal, { clusters: 0 })).toThrow("clusters must be a whole number of at least 1, got 0.");
});
