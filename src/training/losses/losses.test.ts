import { expect, test } from "vitest";
import golden from "../../../test/golden/losses.json" with { type: "json" };
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { losses } from "./index.ts";
import type { Loss } from "./loss.ts";

interface Case {
  name: string;
  options: object;
  shape: readonly number[];
  columns: readonly (readonly number[])[];
  labels: readonly (number | null)[] | null;
  value: number;
  gradients: readonly (readonly number[])[];
  parameters?: readonly (readonly number[])[];
  parameterGradients?: readonly (readonly number[])[];
}

const makers = losses as unknown as Readonly<Record<string, (options: object) => Loss>>;

/** The largest difference, as a part of the largest value. */
function difference(got: ArrayLike<number>, wanted: readonly number[]): number {
  const largest = Math.max(...wanted.map((value) => Math.abs(value)), 1e-6);
  return Math.max(...wanted.map((value, i) => Math.abs(got[i] - value))) / largest;
}

test.each(golden as Case[])("$name $options has sentence-transformers' value and torch's derivatives", (one) => {
  const loss = makers[one.name](one.options);
  const columns = one.columns.map((data) => {
    const width = one.shape[1];
    return new Matrix(Float32Array.from(data), data.length / width, width);
  });
  for (const [p, values] of (one.parameters ?? []).entries()) loss.parameters![p].value.set(values);
  const labels = one.labels ? Float32Array.from(one.labels, (label) => label ?? -Infinity) : undefined;
  const { value, gradients, parameterGradients = [] } = loss.evaluate(columns, labels);
  expect(Math.abs(value - one.value)).toBeLessThanOrEqual(1e-5 * Math.abs(one.value));
  expect(gradients).toHaveLength(columns.length);
  for (const [c, wanted] of one.gradients.entries())
    expect(difference(gradients[c].data, wanted), `column ${c}`).toBeLessThan(1e-4);
  for (const [p, wanted] of (one.parameterGradients ?? []).entries())
    expect(difference(parameterGradients[p].dense!, wanted), loss.parameters![p].name).toBeLessThan(1e-4);
});

test("every loss is held against the reference", () => {
  const held = new Set(golden.map(({ name }) => name));
  // Held in ranking.test.ts: the two that others have written.
  const elsewhere = new Set(["matryoshka", "multipleNegativesRanking"]);
  expect(Object.keys(losses).filter((name) => !held.has(name) && !elsewhere.has(name))).toEqual([]);
});

const random = randomNumbers(3);
const batch = (rows: number, columns = 8): Matrix =>
  new Matrix(
    Float32Array.from({ length: rows * columns }, () => random() - 0.5),
    rows,
    columns,
  );

test("vectors of zeros and texts that are the same have finite derivatives", () => {
  const [zeros, same] = [Matrix.zeros(4, 8), batch(4)];
  const labels = Float32Array.of(0, 1, 0, 1);
  for (const name of ["cosineSimilarity", "cosent", "angle", "contrastive", "onlineContrastive"]) {
    for (const columns of [
      [zeros, same],
      [same, same],
    ]) {
      const { value, gradients } = makers[name]({}).evaluate(columns, labels);
      expect(Number.isFinite(value), name).toBe(true);
      expect(
        gradients.every(({ data }) => data.every((each) => Number.isFinite(each))),
        name,
      ).toBe(true);
    }
  }
  const { gradients } = losses.triplet().evaluate([same, same, zeros]);
  expect(gradients.every(({ data }) => data.every((each) => Number.isFinite(each)))).toBe(true);
  const hard = losses.batchHardTriplet().evaluate([zeros], labels);
  expect(hard.gradients[0].data.every((each) => each === 0)).toBe(true);
});

test("a batch of one class has no triplet to learn from", () => {
  for (const name of ["batchHardTriplet", "batchAllTriplet"]) {
    const { gradients } = makers[name]({}).evaluate([batch(5)], new Int32Array(5));
    expect(
      gradients[0].data.every((each) => Math.abs(each) < 1e-6),
      name,
    ).toBe(true);
  }
});

test("a batch beyond one block of the kernel has the derivatives of finite differences", () => {
  const [a, b] = [batch(270), batch(270)];
  const loss = losses.megaBatchMargin();
  const { value, gradients } = loss.evaluate([a, b]);
  expect(value).toBeGreaterThan(0);
  const at = 265 * 8 + 3;
  const moved = (by: number): number => {
    const data = a.data.slice();
    data[at] += by;
    return loss.evaluate([new Matrix(data, 270, 8), b]).value;
  };
  expect((moved(0.01) - moved(-0.01)) / 0.02).toBeCloseTo(gradients[0].data[at], 4);
});

test("columns and labels that do not fit are refused", () => {
  const columns = [batch(4), batch(4)];
  const labels = Float32Array.of(0, 1, 0, 1);
  expect(() => losses.cosent().evaluate(columns)).toThrow("CoSENT needs a label a row, 4 for this batch, got none.");
  expect(() => losses.cosent().evaluate(columns, labels.slice(1))).toThrow("4 for this batch, got 3.");
  expect(() => losses.triplet().evaluate(columns)).toThrow(
    "Triplet needs the columns anchor, positive and negative, got 2 columns of texts.",
  );
  expect(() => losses.cosineSimilarity().evaluate([batch(4), batch(3)], labels)).toThrow("4 x 8 and 3 x 8");
  expect(() => losses.contrastive().evaluate(columns, Float32Array.of(0, 1, 2, 1))).toThrow("from 0 to 1, got 2");
  expect(() => losses.softmax({ dimensions: 8, labels: 2 }).evaluate(columns, Int32Array.of(0, 1, 2, 1))).toThrow(
    "Softmax has 2 classes, got label 2.",
  );
  expect(() => losses.softmax({ dimensions: 9, labels: 2 }).evaluate(columns, labels)).toThrow("made for 9 dimensions");
  expect(() => losses.distillKlDiv({ temperature: 0 })).toThrow("must be above 0, got 0");
  expect(() => losses.lambda({ weighting: "dcg" as never })).toThrow('Unknown weighting "dcg"');
  expect(() => losses.batchHardTriplet({ distance: "manhattan" as never }).evaluate([batch(4)], labels)).toThrow(
    'Unknown distance "manhattan"',
  );
});
