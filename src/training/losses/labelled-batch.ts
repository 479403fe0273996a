/** A batch of single texts with classes, and the distances between all of them: what the triplet losses on batches start from. */
import { oneOf } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { checkColumns, checkLabels } from "./check-batch.ts";
import type { Labels, LossResult } from "./loss.ts";
import { cosinesOf, distancesOf } from "./score-batch.ts";

export interface BatchDistanceOptions {
  /** Default "euclidean". */
  distance?: "cosine" | "euclidean";
}

export interface LabelledBatch {
  readonly rows: number;
  readonly labels: Labels;
  /** [rows, rows] */
  readonly distances: Matrix;
  /** To be filled: the loss's derivative by each distance. */
  readonly derivative: Matrix;
  /** What the loss gives, once the derivative is there. */
  result(value: number): LossResult;
}

export function labelledBatch(
  columns: readonly Matrix[],
  given: Labels | undefined,
  { name, distance = "euclidean" }: BatchDistanceOptions & { name: string },
): LabelledBatch {
  checkColumns(columns, { name, columns: "text", least: 1 });
  const [texts] = columns;
  const { rows } = texts;
  const labels = checkLabels(given, name, [rows, 1]);
  const isCosine = oneOf("distance", distance, ["cosine", "euclidean"]) === "cosine";
  const scores = isCosine ? cosinesOf(texts, texts) : distancesOf(texts, texts);
  const { values } = scores;
  const distances = isCosine
    ? new Matrix(
        values.data.map((cosine) => 1 - cosine),
        rows,
        rows,
      )
    : values;
  const derivative = Matrix.zeros(rows, rows);
  return {
    ...{ rows, labels, distances, derivative },
    result(value) {
      const gradient = Matrix.zeros(rows, texts.columns);
      if (isCosine) derivative.data.forEach((each, i) => (derivative.data[i] = -each));
      scores.back(derivative, gradient, gradient);
      return { value, gradients: [gradient] };
    },
  };
}
