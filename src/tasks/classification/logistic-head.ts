/** Logistic regression as a head: softmax over the labels, each label against the rest, or each label for itself. */
import { fitLogistic } from "../../matrix/logistic-fit.ts";
import { logisticScores } from "../../matrix/logistic-products.ts";
import { fitLogisticRegression } from "../../matrix/logistic-regression.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { checkColumns, float32Tensor, type Head, type HeadOptions, type Targets } from "./head.ts";

export function fitLogisticHead(vectors: Matrix, targets: Targets, options: HeadOptions): Head {
  const { C, multiclass, classWeights, tolerance, maxIterations } = options;
  const fitting = { C, tolerance, maxIterations };
  const { labels, rows } = targets;
  if (targets.multiLabel) {
    const members = new Uint8Array(rows.length * labels.length);
    for (const [i, row] of rows.entries()) for (const label of row) members[i * labels.length + label] = 1;
    const { weights, intercepts } = fitLogistic(vectors, { kind: "members", outputs: labels.length, members }, fitting);
    return logisticHead(asMatrix(weights, vectors.columns), Float32Array.from(intercepts));
  }
  const byNumber =
    classWeights === undefined || classWeights === "balanced"
      ? classWeights
      : new Map(labels.map((label, i) => [i, classWeights[label] ?? 1]));
  const fitted = fitLogisticRegression(
    vectors,
    rows.map(([label]) => label),
    { ...fitting, multiclass, ...(byNumber && { classWeights: byNumber }) },
  );
  return spreadOverLabels(fitted, { count: labels.length, columns: vectors.columns });
}

/** A row of weights for every label: one score of two classes is split in halves, and a label that was not seen is impossible. */
function spreadOverLabels(
  fitted: { classes: readonly number[]; weights: Float64Array; intercepts: Float64Array },
  { count, columns }: { count: number; columns: number },
): Head {
  const weights = Matrix.zeros(count, columns);
  const intercepts = new Float32Array(count).fill(-30);
  const two = fitted.classes.length === 2;
  for (const [i, label] of fitted.classes.entries()) {
    const from = two ? 0 : i;
    const factor = two ? i - 0.5 : 1;
    for (let j = 0; j < columns; j += 1)
      weights.data[label * columns + j] = factor * fitted.weights[from * columns + j];
    intercepts[label] = factor * fitted.intercepts[from];
  }
  return logisticHead(weights, intercepts);
}

export function logisticHead(weights: Matrix, intercepts: Float32Array): Head {
  const [wide, constants] = [Float64Array.from(weights.data), Float64Array.from(intercepts)];
  return {
    kind: "logistic",
    scores(vectors) {
      checkColumns(vectors, weights.columns);
      return logisticScores(vectors, wide, constants);
    },
    tensors: () => ({
      weights: float32Tensor(weights),
      intercepts: { dtype: "F32", shape: [intercepts.length], data: intercepts },
    }),
    settings: () => ({}),
  };
}

function asMatrix(weights: Float64Array, columns: number): Matrix {
  return new Matrix(Float32Array.from(weights), weights.length / columns, columns);
}
