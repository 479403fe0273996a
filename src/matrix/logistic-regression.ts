/**
 * Multinomial logistic regression with an L2 penalty: which class does a vector belong to?
 *
 * Minimises  1/n * sum of -ln p(label) + 1/(2 C n) * ||weights||²  by L-BFGS, intercepts unpenalised: the objective of
 * scikit-learn's LogisticRegression (solver lbfgs), with the same meaning of C, tolerance and iterations. Two classes
 * have one weight vector (the second class against the first), as there, not two. Products are in float32 unless a
 * tolerance below 1e-6 asks for more.
 */
import { oneOf, SemspaceError } from "../errors.ts";
import { fitLogistic, type LogisticRegressionOptions } from "./logistic-fit.ts";
import { type LogisticTargets, probabilitiesInto, type ScoreShape } from "./logistic-loss.ts";
import { logisticScores } from "./logistic-products.ts";
import { Matrix } from "./matrix.ts";

export type { LogisticRegressionOptions } from "./logistic-fit.ts";

/** One distribution over all classes, or each class against all others, as scikit-learn's `OneVsRestClassifier`. */
export const multiclassKinds = ["multinomial", "one-vs-rest"] as const;
export type Multiclass = (typeof multiclassKinds)[number];

export interface ClassRegressionOptions<Label extends string | number> extends LogisticRegressionOptions {
  /** Default "multinomial". */
  multiclass?: Multiclass;
  /** How much the rows of a class count: "balanced" makes all classes weigh the same; a class that is not named counts 1. */
  classWeights?: "balanced" | ReadonlyMap<Label, number>;
}

/** What {@link fitLogisticRegression} found. */
export class LogisticRegression<Label extends string | number = number> {
  /** The labels that were seen, ascending. */
  readonly classes: readonly Label[];
  /** [classes, columns], row-major; for two classes [1, columns], the second against the first. */
  readonly weights: Float64Array;
  /** One constant for each row of the weights. */
  readonly intercepts: Float64Array;
  readonly iterations: number;
  /** False when the iterations ran out first. */
  readonly converged: boolean;
  readonly multiclass: Multiclass;

  constructor(fields: {
    classes: readonly Label[];
    weights: Float64Array;
    intercepts: Float64Array;
    iterations: number;
    converged: boolean;
    multiclass?: Multiclass;
  }) {
    this.classes = fields.classes;
    this.weights = fields.weights;
    this.intercepts = fields.intercepts;
    this.iterations = fields.iterations;
    this.converged = fields.converged;
    this.multiclass = fields.multiclass ?? "multinomial";
  }

  /** The scores before they are made probabilities: [rows, classes], for two classes [rows, 1]. Throws as {@link probabilities}. */
  scores(features: Matrix): Float64Array {
    const columns = this.weights.length / this.intercepts.length;
    if (features.columns !== columns) {
      throw new SemspaceError(
        "mismatch",
        `The classifier was fitted to vectors of ${columns} columns, got ${features.columns}.`,
      );
    }
    return logisticScores(features, this.weights, this.intercepts);
  }

  /** The probability of every class for every row: [rows, classes]. Throws `mismatch` when the columns are not those of the training. */
  probabilities(features: Matrix): Matrix {
    const outputs = this.intercepts.length;
    const result = Matrix.zeros(features.rows, this.classes.length);
    const scores = this.scores(features);
    const shape: ScoreShape = this.multiclass === "one-vs-rest" ? "one-vs-rest" : "softmax";
    for (let i = 0; i < features.rows; i += 1)
      probabilitiesInto(scores.subarray(i * outputs, (i + 1) * outputs), result.row(i), shape);
    return result;
  }

  /** The most probable label of every row. */
  predict(features: Matrix): Label[] {
    const probabilities = this.probabilities(features);
    return Array.from({ length: features.rows }, (_, i) => this.classes[largestAt(probabilities.row(i))]);
  }
}

/**
 * Fits a classifier to one label for each row of `features`.
 * Throws `mismatch` when labels and rows differ in number, `invalid-argument` for fewer than two different labels, a C that is not
 * above 0, or features that are no finite numbers.
 *
 * @example
 * const vectors = await embedder.encode(texts);
 * const classifier = fitLogisticRegression(vectors, ["ham", "spam", …], { C: 10 });
 * classifier.predict(await embedder.encode(["Win money now"])); // ["spam"]
 */
export function fitLogisticRegression<Label extends string | number>(
  features: Matrix,
  labels: readonly Label[],
  options: ClassRegressionOptions<Label> = {},
): LogisticRegression<Label> {
  const { multiclass = "multinomial", classWeights, ...fitting } = options;
  oneOf("multiclass", multiclass, multiclassKinds);
  if (labels.length !== features.rows) {
    throw new SemspaceError("mismatch", `${features.rows} rows need ${features.rows} labels, got ${labels.length}.`);
  }
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2) {
    throw new SemspaceError(
      "invalid-argument",
      `A classifier needs at least 2 different labels, got ${classes.length}.`,
    );
  }
  const numbers = new Map(classes.map((label, i) => [label, i]));
  const targets = Int32Array.from(labels, (label) => numbers.get(label)!);
  const rowWeights = classWeights && weightsOfRows(targets, classes, classWeights);
  const fitted = fitLogistic(features, targetsOf(targets, classes.length, multiclass), { ...fitting, rowWeights });
  return new LogisticRegression({ classes, ...fitted, multiclass });
}

function targetsOf(classes: Int32Array, count: number, multiclass: Multiclass): LogisticTargets {
  if (count === 2) return { kind: "members", outputs: 1, members: Uint8Array.from(classes) };
  if (multiclass === "multinomial") return { kind: "classes", outputs: count, classes };
  const members = new Uint8Array(classes.length * count);
  for (let i = 0; i < classes.length; i += 1) members[i * count + classes[i]] = 1;
  return { kind: "members", outputs: count, members };
}

function weightsOfRows<Label extends string | number>(
  targets: Int32Array,
  classes: readonly Label[],
  classWeights: "balanced" | ReadonlyMap<Label, number>,
): Float64Array {
  const sizes = new Float64Array(classes.length);
  for (const target of targets) sizes[target] += 1;
  const weights = classes.map((label, i) =>
    classWeights === "balanced" ? targets.length / (classes.length * sizes[i]) : (classWeights.get(label) ?? 1),
  );
  for (const [i, weight] of weights.entries())
    if (!(weight >= 0 && weight < Infinity))
      throw new SemspaceError(
        "invalid-argument",
        `The weight of class ${JSON.stringify(classes[i])} must be a number of at least 0, got ${weight}.`,
      );
  return Float64Array.from(targets, (target) => weights[target]);
}

function largestAt(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}
