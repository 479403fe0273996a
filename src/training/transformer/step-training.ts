/**
 * The loop of trainings whose loss is computed by the model itself: language models and models with a head. Batches, optimizer, schedule, log, and states
 * to go on from; what train.ts is to embedders. Everything drawn follows from the seed and the number of the step.
 */
import { writeBytes } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { pauses } from "../../platform/pauses.ts";
import { readTrainingState, type TrainingPosition, writeTrainingState } from "../checkpoints/training-state.ts";
import { clipGradients } from "../gradients.ts";
import { lossCurveSvg } from "../loss-curve.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { Optimizer, OptimizerSettings } from "../optimizers/optimizer.ts";
import type { Gradient, Parameter } from "../parameters.ts";
import { learningRates, type ScheduleName } from "../schedules/learning-rate.ts";
import type { TrainProgress } from "../train-options.ts";
import { type LogRecord, TrainingLog } from "../training-log.ts";

/** What can be asked of every such training. */
export interface StepTrainingOptions extends OptimizerSettings {
  /** Default 1. */
  epochs?: number | undefined;
  /** Ends after so many steps; the schedule is that of these steps. With a constant one and a warm-up in steps it can be raised later. */
  maxSteps?: number | undefined;
  /** Rows a batch. Default 32. */
  batchSize?: number | undefined;
  /** Default: 5e-4 for language models, 2e-5 for heads. */
  learningRate?: number | undefined;
  /** Share of the steps, or from 1 on a number of steps. Default 0.06. */
  warmup?: number | undefined;
  schedule?: ScheduleName | undefined;
  /** Longest the gradient of a step may be; longer ones are shortened. Default 1. */
  clip?: number | undefined;
  /** Of the order of the rows, and of masks. Default 42. */
  seed?: number | undefined;
  /** A folder for the state of the training. One that is there already is gone on with. */
  checkpoint?: string | undefined;
  /** Steps between two states. Default 500. */
  checkpointEvery?: number | undefined;
  /** A file that gets a line of JSON a step. */
  log?: string | undefined;
  /** A file for the drawn curve of the loss (SVG). */
  curve?: string | undefined;
  /** Measures what has been learnt so far, before the first step and every `evaluateEvery` steps; the log keeps it. */
  evaluate?: ((at: { step: number }) => number | Promise<number>) | undefined;
  evaluateEvery?: number | undefined;
  onProgress?: ((progress: Omit<TrainProgress, "score">) => void) | undefined;
  /** Ends after the present step: the state is kept, the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface StepTraining {
  /** Steps that were done, those before a checkpoint included. */
  steps: number;
  /** A record a step and an evaluation, as the log has them. */
  records: readonly LogRecord[];
}

/** What learns from batches of its own kind. */
export interface StepLearner<Batch> {
  readonly parameters: readonly Parameter[];
  /** The mean loss of a batch, and the gradients, which are valid until the next call. */
  learn(batch: Batch): Promise<{ loss: number; gradients: Gradient[] }>;
}

/** The batches of every epoch. */
export interface StepBatches<Batch> {
  /** Batches an epoch. */
  readonly batches: number;
  batch(epoch: number, index: number, random: () => number): Batch;
}

/** The options with their defaults. */
export interface StepSettings {
  epochs: number;
  batchSize: number;
  maxSteps: number;
  learningRate: number;
  warmup: number;
  schedule: ScheduleName;
  clip: number;
  seed: number;
  checkpointEvery: number;
}

/** Throws `invalid-argument` for what no training can do. */
export function stepSettings(options: StepTrainingOptions, usualRate: number): StepSettings {
  const { epochs = 1, batchSize = 32, maxSteps = Infinity, learningRate = usualRate } = options;
  const { warmup = 0.06, schedule = "linear", clip = 1, seed = 42, checkpointEvery = 500 } = options;
  wholeNumber("epochs", epochs, 1);
  wholeNumber("batchSize", batchSize, 1);
  wholeNumber("checkpointEvery", checkpointEvery, 1);
  if (maxSteps !== Infinity) wholeNumber("maxSteps", maxSteps, 1);
  if (!(clip > 0)) throw new SemspaceError("invalid-argument", `clip must be above 0, got ${clip}.`);
  return { epochs, batchSize, maxSteps, learningRate, warmup, schedule, clip, seed, checkpointEvery };
}

/** Steps over which progress tells the mean of the loss. */
const SMOOTH = 50;

/** What a training consists of. */
export interface StepParts<Batch> {
  readonly model: StepLearner<Batch>;
  readonly rows: StepBatches<Batch>;
  readonly settings: StepSettings;
  /** What besides settings and parameters makes two trainings the same. */
  readonly identity: Readonly<Record<string, string | number>>;
}

/** Trains in place. Throws `invalid-argument` for a loss that is no number (the last state is kept), `mismatch` for a checkpoint of another training. */
export async function trainSteps<Batch>(options: StepTrainingOptions, parts: StepParts<Batch>): Promise<StepTraining> {
  options.signal?.throwIfAborted();
  return new Steps(options, parts).run();
}

class Steps<Batch> {
  readonly #options: StepTrainingOptions;
  readonly #parts: StepParts<Batch>;
  readonly #optimizer: Optimizer;
  readonly #log: TrainingLog;
  readonly #steps: number;
  readonly #rate: (step: number) => number;
  #position: TrainingPosition = {
    ...{ step: 0, epoch: 0, batch: 0, losses: [], lossSum: 0, lossCount: 0 },
    ...{ evaluations: [], best: undefined, logBytes: 0, ended: undefined },
  };
  #begun = performance.now();
  #resumed = 0;

  constructor(options: StepTrainingOptions, parts: StepParts<Batch>) {
    const { model, rows, settings } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#optimizer = createOptimizer(model.parameters, options);
    this.#log = new TrainingLog(options.log);
    this.#steps = Math.min(settings.maxSteps, rows.batches * settings.epochs);
    this.#rate = learningRates({ ...settings, steps: this.#steps });
  }

  async run(): Promise<StepTraining> {
    const { signal, curve } = this.#options;
    const pause = pauses();
    await this.#resume();
    if (this.#position.step === 0) await this.#evaluate();
    while (this.#position.step < this.#steps) {
      // oxlint-disable-next-line no-await-in-loop -- one step after the other
      await pause();
      if (signal?.aborted) {
        // oxlint-disable-next-line no-await-in-loop
        await this.#keep();
        throw signal.reason;
      }
      // oxlint-disable-next-line no-await-in-loop
      await this.#step();
    }
    await this.#keep();
    if (curve !== undefined) await writeBytes(curve, new TextEncoder().encode(lossCurveSvg(this.#log.records)));
    return { steps: this.#position.step, records: this.#log.records };
  }

  async #step(): Promise<void> {
    const { evaluateEvery } = this.#options;
    const { model, rows, settings } = this.#parts;
    const { seed, clip, checkpointEvery } = settings;
    const position = this.#position;
    const { step } = position;
    const epoch = Math.floor(step / rows.batches);
    const random = randomNumbers(seed ^ Math.imul(step + 1, 0x9e3779b1));
    const { loss, gradients } = await model.learn(rows.batch(epoch, step % rows.batches, random));
    if (!Number.isFinite(loss)) {
      const message = `The loss of step ${step + 1} is ${loss}. Lower the learning rate; the last state that was kept is sound.`;
      throw new SemspaceError("invalid-argument", message);
    }
    clipGradients(gradients, clip);
    const learningRate = this.#rate(step);
    this.#optimizer.step(gradients, learningRate);
    Object.assign(position, { step: step + 1, epoch });
    await this.#log.add({ step: step + 1, epoch: epoch + 1, loss, learningRate, seconds: this.#seconds() });
    this.#report(learningRate);
    if (evaluateEvery !== undefined && position.step % evaluateEvery === 0) await this.#evaluate();
    if (position.step % checkpointEvery === 0) await this.#keep();
  }

  async #evaluate(): Promise<void> {
    const { evaluate } = this.#options;
    if (!evaluate) return;
    const { step, epoch } = this.#position;
    const score = await evaluate({ step });
    this.#position.evaluations.push({ step, score });
    await this.#log.add({ step, epoch: epoch + 1, score, seconds: this.#seconds() });
  }

  #report(learningRate: number): void {
    const { onProgress } = this.#options;
    if (!onProgress) return;
    const { step, epoch } = this.#position;
    const last = this.#log.records.slice(-SMOOTH).filter((record) => "loss" in record);
    onProgress({
      ...{ step, steps: this.#steps, epoch: epoch + 1, epochs: this.#parts.settings.epochs, learningRate },
      loss: last.reduce((sum, record) => sum + record.loss, 0) / last.length,
      fraction: step / this.#steps,
      secondsLeft: ((this.#steps - step) * this.#seconds()) / (step - this.#resumed),
    });
  }

  #identity(): Record<string, string | number> {
    const { optimizer = "adamw", weightDecay = 0, betas = [0.9, 0.999] } = this.#options;
    const { model, rows, settings, identity } = this.#parts;
    const { checkpointEvery: _, maxSteps, ...same } = settings;
    // A rate that stays does not depend on where the training ends: it can be made longer.
    const end = settings.schedule === "constant" && settings.warmup >= 1 ? "any" : String(maxSteps);
    return {
      model: model.parameters.map(({ name, shape }) => `${name}[${shape.join(",")}]`).join(" "),
      data: `${rows.batches} batches`,
      ...{ ...same, ...identity, maxSteps: end, optimizer, weightDecay, betas: betas.join(", ") },
    };
  }

  async #resume(): Promise<void> {
    const { checkpoint } = this.#options;
    const { model } = this.#parts;
    if (checkpoint === undefined) return;
    const saved = await readTrainingState(checkpoint, this.#identity());
    if (!saved) return;
    this.#position = saved.position;
    this.#resumed = saved.position.step;
    const values = await saved.arrays("values");
    for (const { name, value } of model.parameters) value.set(values[name]);
    this.#optimizer.restore(await saved.arrays("optimizer"));
    await this.#log.resume(saved.position.logBytes);
  }

  async #keep(): Promise<void> {
    const { checkpoint } = this.#options;
    const { model } = this.#parts;
    await this.#log.flush();
    if (checkpoint === undefined) return;
    this.#position.logBytes = this.#log.bytes;
    const values = Object.fromEntries(model.parameters.map(({ name, value }) => [name, value]));
    await writeTrainingState(checkpoint, {
      identity: this.#identity(),
      position: this.#position,
      arrays: { values, optimizer: this.#optimizer.state() },
    });
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#begun) / 1000;
  }
}
