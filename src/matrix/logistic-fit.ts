/**
 * The weights that minimise the logistic loss: L-BFGS over all rows, begun, where there are many, at the minimum of an eighth of them
 * (a start that costs little and saves most of the walk; the minimum is the same, for the loss is convex).
 */
import { SemspaceError } from "../errors.ts";
import { minimize, type Minimum } from "./lbfgs.ts";
import { logisticLoss, type LogisticTargets } from "./logistic-loss.ts";
import { Matrix } from "./matrix.ts";

export interface LogisticRegressionOptions {
  /** Inverse strength of the penalty, > 0: larger fits the training data more closely. Default 1. */
  C?: number;
  /** Whether each class has a constant besides its weights. Default true. */
  intercept?: boolean;
  /** Done when no entry of the gradient is larger than this; below 1e-6 all sums are in float64. Default 1e-4. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
}

export interface FittedWeights {
  weights: Float64Array;
  intercepts: Float64Array;
  iterations: number;
  converged: boolean;
}

/** A row of the sample for every so many rows; and the rows from which on a sample pays. */
const SAMPLE = 8;
const MANY_ROWS = 4000;
/** Float32 products can tell no smaller slopes from rounding. */
const PRECISE_BELOW = 1e-6;
/** The slopes along the balanced directions are smaller than along those of the features, at the same distance from the minimum. */
const STRICTER = 0.25;

/** Throws `invalid-argument` for a C that is not above 0, or features that are no finite numbers. */
export function fitLogistic(
  given: Matrix,
  targets: LogisticTargets,
  { C = 1, intercept = true, tolerance = 1e-4, maxIterations = 100, rowWeights }: FitOptions,
): FittedWeights {
  if (!(C > 0)) throw new SemspaceError("invalid-argument", `C must be above 0, got ${C}.`);
  const { features, mean, spread } = balanced(given, intercept);
  const precise = tolerance < PRECISE_BELOW;
  const constant = intercept ? spread : 0;
  const fit = (part: Part, start: Float64Array, accuracy: number): Minimum =>
    minimize(
      // The penalty weighs against fewer rows as it does against all.
      logisticLoss(part.features, part.targets, { C: C / part.share, constant, rowWeights: part.rowWeights, precise }),
      start,
      { tolerance: accuracy, maxIterations, ...(!precise && { noise: 1e-7 }) },
    );
  const { outputs } = targets;
  const { columns } = features;
  const size = outputs * columns;
  const all: Part = { features, targets, rowWeights, share: 1 };
  let start: Float64Array = new Float64Array(size + outputs);
  if (features.rows >= MANY_ROWS) start = fit(sample(all), start, 4 * tolerance).x;
  const { x, iterations, converged } = fit(all, start, STRICTER * tolerance);
  const weights = x.slice(0, size);
  const intercepts = Float64Array.from({ length: outputs }, (_, c) => {
    let shift = 0;
    for (let j = 0; j < columns; j += 1) shift += weights[c * columns + j] * mean[j];
    return constant * x[size + c] - shift;
  });
  return { weights, intercepts, iterations, converged };
}

/**
 * The features around their mean, and how far a feature usually lies from it. Where the constant of the intercepts is as large as
 * that, all directions are about as steep, and the way to the minimum is shorter.
 */
function balanced(
  { data, rows, columns }: Matrix,
  intercept: boolean,
): { features: Matrix; mean: Float64Array; spread: number } {
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at += columns) for (let j = 0; j < columns; j += 1) mean[j] += data[at + j];
  if (!mean.every(Number.isFinite)) throw notFinite(data, columns);
  for (let j = 0; j < columns; j += 1) mean[j] = intercept ? mean[j] / rows : 0;
  const moved = new Float32Array(data.length);
  let squares = 0;
  for (let at = 0; at < data.length; at += columns)
    for (let j = 0; j < columns; j += 1) {
      const value = data[at + j] - mean[j];
      moved[at + j] = value;
      squares += value * value;
    }
  return { features: new Matrix(moved, rows, columns), mean, spread: Math.sqrt(squares / data.length) || 1 };
}

function notFinite(data: Float32Array, columns: number): SemspaceError {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  return new SemspaceError(
    "invalid-argument",
    `Row ${Math.floor(wrong / columns)} holds ${data[wrong]}; features must be finite numbers.`,
  );
}

export interface FitOptions extends LogisticRegressionOptions {
  /** How much each row counts; default 1. */
  rowWeights?: Float64Array | undefined;
}

interface Part {
  features: Matrix;
  targets: LogisticTargets;
  rowWeights: Float64Array | undefined;
  /** Of all rows. */
  share: number;
}

function sample({ features, targets, rowWeights }: Part): Part {
  const { columns } = features;
  const { outputs } = targets;
  const count = Math.floor(features.rows / SAMPLE);
  const rows = Int32Array.from({ length: count }, (_, i) => i * SAMPLE + (i % SAMPLE));
  const data = new Float32Array(count * columns);
  const members = new Uint8Array(targets.kind === "members" ? count * outputs : 0);
  for (const [i, row] of rows.entries()) {
    data.set(features.row(row), i * columns);
    if (targets.kind === "members")
      members.set(targets.members.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  }
  return {
    features: new Matrix(data, count, columns),
    targets:
      targets.kind === "members"
        ? { kind: "members", outputs, members }
        : { kind: "classes", outputs, classes: rows.map((row) => targets.classes[row]) },
    rowWeights: rowWeights && Float64Array.from(rows, (row) => rowWeights[row]),
    share: count / features.rows,
  };
}
