/**
 * Scores to probabilities that come true as often as they say. Learned from scores of rows that the classifier had not seen:
 *   temperature  one factor on all scores (Guo et al. 2017, https://arxiv.org/abs/1706.04599), found by the golden section, with Platt's smoothed targets;
 *   platt        a logistic function of each label's score with its own slope and constant (Platt 1999, with his smoothed targets);
 *   isotonic     a staircase that never falls, for each label's uncalibrated probability (pool adjacent violators; between its steps
 *                linear, as scikit-learn's `CalibratedClassifierCV`).
 * Labels that exclude each other are scaled to the sum 1 afterwards.
 */
import { minimize } from "../../matrix/lbfgs.ts";
import { probabilitiesInto } from "../../matrix/logistic-loss.ts";

export const calibrationKinds = ["none", "temperature", "platt", "isotonic"] as const;
export type CalibrationKind = (typeof calibrationKinds)[number];

/** As it is written into a classifier's file. */
export type Calibration =
  | { readonly kind: "temperature"; readonly temperature: number }
  | { readonly kind: "platt"; readonly slopes: readonly number[]; readonly constants: readonly number[] }
  /** For each label the rising probabilities that were said, and what they should have been. */
  | {
      readonly kind: "isotonic";
      readonly said: readonly (readonly number[])[];
      readonly found: readonly (readonly number[])[];
    };

export interface ScoredRows {
  /** [rows, labels] */
  scores: Float64Array;
  labels: number;
  multiLabel: boolean;
}

/** Probabilities of each row's labels: [rows, labels]. */
export function calibrated({ scores, labels, multiLabel }: ScoredRows, calibration: Calibration): Float64Array {
  const out = new Float64Array(scores.length);
  if (calibration.kind === "temperature") {
    const scaled = scores.map((score) => score / calibration.temperature);
    eachRow(out, labels, (row, at) => {
      probabilitiesInto(scaled.subarray(at, at + labels), row, multiLabel ? "independent" : "softmax");
    });
    return out;
  }
  if (calibration.kind === "platt") {
    const { slopes, constants } = calibration;
    for (let i = 0; i < out.length; i += 1)
      out[i] = 1 / (1 + Math.exp(-(slopes[i % labels] * scores[i] + constants[i % labels])));
  } else {
    const plain = calibrated({ scores, labels, multiLabel }, { kind: "temperature", temperature: 1 });
    for (let i = 0; i < out.length; i += 1)
      out[i] = interpolated(plain[i], calibration.said[i % labels], calibration.found[i % labels]);
  }
  if (!multiLabel) eachRow(out, labels, toSumOne);
  return out;
}

/** `truth` is [rows, labels], 1 where a row has a label. */
export function learnCalibration(kind: CalibrationKind, rows: ScoredRows, truth: Uint8Array): Calibration {
  if (kind === "platt") return learnPlatt(rows, truth);
  if (kind === "isotonic") return learnIsotonic(rows, truth);
  if (kind === "none") return { kind: "temperature", temperature: 1 };
  const loss = (logarithm: number): number =>
    smoothedLoss(calibrated(rows, { kind: "temperature", temperature: Math.exp(logarithm) }), truth, rows);
  return { kind: "temperature", temperature: Math.exp(lowest(loss, Math.log(0.02), Math.log(50))) };
}

/** Mean over the rows of -ln p of what is true; for independent labels the sum over the labels. */
export function logLoss(
  probabilities: Float64Array,
  truth: Uint8Array,
  { labels, multiLabel }: { labels: number; multiLabel: boolean },
): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    if (truth[i]) sum -= Math.log(Math.max(probabilities[i], 1e-15));
    else if (multiLabel) sum -= Math.log(Math.max(1 - probabilities[i], 1e-15));
  }
  return sum / (probabilities.length / labels);
}

/** As if of n + 2 rows one had another label, as in Platt's targets: few rows that are all right do not make certain. */
function smoothedLoss(probabilities: Float64Array, truth: Uint8Array, { labels, multiLabel }: ScoredRows): number {
  const wrong = 1 / (probabilities.length / labels + 2);
  const share = multiLabel ? wrong : wrong / Math.max(1, labels - 1);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    const target = truth[i] ? 1 - wrong : share;
    sum -= target * Math.log(Math.max(probabilities[i], 1e-15));
    if (multiLabel) sum -= (1 - target) * Math.log(Math.max(1 - probabilities[i], 1e-15));
  }
  return sum;
}

function learnPlatt({ scores, labels }: ScoredRows, truth: Uint8Array): Calibration {
  const [slopes, constants]: [number[], number[]] = [[], []];
  for (let label = 0; label < labels; label += 1) {
    let positives = 0;
    for (let i = label; i < truth.length; i += labels) positives += truth[i];
    const negatives = truth.length / labels - positives;
    const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
    const { x } = minimize(
      ([slope, constant], gradient) => {
        gradient.fill(0);
        let loss = 0;
        for (let i = label; i < scores.length; i += labels) {
          const z = slope * scores[i] + constant;
          const target = truth[i] ? high : low;
          loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
          const residual = 1 / (1 + Math.exp(-z)) - target;
          gradient[0] += residual * scores[i];
          gradient[1] += residual;
        }
        const count = scores.length / labels;
        gradient[0] /= count;
        gradient[1] /= count;
        return loss / count;
      },
      Float64Array.of(1, 0),
      { tolerance: 1e-6 },
    );
    slopes.push(x[0]);
    constants.push(x[1]);
  }
  return { kind: "platt", slopes, constants };
}

function learnIsotonic(rows: ScoredRows, truth: Uint8Array): Calibration {
  const { labels } = rows;
  const plain = calibrated(rows, { kind: "temperature", temperature: 1 });
  const [said, found]: [number[][], number[][]] = [[], []];
  for (let label = 0; label < labels; label += 1) {
    const order = Array.from({ length: plain.length / labels }, (_, i) => i * labels + label).toSorted(
      (a, b) => plain[a] - plain[b],
    );
    const steps = risingSteps(order.map((i) => ({ at: plain[i], value: truth[i] })));
    said.push(steps.map(({ at }) => at));
    found.push(steps.map(({ value }) => value));
  }
  return { kind: "isotonic", said, found };
}

/** Pool adjacent violators; each pool is kept by its two ends. */
function risingSteps(points: readonly { at: number; value: number }[]): { at: number; value: number }[] {
  const pools: { from: number; to: number; sum: number; count: number }[] = [];
  for (const { at, value } of points) {
    let pool = { from: at, to: at, sum: value, count: 1 };
    let last = pools.at(-1);
    while (last && (last.sum / last.count >= pool.sum / pool.count || last.to === pool.from)) {
      pools.pop();
      pool = { from: last.from, to: pool.to, sum: last.sum + pool.sum, count: last.count + pool.count };
      last = pools.at(-1);
    }
    pools.push(pool);
  }
  return pools.flatMap(({ from, to, sum, count }) =>
    (from === to ? [from] : [from, to]).map((at) => ({ at, value: sum / count })),
  );
}

function interpolated(x: number, at: readonly number[], values: readonly number[]): number {
  if (x <= at[0]) return values[0];
  let [low, high] = [0, at.length - 1];
  if (x >= at[high]) return values[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle] <= x) low = middle;
    else high = middle;
  }
  return values[low] + ((values[high] - values[low]) * (x - at[low])) / (at[high] - at[low]);
}

function toSumOne(row: Float64Array): void {
  let total = 0;
  for (const value of row) total += value;
  for (let i = 0; i < row.length; i += 1) row[i] = total > 0 ? row[i] / total : 1 / row.length;
}

function eachRow(values: Float64Array, labels: number, change: (row: Float64Array, at: number) => void): void {
  for (let at = 0; at < values.length; at += labels) change(values.subarray(at, at + labels), at);
}

/** The minimum of a function with one valley between `low` and `high`. */
function lowest(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [left, right] = [f(c), f(d)];
  while (b - a > 1e-3) {
    if (left < right) {
      [b, d, right] = [d, c, left];
      c = b - golden * (b - a);
      left = f(c);
    } else {
      [a, c, left] = [c, d, right];
      d = a + golden * (b - a);
      right = f(d);
    }
  }
  return (a + b) / 2;
}
