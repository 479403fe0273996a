/**
 * The trainer: any learner, any loss, one or more data sets. Everything that it draws follows from the seed and from the number of the
 * epoch, so that a training which goes on from its checkpoint gives what an uninterrupted one gives.
 * Reference: sentence-transformers 6.2 `SentenceTransformerTrainer` (transformers' `Trainer`): batches, accumulation, warm-up, schedules.
 * Differs: a step of accumulation averages over the batches it has; a checkpoint in the folder is gone on with, without a flag.
 */
import { writeBytes } from "#platform";
import { SemspaceError } from "../errors.ts";
import { pauses } from "../platform/pauses.ts";
import {
  readTrainingState,
  type TrainingIdentity,
  type TrainingPosition,
  writeTrainingState,
} from "./checkpoints/training-state.ts";
import { identityOf, restoreArrays, stateArrays } from "./checkpoints/training-parts.ts";
import { lossCurveSvg } from "./loss-curve.ts";
import { mixBatches } from "./samplers/mix.ts";
import { epochBatches } from "./samplers/samplers.ts";
import { learningRates } from "./schedules/learning-rate.ts";
import { type Optimizers, type PlannedBatch, startOptimizers, trainStep } from "./train-step.ts";
import { type TrainOptions, type TrainSettings, trainSettings } from "./train-options.ts";
import { type LogRecord, TrainingLog } from "./training-log.ts";

/** Steps over which progress tells the mean of the loss. */
const SMOOTH = 50;

export interface TrainResult {
  /** Steps that were done, those before a checkpoint included. */
  steps: number;
  /** Mean loss of every whole epoch. */
  losses: readonly number[];
  evaluations: readonly { step: number; score: number }[];
  /** The evaluation whose values the learner has now, where `keepBest` holds. */
  best: { step: number; score: number } | undefined;
  /** Why it ended: all steps are done, or no evaluation was better for `earlyStop` times. */
  ended: "done" | "early";
  /** A record a step and an evaluation, as the log has them. */
  records: readonly LogRecord[];
}

/**
 * Trains `learner` in place. Throws `invalid-argument` when the loss is no number any more (with step and rows; nothing is kept of that step),
 * `mismatch` for a checkpoint of another training; rejects with the signal's reason.
 *
 * @example
 * const learner = await staticLearner({ model: "my-static-model" });
 * await train({ learner, data: await loadDataset("pairs.jsonl"), loss: losses.multipleNegativesRanking(), learningRate: 0.05 });
 * await learner.save("my-trained-model");
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const settings = trainSettings(options);
  options.signal?.throwIfAborted();
  return new Training(options, settings).run();
}

class Training {
  readonly #options: TrainOptions;
  readonly #settings: TrainSettings;
  readonly #log: TrainingLog;
  readonly #optimizers: Optimizers;
  readonly #identity: TrainingIdentity | undefined;
  readonly #pause = pauses();
  #position: TrainingPosition = {
    ...{ step: 0, epoch: 0, batch: 0, losses: [], lossSum: 0, lossCount: 0 },
    ...{ evaluations: [], best: undefined, logBytes: 0, ended: undefined },
  };
  /** The values of the best evaluation, by parameter. */
  #best: Record<string, Float32Array> | undefined;
  /** Steps of the whole training, as the first epoch's plan lets expect. */
  #steps = 0;
  #begun = performance.now();
  /** Steps that were done before this call. */
  #resumed = 0;

  constructor(options: TrainOptions, settings: TrainSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#log = new TrainingLog(options.log);
    this.#optimizers = startOptimizers(options.learner, settings.sets, options);
    if (options.checkpoint !== undefined) this.#identity = identityOf(options.learner, settings, options);
  }

  async run(): Promise<TrainResult> {
    const { epochs, accumulate, maxSteps } = this.#settings;
    await this.#resume();
    const first = await this.#plan(0);
    this.#steps = Math.ceil(first.length / accumulate) * epochs;
    const rate = learningRates({ ...this.#settings, steps: Math.min(this.#steps, maxSteps) });
    this.#begun = performance.now();
    const position = this.#position;
    while (!position.ended) {
      // oxlint-disable-next-line no-await-in-loop -- one epoch after the other
      const plan = position.epoch === 0 ? first : await this.#plan(position.epoch);
      // oxlint-disable-next-line no-await-in-loop
      await this.#epoch(plan, rate);
    }
    await this.#end();
    const { step, losses, evaluations, best, ended } = position;
    return {
      ...{ steps: step, losses, evaluations, ended, records: this.#log.records },
      best: this.#settings.keepBest ? best : undefined,
    };
  }

  /** Goes on where the checkpoint's state ends, if there is one. */
  async #resume(): Promise<void> {
    const { checkpoint, learner } = this.#options;
    if (checkpoint === undefined || !this.#identity) return;
    const saved = await readTrainingState(checkpoint, this.#identity);
    if (!saved) return;
    this.#position = saved.position;
    this.#resumed = saved.position.step;
    this.#best = await restoreArrays(saved, learner, this.#optimizers);
    await this.#log.resume(saved.position.logBytes);
  }

  /** The batches of an epoch. */
  async #plan(epoch: number): Promise<PlannedBatch[]> {
    const { sets, seed, mix } = this.#settings;
    const batches: Int32Array[][] = [];
    for (const [i, { data, sampler, batchSize }] of sets.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- each may read its texts
      batches.push(await epochBatches(data, { sampler, batchSize, epoch, seed: seed + i }));
    }
    const next = sets.map(() => 0);
    const order = mixBatches(
      batches.map(({ length }) => length),
      { mix, seed, epoch },
    );
    return Array.from(order, (set) => ({ set: sets[set], rows: batches[set][next[set]++] }));
  }

  /** The rest of the present epoch. */
  async #epoch(plan: readonly PlannedBatch[], rate: (step: number) => number): Promise<void> {
    const { accumulate, evaluateEvery, checkpointEvery, maxSteps, epochs } = this.#settings;
    const position = this.#position;
    const { signal } = this.#options;
    while (position.batch < plan.length && !position.ended) {
      await this.#pause();
      if (signal?.aborted) {
        await this.#keep();
        throw signal.reason;
      }
      await this.#step(plan.slice(position.batch, position.batch + accumulate), rate(position.step));
      if (evaluateEvery !== undefined && position.step % evaluateEvery === 0) await this.#evaluate();
      if (position.step >= maxSteps) position.ended ??= "done";
      if (checkpointEvery !== undefined && position.step % checkpointEvery === 0) await this.#keep();
    }
    if (position.batch < plan.length) return this.#keep();
    position.losses.push(position.lossSum / position.lossCount);
    if (evaluateEvery === undefined && this.#options.evaluate) await this.#evaluate();
    Object.assign(position, { epoch: position.epoch + 1, batch: 0, lossSum: 0, lossCount: 0 });
    if (position.epoch >= epochs) position.ended ??= "done";
    await this.#keep();
  }

  async #step(batches: readonly PlannedBatch[], learningRate: number): Promise<void> {
    const position = this.#position;
    const { learner } = this.#options;
    const place = { step: position.step + 1, epoch: position.epoch + 1 };
    const optimizers = this.#optimizers;
    const loss = await trainStep(batches, { learner, optimizers, learningRate, clip: this.#settings.clip, place });
    position.step += 1;
    position.batch += batches.length;
    position.lossSum += loss;
    position.lossCount += 1;
    await this.#log.add({ ...place, loss, learningRate, seconds: this.#seconds() });
    this.#report(learningRate);
  }

  #report(learningRate: number): void {
    const { onProgress } = this.#options;
    if (!onProgress) return;
    const { step, epoch, evaluations } = this.#position;
    const last = this.#log.records.slice(-SMOOTH).filter((record) => "loss" in record);
    const steps = Math.max(step, Math.min(this.#steps, this.#settings.maxSteps));
    onProgress({
      ...{ step, steps, epoch: epoch + 1, epochs: this.#settings.epochs, learningRate },
      loss: last.reduce((sum, record) => sum + record.loss, 0) / last.length,
      score: evaluations.at(-1)?.score,
      fraction: step / steps,
      secondsLeft: ((steps - step) * this.#seconds()) / (step - this.#resumed),
    });
  }

  async #evaluate(): Promise<void> {
    const { evaluate, learner } = this.#options;
    const position = this.#position;
    const { step } = position;
    const at = { step, epoch: position.epoch + 1 };
    const score = await evaluate!(learner.embedder(), at);
    position.evaluations.push({ step, score });
    await this.#log.add({ ...at, score, seconds: this.#seconds() });
    if (!position.best || score > position.best.score) {
      position.best = { step, score };
      if (this.#settings.keepBest) {
        this.#best = Object.fromEntries(learner.parameters.map(({ name, value }) => [name, value.slice()]));
      }
    }
    const since =
      position.evaluations.length - 1 - position.evaluations.findIndex((each) => each.step === position.best!.step);
    if (since < this.#settings.earlyStop) return;
    position.ended = "early";
  }

  /** Keeps the state, where the training has a checkpoint. */
  async #keep(): Promise<void> {
    await this.#log.flush();
    const { checkpoint, learner } = this.#options;
    if (checkpoint === undefined || !this.#identity) return;
    this.#checkValues();
    this.#position.logBytes = this.#log.bytes;
    await writeTrainingState(checkpoint, {
      identity: this.#identity,
      position: this.#position,
      arrays: stateArrays(learner, this.#optimizers, this.#best),
    });
  }

  /** The best values into the learner, the log and the curve to the disk. */
  async #end(): Promise<void> {
    const { curve, learner } = this.#options;
    await this.#log.flush();
    if (this.#best) for (const { name, value } of learner.parameters) value.set(this.#best[name]);
    this.#checkValues();
    if (curve !== undefined) {
      await writeBytes(curve, new TextEncoder().encode(lossCurveSvg(this.#log.records, { title: learner.name })));
    }
  }

  /** The loss of the next batch would tell, but there may be none. */
  #checkValues(): void {
    const broken = this.#options.learner.parameters.find(({ value }) => !value.every(Number.isFinite));
    if (!broken) return;
    const message = `${broken.name} holds numbers that are not finite after step ${this.#position.step}. Use a smaller learningRate, or clip. The last checkpoint is as it was before.`;
    throw new SemspaceError("invalid-argument", message);
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#begun) / 1000;
  }
}
