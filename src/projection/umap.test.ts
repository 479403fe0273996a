import { expect, test } from "vitest";
import { Matrix, nearestRows } from "../matrix/index.ts";
import { fuzzyGraph } from "./fuzzy-graph.ts";
import { pcaPlane } from "./pca-plane.ts";
import { umap } from "./umap.ts";

/** Five heaps of 30 rows in ten dimensions. */
const rows = Array.from({ length: 150 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => (j === i % 5 ? 4 : 0) + Math.sin(i * 13.7 + j * 5.1)),
);
const matrix = Matrix.fromRows(rows);

test("the neighbours in the plane are those in ten dimensions, far more than chance", () => {
  const flat = umap(matrix, { epochs: 200 });
  const { indices, k } = nearestRows(flat, 6);
  const same = Array.from(indices, (row, at) => row % 5 === Math.floor(at / k) % 5);
  expect(same.filter(Boolean).length / same.length).toBeGreaterThan(0.97);
});

test("the same seed gives the same picture", () => {
  expect(umap(matrix, { epochs: 30, seed: 4 })).toEqual(umap(matrix, { epochs: 30, seed: 4 }));
});

test("each row is surely a neighbour of its nearest, and all are neighbours of both sides", () => {
  const near = nearestRows(matrix, 15);
  const { from, to, weights } = fuzzyGraph(near);
  const weightOf = new Map(Array.from(weights, (weight, i) => [`${from[i]} ${to[i]}`, weight]));
  expect(weightOf.size).toBe(weights.length);
  for (let i = 0; i < matrix.rows; i += 1) expect(weightOf.get(`${i} ${near.indices[i * 15 + 1]}`)).toBeCloseTo(1, 9);
  for (const [i, weight] of weights.entries()) expect(weightOf.get(`${to[i]} ${from[i]}`)).toBe(weight);
});

test("equal rows, few rows and one dimension give finite points", () => {
  for (const given of [new Matrix(new Float32Array(40).fill(1), 20, 2), Matrix.zeros(1, 3), Matrix.zeros(0, 3)])
    expect(umap(given, { epochs: 10 }).data.every(Number.isFinite)).toBe(true);
  expect(umap(Matrix.fromRows([[1], [2], [3], [9]]), { epochs: 10 }).columns).toBe(2);
  expect([...pcaPlane(Matrix.fromRows([[1], [3]])).data]).toEqual([-1, 0, 1, 0]);
});

test("rows that are not finite and options out of range are refused; an abort is heard", () => {
  expect(() => umap(Matrix.fromRows([[1, Number.NaN]]))).toThrow("Row 0 holds NaN");
  expect(() => umap(matrix, { minDistance: 2 })).toThrow("minDistance must be from 0 to 1, got 2.");
  expect(() => umap(matrix, { neighbors: 1 })).toThrow("neighbors must be a whole number of at least 2, got 1.");
  const controller = new AbortController();
  const onProgress = (): void => controller.abort(new Error("enough"));
  expect(() => umap(matrix, { onProgress, signal: controller.signal })).toThrow("enough");
});
