import { expect, test } from "vitest";
import { EmbeddingBagKernel } from "./embedding-bag.ts";

const columns = 20;
const rows = 50;
const table = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 1.7));
/** Text 1 has no tokens, text 2 one of them twice. */
const texts = { ids: Int32Array.from([3, 7, 49, 7, 7, 0]), starts: Int32Array.from([0, 3, 3, 6]) };

test("a text's vector is the mean of its tokens' rows", () => {
  const vectors = new EmbeddingBagKernel(table, columns, 1).pool(texts);
  for (let k = 0; k < columns; k += 1) {
    expect(vectors[k]).toBeCloseTo((table[3 * columns + k] + table[7 * columns + k] + table[49 * columns + k]) / 3, 6);
    expect(vectors[columns + k]).toBe(0);
    expect(vectors[2 * columns + k]).toBeCloseTo((2 * table[7 * columns + k] + table[k]) / 3, 6);
  }
});

test("a row's derivative is the sum over its occurrences", () => {
  const kernel = new EmbeddingBagKernel(table, columns, 1);
  kernel.pool(texts);
  const upstream = Float32Array.from({ length: 3 * columns }, (_, i) => Math.cos(i));
  const { ids, values } = kernel.scatter(upstream);
  expect([...ids]).toEqual([0, 3, 7, 49]);
  for (let k = 0; k < columns; k += 1) {
    expect(values[k]).toBeCloseTo(upstream[2 * columns + k] / 3, 6);
    expect(values[columns + k]).toBeCloseTo(upstream[k] / 3, 6);
    expect(values[2 * columns + k]).toBeCloseTo((upstream[k] + 2 * upstream[2 * columns + k]) / 3, 6);
    expect(values[3 * columns + k]).toBeCloseTo(upstream[k] / 3, 6);
  }
});

test("any number of threads gives the same bits", () => {
  const many = 400;
  const ids = Int32Array.from({ length: many * 9 }, (_, i) => (i * i + 3 * i) % rows);
  const batch = { ids, starts: Int32Array.from({ length: many + 1 }, (_, i) => i * 9) };
  const step = { size: 0.1, shrink: 0.99, correction: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, touched: false };
  const learnt = (threads: number): Float32Array => {
    const kernel = new EmbeddingBagKernel(table, columns, threads);
    for (let round = 0; round < 3; round += 1) kernel.adamW(kernel.scatter(kernel.pool(batch)), step);
    return kernel.table.slice();
  };
  expect(learnt(3)).toEqual(learnt(1));
});

test("what cannot be is refused", () => {
  expect(() => new EmbeddingBagKernel(new Float32Array(30), 3, 1)).toThrow("a multiple of 4 dimensions, got 3");
  expect(() => new EmbeddingBagKernel(table, columns, 1).scatter(new Float32Array(columns))).toThrow(
    "backward needs an encode before it",
  );
});
