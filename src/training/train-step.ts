/** One step of a training: texts → vectors → loss → gradients → optimizer. */
import { SemspaceError } from "../errors.ts";
import { Matrix } from "../matrix/index.ts";
import { clipGradients, GradientSum } from "./gradients.ts";
import type { Learner } from "./learner.ts";
import type { Labels, LossResult } from "./losses/loss.ts";
import { createOptimizer } from "./optimizers/create-optimizer.ts";
import type { Optimizer, OptimizerSettings } from "./optimizers/optimizer.ts";
import type { Gradient, Parameter } from "./parameters.ts";
import type { TrainingSet } from "./train-options.ts";

/** A batch by its rows. */
export interface PlannedBatch {
  set: Required<TrainingSet>;
  rows: Int32Array;
}

/** Where a step stands, for messages. */
export interface StepPlace {
  /** From 1 on. */
  step: number;
  epoch: number;
}

/** The optimizers of a learner and of the losses' own parameters, by the names under which a checkpoint keeps them. */
export interface Optimizers {
  readonly learner: Optimizer;
  readonly losses: Optimizer | undefined;
  readonly lossParameters: readonly Parameter[];
}

export function startOptimizers(
  learner: Learner,
  sets: readonly Required<TrainingSet>[],
  settings: OptimizerSettings,
): Optimizers {
  const losses = [...new Set(sets.map(({ loss }) => loss))];
  const lossParameters = losses.flatMap(({ parameters = [] }) => parameters);
  return {
    learner: learner.optimizer?.(settings) ?? createOptimizer(learner.parameters, settings),
    losses: lossParameters.length > 0 ? createOptimizer(lossParameters, settings) : undefined,
    lossParameters,
  };
}

export interface StepOptions {
  learner: Learner;
  optimizers: Optimizers;
  learningRate: number;
  clip: number;
  place: StepPlace;
}

/** Learns from the batches together; gives the mean of their losses. Throws `invalid-argument` when a loss is no number, before anything is changed. */
export async function trainStep(batches: readonly PlannedBatch[], options: StepOptions): Promise<number> {
  const { learner, optimizers, learningRate, clip, place } = options;
  const sum = new GradientSum(learner.parameters);
  const lossSum = new GradientSum(optimizers.lossParameters);
  let loss = 0;
  let gradients: Gradient[] = [];
  for (const batch of batches) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    const { result, upstream } = await evaluateBatch(learner, batch, place);
    const share = 1 / batches.length;
    loss += result.value * share;
    if (share !== 1) for (let i = 0; i < upstream.data.length; i += 1) upstream.data[i] *= share;
    // oxlint-disable-next-line no-await-in-loop
    gradients = await learner.backward(upstream);
    if (share !== 1) sum.add(gradients);
    const ofLoss = result.parameterGradients;
    if (ofLoss) lossSum.add(share === 1 ? ofLoss : ofLoss.map((gradient) => scaled(gradient, share)));
  }
  if (batches.length > 1) gradients = sum.take();
  const lossGradients = lossSum.take();
  if (clip !== Infinity) clipGradients([...gradients, ...lossGradients], clip);
  optimizers.learner.step(gradients, learningRate);
  optimizers.losses?.step(lossGradients, learningRate);
  return loss;
}

async function evaluateBatch(
  learner: Learner,
  { set, rows }: PlannedBatch,
  place: StepPlace,
): Promise<{ result: LossResult; upstream: Matrix }> {
  const { data, loss, prompts } = set;
  const texts = (await data.texts(rows)).flatMap((column, c) => {
    const prompt = prompts[data.columns[c]];
    return prompt ? column.map((text) => prompt + text) : column;
  });
  const vectors = await learner.encode(texts);
  const size = rows.length * vectors.columns;
  const columns = data.columns.map(
    (_, c) => new Matrix(vectors.data.subarray(c * size, (c + 1) * size), rows.length, vectors.columns),
  );
  let result: LossResult;
  try {
    result = loss.evaluate(columns, labelsOf(set, rows));
  } catch (cause) {
    if (!(cause instanceof SemspaceError)) throw cause;
    throw new SemspaceError(cause.code, `${loss.name} on ${data.name}, step ${place.step}: ${cause.message}`, {
      cause,
    });
  }
  if (!Number.isFinite(result.value)) throw notANumber(result.value, { set, rows }, place);
  const upstream = Matrix.zeros(texts.length, vectors.columns);
  for (const [c, gradient] of result.gradients.entries()) upstream.data.set(gradient.data, c * size);
  return { result, upstream };
}

function labelsOf({ data: { labels, labelsPerRow } }: Required<TrainingSet>, rows: Int32Array): Labels | undefined {
  if (!labels) return undefined;
  const chosen = new (labels instanceof Int32Array ? Int32Array : Float32Array)(rows.length * labelsPerRow);
  for (const [i, row] of rows.entries()) {
    chosen.set(labels.subarray(row * labelsPerRow, (row + 1) * labelsPerRow), i * labelsPerRow);
  }
  return chosen;
}

function scaled({ parameter, dense, rows }: Gradient, factor: number): Gradient {
  return {
    parameter,
    dense: dense?.map((value) => value * factor),
    rows: rows && { ids: rows.ids, values: rows.values.map((value) => value * factor) },
  };
}

function notANumber(value: number, { set, rows }: PlannedBatch, { step, epoch }: StepPlace): SemspaceError {
  const some = Array.from(rows.subarray(0, 5), (row) => row + 1).join(", ");
  const all = rows.length > 5 ? `${some} … (${rows.length} rows)` : some;
  return new SemspaceError(
    "invalid-argument",
    `The loss became ${value} at step ${step} (epoch ${epoch}), in the batch of rows ${all} of ${set.data.name}. Use a smaller learningRate, or clip. The last checkpoint is as it was before.`,
  );
}
