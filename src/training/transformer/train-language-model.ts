/**
 * Trains a language model on the lines of a corpus: masked (BERT) or by what follows (GPT). Everything that is drawn follows from the seed and the number of
 * the epoch and the step, so that a training that goes on from its checkpoint gives what an uninterrupted one gives.
 * Reference: transformers' run_mlm.py with `--line_by_line false` (packed rows), AdamW, warm-up and linear decay.
 */
import { writeBytes } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { pauses } from "../../platform/pauses.ts";
import { readTrainingState, type TrainingPosition, writeTrainingState } from "../checkpoints/training-state.ts";
import { clipGradients } from "../gradients.ts";
import { lossCurveSvg } from "../loss-curve.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { Optimizer, OptimizerSettings } from "../optimizers/optimizer.ts";
import { learningRates, type ScheduleName } from "../schedules/learning-rate.ts";
import { type LogRecord, TrainingLog } from "../training-log.ts";
import type { TrainProgress } from "../train-options.ts";
import type { LanguageModel } from "./language-model.ts";
import { languageModelRows, type LanguageModelRows } from "./language-model-rows.ts";

export interface LanguageModelTrainingOptions extends OptimizerSettings {
  /** What learns; it is changed in place and stays the caller's to dispose of. */
  model: LanguageModel;
  /** A text a line: a path, or the lines. */
  corpus: CorpusSource;
  /** Default 1. */
  epochs?: number | undefined;
  /** Ends after so many steps; the schedule is that of these steps. */
  maxSteps?: number | undefined;
  /** Rows a batch. Default 32. */
  batchSize?: number | undefined;
  /** Tokens a row, special ones included. Default 128. */
  columns?: number | undefined;
  /** Share of the tokens that a masked model is asked for. Default 0.15. */
  maskShare?: number | undefined;
  /** Default 5e-4. */
  learningRate?: number | undefined;
  /** Share of the steps, or from 1 on a number of steps. Default 0.06. */
  warmup?: number | undefined;
  schedule?: ScheduleName | undefined;
  /** Default 1. */
  clip?: number | undefined;
  /** Of the order of the rows and of the masks. Default 42. */
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

export interface LanguageModelTraining {
  steps: number;
  records: readonly LogRecord[];
}

/** Steps over which progress tells the mean of the loss. */
const SMOOTH = 50;

/**
 * Trains `model` in place. Throws `invalid-argument` for a loss that is no number (the last state is kept), `mismatch` for a checkpoint of another
 * training.
 *
 * @example
 * await trainLanguageModel({ model, corpus: "corpus.txt", epochs: 3, checkpoint: "run", log: "run/log.jsonl" });
 * await model.save("my-bert");
 */
export async function trainLanguageModel(options: LanguageModelTrainingOptions): Promise<LanguageModelTraining> {
  const settings = settingsOf(options);
  const rows = await languageModelRows(options.model, options.corpus, { ...settings, signal: options.signal });
  return new Training(options, settings, rows).run();
}

function settingsOf(options: LanguageModelTrainingOptions) {
  const { epochs = 1, batchSize = 32, columns = 128, maskShare = 0.15, maxSteps = Infinity } = options;
  const {
    learningRate = 5e-4,
    warmup = 0.06,
    schedule = "linear",
    clip = 1,
    seed = 42,
    checkpointEvery = 500,
  } = options;
  wholeNumber("epochs", epochs, 1);
  wholeNumber("batchSize", batchSize, 1);
  wholeNumber("checkpointEvery", checkpointEvery, 1);
  if (maxSteps !== Infinity) wholeNumber("maxSteps", maxSteps, 1);
  if (wholeNumber("columns", columns, 3) > options.model.maxPositions) {
    const message = `columns must be at most ${options.model.maxPositions}, the model's positions, got ${columns}.`;
    throw new SemspaceError("invalid-argument", message);
  }
  if (!(maskShare > 0 && maskShare < 1))
    throw new SemspaceError("invalid-argument", `maskShare must be between 0 and 1, got ${maskShare}.`);
  if (!(clip > 0)) throw new SemspaceError("invalid-argument", `clip must be above 0, got ${clip}.`);
  return {
    epochs,
    batchSize,
    columns,
    maskShare,
    maxSteps,
    learningRate,
    warmup,
    schedule,
    clip,
    seed,
    checkpointEvery,
  };
}

type Settings = ReturnType<typeof settingsOf>;

class Training {
  readonly #options: LanguageModelTrainingOptions;
  readonly #settings: Settings;
  readonly #rows: LanguageModelRows;
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

  constructor(options: LanguageModelTrainingOptions, settings: Settings, rows: LanguageModelRows) {
    this.#options = options;
    this.#settings = settings;
    this.#rows = rows;
    this.#optimizer = createOptimizer(options.model.parameters, options);
    this.#log = new TrainingLog(options.log);
    this.#steps = Math.min(settings.maxSteps, rows.batches * settings.epochs);
    this.#rate = learningRates({ ...settings, steps: this.#steps });
  }

  async run(): Promise<LanguageModelTraining> {
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
    const { model, evaluateEvery } = this.#options;
    const { seed, clip, checkpointEvery } = this.#settings;
    const position = this.#position;
    const { step } = position;
    const epoch = Math.floor(step / this.#rows.batches);
    const random = randomNumbers(seed ^ Math.imul(step + 1, 0x9e3779b1));
    const { loss, gradients } = await model.learn(this.#rows.batch(epoch, step % this.#rows.batches, random));
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
      ...{ step, steps: this.#steps, epoch: epoch + 1, epochs: this.#settings.epochs, learningRate },
      loss: last.reduce((sum, record) => sum + record.loss, 0) / last.length,
      fraction: step / this.#steps,
      secondsLeft: ((this.#steps - step) * this.#seconds()) / (step - this.#resumed),
    });
  }

  #identity(): Record<string, string | number> {
    const { model, optimizer = "adamw", weightDecay = 0, betas = [0.9, 0.999] } = this.#options;
    const { checkpointEvery: _, maxSteps, ...same } = this.#settings;
    return {
      model: model.parameters.map(({ name, shape }) => `${name}[${shape.join(",")}]`).join(" "),
      data: `${this.#rows.batches} batches`,
      ...{ ...same, maxSteps: String(maxSteps), optimizer, weightDecay, betas: betas.join(", ") },
    };
  }

  async #resume(): Promise<void> {
    const { checkpoint, model } = this.#options;
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
    const { checkpoint, model } = this.#options;
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
