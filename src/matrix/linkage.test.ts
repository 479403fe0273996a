import { expect, test } from "vitest";
import golden from "../../test/golden/context.json" with { type: "json" };
import { linkage, cutMerges } from "./linkage.ts";
import { silhouette } from "./silhouette.ts";

const n = golden.distances.length;
const distances = Float64Array.from(golden.distances.flat());

/** The same groups, numbered in the order of their first rows. */
function numbered(labels: readonly number[]): number[] {
  const order = [...new Set(labels)];
  return labels.map((label) => order.indexOf(label));
}

test("groups and their silhouettes are those of scikit-learn", () => {
  const merges = linkage(distances.slice(), n);
  for (const { clusters, distance, labels, silhouette: score } of golden.cuts) {
    const found = cutMerges(merges, clusters === null ? { distance } : { clusters });
    expect([...found]).toEqual(numbered(labels));
    if (score !== null) expect(silhouette(distances, found)).toBeCloseTo(score, 12);
  }
});

test("equal rows lie in one group, and one row or none needs no merge", () => {
  const merges = linkage(new Float64Array(16), 4);
  expect([...cutMerges(merges, { distance: 0 })]).toEqual([0, 0, 0, 0]);
  expect(linkage(new Float64Array(1), 1)).toEqual([]);
  expect([...cutMerges([], { clusters: 1 })]).toEqual([0]);
});

test("distances of another size and more groups than rows are refused", () => {
  expect(() => linkage(new Float64Array(5), 2)).toThrow(/2 rows need 4 values, got 5/);
  expect(() => cutMerges([{ first: 0, second: 1, distance: 1 }], { clusters: 3 })).toThrow(/3 clusters .*got 2/);
});

test("rows alone in their group count 0, and a single group is 0", () => {
  expect(silhouette(Float64Array.of(0, 1, 1, 0), Int32Array.of(0, 1))).toBe(0);
  expect(silhouette(Float64Array.of(0, 1, 1, 0), Int32Array.of(0, 0))).toBe(0);
});
