/**
 * The steps of token learning: a learner's vectors are drawn to their targets, batch by batch. The learning rate rises over a few steps and falls by a
 * cosine; every epoch has an order of its own, which follows from the seed and the epoch alone, so that a run that was ended goes on where it was.
 */
import { removeFile } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Learner } from "../learner.ts";
import type { Loss } from "../losses/loss.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type LearningState, readState, writeState } from "./learning-state.ts";

export interface LearningSteps {
  /** Default 3. */
  epochs?: number | undefined;
  /** Texts a step. Default 512. */
  batchSize?: number | undefined;
  /** Default 0.01, the largest. */
  learningRate?: number | undefined;
  /** Steps until the learning rate is at its largest. Default 50. */
  warmupSteps?: number | undefined;
  /** Default 1. */
  seed?: number | undefined;
  /** A file that is written every so often and removed at the end; a run that finds it goes on from there. */
  checkpoint?: string | undefined;
  /** Steps from one checkpoint to the next. Default 200. */
  checkpointSteps?: number | undefined;
  /** Called after each step. */
  onProgress?: ((progress: LearningProgress) => void) | undefined;
  /** Aborts between steps: the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface LearningProgress {
  step: number;
  steps: number;
  loss: number;
}

/** What is left of the learning rate at the end. */
const LAST_SHARE = 0.02;

/** Trains the learner in place. Targets: a row a text. Throws `mismatch`, `invalid-argument` when the loss becomes NaN. */
export async function learnTable(
  learner: Learner,
  { texts, targets, loss }: { texts: readonly string[]; targets: Matrix; loss: Loss },
  options: LearningSteps = {},
): Promise<void> {
  const { learningRate = 0.01, seed = 1, checkpoint } = options;
  const epochs = wholeNumber("epochs", options.epochs ?? 3, 1);
  const batchSize = wholeNumber("batchSize", options.batchSize ?? 512, 2);
  const every = wholeNumber("checkpointSteps", options.checkpointSteps ?? 200, 1);
  const perEpoch = Math.max(1, Math.floor(texts.length / batchSize));
  const schedule = { steps: epochs * perEpoch, warmup: options.warmupSteps ?? 50, learningRate };
  const settings = { betas: [0.9, 0.99], rows: "all" } as const;
  const optimizer = learner.optimizer?.(settings) ?? createOptimizer(learner.parameters, settings);
  const run = `${texts.length} texts, ${targets.columns} dimensions, ${schedule.steps} steps of ${batchSize}, rate ${learningRate}, seed ${seed}`;
  const state: LearningState = { run, learner, optimizer };
  let step = checkpoint === undefined ? 0 : await readState(checkpoint, state);
  for (; step < schedule.steps; step += 1) {
    options.signal?.throwIfAborted();
    const order = orderOf(texts.length, seed, Math.floor(step / perEpoch));
    const from = (step % perEpoch) * batchSize;
    const batch = order.subarray(from, from + batchSize);
    // oxlint-disable-next-line no-await-in-loop -- a step needs the one before it
    const value = await takeStep(learner, optimizer, { texts, targets, loss, batch, rate: rateAt(step, schedule) });
    if (!Number.isFinite(value)) throw brokenLoss(value, step, learningRate);
    options.onProgress?.({ step: step + 1, steps: schedule.steps, loss: value });
    // oxlint-disable-next-line no-await-in-loop -- now and then
    if (checkpoint !== undefined && (step + 1) % every === 0) await writeState(checkpoint, state, step + 1);
  }
  if (checkpoint !== undefined) await removeFile(checkpoint);
}

interface Step {
  texts: readonly string[];
  targets: Matrix;
  loss: Loss;
  batch: Uint32Array;
  rate: number;
}

async function takeStep(learner: Learner, optimizer: Optimizer, step: Step): Promise<number> {
  const { texts, targets, loss, batch, rate } = step;
  const vectors = await learner.encode(Array.from(batch, (i) => texts[i]));
  const labels = Matrix.fromRows(Array.from(batch, (i) => targets.row(i))).data;
  const { value, gradients } = loss.evaluate([vectors], labels);
  if (Number.isFinite(value)) optimizer.step(await learner.backward(gradients[0]), rate);
  return value;
}

function rateAt(
  step: number,
  { steps, warmup, learningRate }: { steps: number; warmup: number; learningRate: number },
): number {
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  const done = (step - warmup) / Math.max(1, steps - warmup);
  return learningRate * (LAST_SHARE + (1 - LAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * done)));
}

/** The texts of an epoch in random order. */
function orderOf(count: number, seed: number, epoch: number): Uint32Array {
  const random = randomNumbers(seed * 7919 + epoch);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function brokenLoss(value: number, step: number, learningRate: number): SemspaceError {
  return new SemspaceError(
    "invalid-argument",
    `The loss is ${value} at step ${step + 1}: the vectors have run away. Use a learning rate below ${learningRate}; a checkpoint, if there is one, is from before.`,
  );
}
