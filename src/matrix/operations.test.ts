import { expect, test } from "vitest";
import {
  fitPca,
  Matrix,
  normalized,
  normalizeRows,
  projectPca,
  quantizationRanges,
  quantize,
  similarity,
  symmetricEigen,
  topK,
  truncateDimensions,
} from "./index.ts";

const ramp = (n: number) =>
  Float64Array.from({ length: n * n }, (_, k) =>
    Math.sin(1 + Math.min(k % n, Math.floor(k / n)) * n + Math.max(k % n, Math.floor(k / n))),
  );

test.each([1, 2, 3, 10, 65])("the eigenvectors of a symmetric %i x %i matrix are orthonormal and rebuild it", (n) => {
  const matrix = ramp(n);
  const { values, vectors } = symmetricEigen(matrix.slice(), n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let product = 0;
      let rebuilt = 0;
      for (let k = 0; k < n; k += 1) {
        product += vectors[i * n + k] * vectors[j * n + k];
        rebuilt += values[k] * vectors[k * n + i] * vectors[k * n + j];
      }
      expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-12);
      expect(Math.abs(rebuilt - matrix[i * n + j])).toBeLessThan(1e-11);
    }
  }
  expect([...values]).toEqual([...values].toSorted((a, b) => b - a));
});

test("eigenvalues of a diagonal matrix are its diagonal, and what is not finite is refused", () => {
  expect([...symmetricEigen(Float64Array.of(1, 0, 0, 0, 3, 0, 0, 0, 2), 3).values]).toEqual([3, 2, 1]);
  expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow("NaN or infinity");
  expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow("needs 4 values, got 3");
});

test("principal components need two rows, no more components than rows or dimensions, and rows of the same length", () => {
  const points = Matrix.fromRows([
    [1, 2],
    [3, 5],
    [4, 4],
  ]);
  expect(() => fitPca(points, { components: 3 })).toThrow(
    "Cannot take 3 components of 3 vectors of 2 dimensions. Use at most 2",
  );
  expect(() => fitPca(Matrix.zeros(1, 2), { components: 1 })).toThrow("2 vectors or more");
  expect(() => projectPca(fitPca(points, { components: 1 }), Matrix.zeros(1, 3))).toThrow(
    "are for 2 dimensions, the vectors have 3",
  );
});

test("normalising gives length 1, keeps zero vectors, and leaves the original of a copy alone", () => {
  const original = Matrix.fromRows([
    [3, 4],
    [0, 0],
  ]);
  expect(normalized(original).toArray()).toEqual([
    [Math.fround(0.6), Math.fround(0.8)],
    [0, 0],
  ]);
  expect(original.toArray()).toEqual([
    [3, 4],
    [0, 0],
  ]);
  expect(normalizeRows(original)).toBe(original);
  expect(original.data[0]).toBe(Math.fround(0.6));
});

test("the largest scores come first, equal ones by position, NaN never", () => {
  const scores = Float32Array.of(1, 5, Number.NaN, 5, -2, 3);
  expect([...topK(scores, 3).indices]).toEqual([1, 3, 5]);
  expect([...topK(scores, 3).scores]).toEqual([5, 5, 3]);
  expect([...topK(scores, 10).indices]).toEqual([1, 3, 5, 0, 4]);
  expect(topK(scores, 0).indices.length).toBe(0);
  expect(() => topK(scores, -1)).toThrow("k must be a whole number of at least 0, got -1.");
});

test("the k largest are those that sorting gives", () => {
  const scores = Float32Array.from({ length: 500 }, (_, i) => Math.round(Math.sin(i * 7) * 50));
  const sorted = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
  for (const k of [1, 2, 17, 499, 500]) expect([...topK(scores, k).indices]).toEqual(sorted.slice(0, k));
});

test("cutting keeps the first dimensions of every vector, of codes too, and refuses more than there are", () => {
  const matrix = Matrix.fromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(truncateDimensions(matrix, 2).toArray()).toEqual([
    [1, 2],
    [4, 5],
  ]);
  expect(truncateDimensions(new Matrix(Int8Array.of(1, 2, 3, 4), 2, 2), 1).data).toEqual(Int8Array.of(1, 3));
  expect(() => truncateDimensions(matrix, 4)).toThrow("Cannot keep 4 dimensions of vectors of 3. Use 1 to 3.");
});

test("vectors of other dimensions, unknown measures, and ranges that cannot be had or do not fit are refused", () => {
  const [two, three] = [Matrix.zeros(1, 2), Matrix.zeros(1, 3)];
  expect(() => similarity(two, three)).toThrow("Vectors of 2 and of 3 dimensions cannot be compared.");
  expect(() => similarity(two, two, "angular" as "dot")).toThrow(
    'Unknown similarity "angular". Use one of: cosine, dot, euclidean, manhattan.',
  );
  expect(() => quantizationRanges(two)).toThrow("Ranges cannot be taken from 1 vector.");
  expect(() => quantize(two, { precision: "int8" })).toThrow("Ranges cannot be taken from 1 vector.");
  expect(() => quantize(two, { precision: "int8", ranges: Matrix.zeros(2, 3) })).toThrow(
    "The ranges are 2 x 3, these vectors need 2 x 2.",
  );
  expect(() => quantize(two, { precision: "int4" as "int8" })).toThrow(
    "Use one of: float32, int8, uint8, binary, ubinary.",
  );
});

test("no vectors quantise to no codes of the right width", () => {
  const shape = ({ rows, columns }: { rows: number; columns: number }) => [rows, columns];
  expect(shape(quantize(Matrix.zeros(0, 9), { precision: "int8" }))).toEqual([0, 9]);
  expect(shape(quantize(Matrix.zeros(0, 9), { precision: "ubinary" }))).toEqual([0, 2]);
});
