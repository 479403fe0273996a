import { expect, test } from "vitest";
import golden from "../../test/golden/matrix.json" with { type: "json" };
import {
  fitPca,
  Matrix,
  type Measure,
  measures,
  orientColumns,
  pairwiseSimilarity,
  projectPca,
  quantizationRanges,
  quantize,
  similarity,
} from "./index.ts";

const matrix = (values: readonly number[], columns: number) =>
  new Matrix(Float32Array.from(values), values.length / columns, columns);

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i])));
  expect(worst).toBeLessThan(tolerance * scale);
}

test.each(measures)(
  "%s similarities are those of sentence-transformers, also with a zero vector",
  (measure: Measure) => {
    const { a, b, columns, full, pairs } = golden.similarity;
    expectClose(similarity(matrix(a, columns), matrix(b, columns), measure).data, full[measure], 1e-6);
    const firstFour = matrix(b.slice(0, 4 * columns), columns);
    expectClose(pairwiseSimilarity(matrix(a, columns), firstFour, measure), pairs[measure], 1e-6);
  },
);

test.each(["int8", "uint8", "binary", "ubinary"] as const)("%s codes are those of quantize_embeddings", (precision) => {
  const { x, calibration, columns, own, calibrated } = golden.quantization;
  expect([...quantize(matrix(x, columns), { precision }).data]).toEqual(own[precision]);
  const ranges = quantizationRanges(matrix(calibration, columns));
  expect([...quantize(matrix(x, columns), { precision, ranges }).data]).toEqual(calibrated[precision]);
});

test("principal components are those of scikit-learn's full solver, signs included", () => {
  const { points, columns, count, components, variance, ratio, projected } = golden.pca;
  const pca = fitPca(matrix(points, columns), { components: count });
  expectClose(pca.components, components, 1e-9);
  expectClose(pca.explainedVariance, variance, 1e-8);
  expectClose(pca.explainedVarianceRatio, ratio, 1e-8);
  expectClose(projectPca(pca, matrix(points, columns)).data, projected, 1e-6);
});

test("with their columns oriented, projections are those of model2vec", () => {
  const { points, columns, count, model2vec } = golden.pca;
  const pca = fitPca(matrix(points, columns), { components: columns });
  const projected = projectPca(pca, matrix(points, columns), { components: count });
  expectClose(orientColumns(projected).data, model2vec, 1e-6);
});
