import { describe, expect, test } from "vitest";
import golden from "../../test/golden/clustering.json" with { type: "json" };
import { communities } from "./communities.ts";
import { hdbscan, type HdbscanOptions } from "./hdbscan.ts";
import { cutMerges, linkage, type Linkage } from "./linkage.ts";
import { Matrix } from "./matrix.ts";
import { nearestRows } from "./nearest-rows.ts";
import { silhouette, silhouetteOf } from "./silhouette.ts";

const x = new Matrix(Float32Array.from(golden.x), golden.x.length / golden.columns, golden.columns);
const distances = Float64Array.from({ length: x.rows * x.rows }, (_, i) =>
  Math.hypot(...x.row(Math.floor(i / x.rows)).map((value, j) => value - x.row(i % x.rows)[j])),
);

/** The same groups, numbered in the order of their first rows; −1 stays. */
function numbered(labels: ArrayLike<number>): number[] {
  const order = [...new Set(Array.from(labels))].filter((label) => label >= 0);
  return Array.from(labels, (label) => order.indexOf(label));
}

describe("HDBSCAN", () => {
  test.each(golden.hdbscan)("labels and probabilities are scikit-learn's, outliers hdbscan's ($settings)", (known) => {
    const found = hdbscan(x, known.settings as HdbscanOptions);
    expect(numbered(found.labels)).toEqual(numbered(known.labels));
    for (const [i, probability] of known.probabilities.entries())
      expect(found.probabilities[i]).toBeCloseTo(probability, 4);
    for (const [i, outlier] of known.outliers.entries()) expect(found.outliers[i]).toBeCloseTo(outlier, 4);
  });

  test("equal rows, a single row, and rows without any dense place give an answer", () => {
    const equal = new Matrix(new Float32Array(24).fill(1), 12, 2);
    expect([...hdbscan(equal, { least: 3, allowSingle: true }).labels]).toEqual(Array.from({ length: 12 }, () => 0));
    expect([...hdbscan(Matrix.zeros(1, 2), { least: 2, neighbors: 1 }).labels]).toEqual([-1]);
    const far = new Matrix(
      Float32Array.from({ length: 8 }, (_, i) => 10 ** i),
      8,
      1,
    );
    expect(new Set(hdbscan(far, { least: 5 }).labels)).toEqual(new Set([-1]));
  });

  test("rows that are not finite and too many neighbours are refused", () => {
    expect(() => hdbscan(Matrix.fromRows([[1], [Number.NaN]]), { least: 2 })).toThrow("Row 1 holds NaN");
    expect(() => hdbscan(Matrix.zeros(3, 2))).toThrow("5 neighbors need as many vectors, got 3.");
    expect(() => hdbscan(x, { least: 1 })).toThrow("least must be a whole number of at least 2, got 1.");
  });
});

test.each(Object.entries(golden.linkages))(
  "%s linkage groups as scikit-learn's agglomerative clustering",
  (kind, known) => {
    const merges = linkage(distances.slice(), x.rows, kind as Linkage);
    for (const [clusters, labels] of Object.entries(known))
      expect([...cutMerges(merges, { clusters: Number(clusters) })]).toEqual(numbered(labels));
  },
);

test.each(golden.communities)("communities are those of sentence-transformers ($threshold, $least)", (known) => {
  const found = communities(x, known);
  const sorted = (list: Iterable<number>): number[] => [...list].toSorted((a, b) => a - b);
  expect(found.map(sorted)).toEqual(known.found.map(sorted));
  for (const [i, [center]] of known.found.entries()) expect(found[i][0]).toBe(center);
});

test("the silhouette of vectors is that of their distances, and scikit-learn's", () => {
  const labels = Int32Array.from(golden.linkages.ward[7]);
  expect(silhouette(distances, labels)).toBeCloseTo(golden.silhouette, 5);
  expect(silhouetteOf(x, labels)).toBeCloseTo(golden.silhouette, 5);
  expect(Math.abs(silhouetteOf(x, labels, { sample: 60, seed: 2 }) - golden.silhouette)).toBeLessThan(0.1);
});

test("the nearest rows are exact, the row itself first", () => {
  const { indices, distances: near, k } = nearestRows(x, 5);
  for (let i = 0; i < x.rows; i += 1) {
    const sorted = distances.slice(i * x.rows, (i + 1) * x.rows).sort();
    expect(indices[i * k]).toBe(i);
    for (let j = 0; j < k; j += 1) expect(near[i * k + j]).toBeCloseTo(sorted[j], 3);
  }
});

test("small batches find heaps as all rows do", async () => {
  const { kMeans } = await import("./k-means.ts");
  const whole = kMeans(x, { clusters: 4, starts: 3 });
  const batches = kMeans(x, { clusters: 4, starts: 3, batch: 32 });
  expect(batches.inertia).toBeLessThan(1.1 * whole.inertia);
});
