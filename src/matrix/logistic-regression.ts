/**
 * Multinomial logistic regression with an L2 penalty: which class does a vector belong to?
 *
 * Minimises  1/n * sum of -ln p(label) + 1/(2 C n) * ||weights||²  by L-BFGS, intercepts unpenalised: the objective of
 * scikit-learn's LogisticRegression (solver lbfgs), with the same meaning of C, tolerance and iterations. Two classes
 * have one weight vector (the second class against the first), as there, not two. All sums are in float64.
 */
import { SemspaceError } from "../errors.ts";
import { minimize } from "./lbfgs.ts";
import { logisticLoss, logisticScores, probabilitiesInto } from "./logistic-loss.ts";
import { Matrix } from "./matrix.ts";

export interface LogisticRegressionOptions {
  /** Inverse strength of the penalty, > 0: larger fits the training data more closely. Default 1. */
  C?: number;
  /** Whether each class has a constant besides its weights. Default true. */
  intercept?: boolean;
  /** Done when no entry of the gradient is larger than this. Default 1e-4. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
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

  constructor(fields: {
    classes: readonly Label[];
    weights: Float64Array;
    intercepts: Float64Array;
    iterations: number;
    converged: boolean;
  }) {
    this.classes = fields.classes;
    this.weights = fields.weights;
    this.intercepts = fields.intercepts;
    this.iterations = fields.iterations;
    this.converged = fields.converged;
  }

  /** The probability of every class for every row: [rows, classes]. Throws `mismatch` when the columns are not those of the training. */
  probabilities(features: Matrix): Matrix {
    const outputs = this.intercepts.length;
    const columns = this.weights.length / outputs;
    if (features.columns !== columns) {
      throw new SemspaceError(
        "mismatch",
        `The classifier was fitted to vectors of ${columns} columns, got ${features.columns}.`,
      );
    }
    const result = Matrix.zeros(features.rows, this.classes.length);
    const scores = logisticScores(features, this.weights, this.intercepts);
    for (let i = 0; i < features.rows; i += 1) {
      probabilitiesInto(scores.subarray(i * outputs, (i + 1) * outputs), result.row(i));
    }
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
  options: LogisticRegressionOptions = {},
): LogisticRegression<Label> {
  const { C = 1, intercept = true, tolerance = 1e-4, maxIterations = 100 } = options;
  if (!(C > 0)) throw new SemspaceError("invalid-argument", `C must be above 0, got ${C}.`);
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
  const wrong = features.data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) {
    throw new SemspaceError(
      "invalid-argument",
      `Row ${Math.floor(wrong / features.columns)} holds ${features.data[wrong]}; features must be finite numbers.`,
    );
  }
  const numbers = new Map(classes.map((label, i) => [label, i]));
  const targets = Int32Array.from(labels, (label) => numbers.get(label)!);
  const outputs = classes.length === 2 ? 1 : classes.length;
  const size = outputs * features.columns;
  const objective = logisticLoss(features, targets, { outputs, C, intercept });
  const { x, iterations, converged } = minimize(objective, new Float64Array(size + outputs), {
    tolerance,
    maxIterations,
  });
  return new LogisticRegression({
    classes,
    weights: x.slice(0, size),
    intercepts: x.slice(size),
    iterations,
    converged,
  });
}

function largestAt(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}
