import { expect, test } from "vitest";
import golden from "../../test/golden/evaluation.json" with { type: "json" };
import { fitLogisticRegression } from "./logistic-regression.ts";
import { Matrix } from "./matrix.ts";

test.each(golden.regressions)("the optimum is that of scikit-learn (case $#, C = $C)", (known) => {
  const features = new Matrix(Float32Array.from(known.x), known.x.length / known.columns, known.columns);
  const fitted = fitLogisticRegression(features, known.labels, { C: known.C, tolerance: 1e-9, maxIterations: 10_000 });
  expect(fitted.converged).toBe(true);
  expect(fitted.weights.length).toBe(known.weights.length);
  for (const [i, weight] of known.weights.entries()) expect(fitted.weights[i]).toBeCloseTo(weight, 4);
  // Softmax leaves a common shift of the intercepts open; each library ends where its steps lead.
  for (const [i, intercept] of known.intercepts.entries()) expect(fitted.intercepts[i]).toBeCloseTo(intercept, 4);
  const probabilities = fitted.probabilities(
    new Matrix(features.data.subarray(0, 3 * known.columns), 3, known.columns),
  );
  for (const [i, p] of known.probabilities.entries()) expect(probabilities.data[i]).toBeCloseTo(p, 5);
  expect(fitted.predict(features)).toEqual(known.predicted);
});

test("the default tolerance is enough to predict the same", () => {
  const known = golden.regressions[1];
  const features = new Matrix(Float32Array.from(known.x), known.x.length / known.columns, known.columns);
  expect(fitLogisticRegression(features, known.labels, { C: known.C }).predict(features)).toEqual(known.predicted);
});

test("labels may be words; without intercepts these stay 0", () => {
  const features = Matrix.fromRows([[1], [2], [-1], [-2], [0.5]]);
  const labels = ["up", "up", "down", "down", "up"];
  const fitted = fitLogisticRegression(features, labels, { intercept: false, C: 100 });
  expect(fitted.classes).toEqual(["down", "up"]);
  expect(fitted.predict(features)).toEqual(labels);
  expect([...fitted.intercepts]).toEqual([0]);
  expect(fitted.probabilities(Matrix.fromRows([[0]])).toArray()).toEqual([[0.5, 0.5]]);
});

test("classes that a plane parts, and scores beyond the range of exp, give finite weights", () => {
  const features = Matrix.fromRows([[1000], [2000], [-1000], [-2000]]);
  const fitted = fitLogisticRegression(features, [1, 1, 0, 0], { C: 1e6, maxIterations: 1000 });
  expect(fitted.weights.every(Number.isFinite)).toBe(true);
  expect(fitted.predict(features)).toEqual([1, 1, 0, 0]);
});

test("bad input is refused with what was got", () => {
  const features = Matrix.fromRows([[1], [2]]);
  expect(() => fitLogisticRegression(features, [1])).toThrow("2 rows need 2 labels, got 1.");
  expect(() => fitLogisticRegression(features, [1, 1])).toThrow(
    "A classifier needs at least 2 different labels, got 1.",
  );
  expect(() => fitLogisticRegression(features, [0, 1], { C: 0 })).toThrow("C must be above 0, got 0.");
  expect(() => fitLogisticRegression(Matrix.fromRows([[1], [Number.NaN]]), [0, 1])).toThrow(
    "Row 1 holds NaN; features must be finite numbers.",
  );
  const fitted = fitLogisticRegression(features, [0, 1]);
  expect(() => fitted.predict(Matrix.zeros(1, 2))).toThrow("The classifier was fitted to vectors of 1 columns, got 2.");
});

/** Three clouds of points in the plane, so many of each. */
function clouds(sizes: readonly number[]): { features: Matrix; labels: string[] } {
  const centers = [
    [0, 2],
    [2, -1],
    [-2, -1],
  ];
  const labels = sizes.flatMap((size, k) => Array.from({ length: size }, () => "abc"[k]));
  const rows = labels.map((label, i) => centers["abc".indexOf(label)].map((x, j) => x + 2 * Math.sin(7.1 * i + 3 * j)));
  return { features: Matrix.fromRows(rows), labels };
}

test("float32 products and the start from a sample end at the minimum that float64 finds", () => {
  const { features, labels } = clouds([2000, 1500, 1500]);
  const [fast, exact] = [1e-5, 1e-9].map((tolerance) =>
    fitLogisticRegression(features, labels, { C: 0.05, tolerance, maxIterations: 1000 }),
  );
  expect(fast.converged).toBe(true);
  for (const [i, weight] of exact.weights.entries()) expect(fast.weights[i]).toBeCloseTo(weight, 2);
});

test("one against the rest is a logistic regression a class, its probabilities scaled to the sum 1", () => {
  const { features, labels } = clouds([40, 30, 20]);
  const settings = { tolerance: 1e-9, maxIterations: 1000 };
  const all = fitLogisticRegression(features, labels, { ...settings, multiclass: "one-vs-rest" });
  const apart = [..."abc"].map((name) =>
    fitLogisticRegression(
      features,
      labels.map((label) => (label === name ? 1 : 0)),
      settings,
    ),
  );
  const shares = apart.map((one) => one.probabilities(features).row(5)[1]);
  const sum = shares.reduce((total, share) => total + share, 0);
  for (const [k, p] of all.probabilities(features).row(5).entries()) expect(p).toBeCloseTo(shares[k] / sum, 4);
});

test("balanced classes count as if each had as many rows", () => {
  const { features, labels } = clouds([60, 20, 0]);
  const tripled = labels.flatMap((label, i) => (label === "b" ? [i, i, i] : [i]));
  const settings = { tolerance: 1e-9, maxIterations: 1000 };
  const repeated = fitLogisticRegression(
    Matrix.fromRows(tripled.map((i) => features.row(i))),
    tripled.map((i) => labels[i]),
    // The sum of the balanced weights is that of the rows there are: 80, not 120.
    { ...settings, C: 80 / 120 },
  );
  const balanced = fitLogisticRegression(features, labels, { ...settings, classWeights: "balanced" });
  for (const [i, weight] of balanced.weights.entries()) expect(weight).toBeCloseTo(repeated.weights[i], 4);
});
