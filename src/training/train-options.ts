/** What a training is asked to do, checked before any of it is done. */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { Dataset } from "./data/dataset.ts";
import type { Learner } from "./learner.ts";
import type { Loss } from "./losses/loss.ts";
import type { OptimizerSettings } from "./optimizers/optimizer.ts";
import { type MixName, mixNames } from "./samplers/mix.ts";
import { type SamplerName, samplerNames } from "./samplers/samplers.ts";
import { type ScheduleName, scheduleNames } from "./schedules/learning-rate.ts";

/** One of several data sets that are learnt from at once. */
export interface TrainingSet {
  data: Dataset;
  /** Default: the training's own. */
  loss?: Loss | undefined;
  batchSize?: number | undefined;
  sampler?: SamplerName | undefined;
  /** Text in front of every text of a column, by the column's name. */
  prompts?: Readonly<Record<string, string>> | undefined;
}

export interface TrainOptions extends OptimizerSettings {
  /** What learns; it is changed in place and stays the caller's to dispose of. */
  learner: Learner;
  data: Dataset | TrainingSet | readonly TrainingSet[];
  /** Needed unless every set has its own. */
  loss?: Loss | undefined;
  /** Default 1. */
  epochs?: number | undefined;
  /** Ends after so many steps, with the schedule of the whole. */
  maxSteps?: number | undefined;
  /** Rows a batch. Default 32. */
  batchSize?: number | undefined;
  /** Default "shuffled". */
  sampler?: SamplerName | undefined;
  /** How the batches of several sets alternate. Default "proportional". */
  mix?: MixName | undefined;
  /** Default 2e-5, what transformers are fine-tuned with; a static table wants 0.01 to 0.2. */
  learningRate?: number | undefined;
  /** Share of the steps, or from 1 on a number of steps. Default 0.1. */
  warmup?: number | undefined;
  /** Default "linear". */
  schedule?: ScheduleName | undefined;
  /** Longest the gradient of a step may be; longer ones are shortened. Default: as they are. */
  clip?: number | undefined;
  /** Batches whose gradients are averaged for one step. Default 1. */
  accumulate?: number | undefined;
  /** Measures what has been learnt so far: more is better. */
  evaluate?: ((embedder: Embedder, at: { step: number; epoch: number }) => number | Promise<number>) | undefined;
  /** Steps between two evaluations. Default: after every epoch. */
  evaluateEvery?: number | undefined;
  /** The learner ends with the values of its best evaluation. Default: when there is an `evaluate`. */
  keepBest?: boolean | undefined;
  /** Ends after so many evaluations without a better one. */
  earlyStop?: number | undefined;
  /** Default 42. The same seed on the same data gives the same result. */
  seed?: number | undefined;
  /** A folder for the state of the training. One that is there already is gone on with. */
  checkpoint?: string | undefined;
  /** Steps between two states. Default: after every epoch, and when the signal aborts. */
  checkpointEvery?: number | undefined;
  /** A file that gets a line of JSON a step. */
  log?: string | undefined;
  /** A file for the drawn curve of the loss (SVG). */
  curve?: string | undefined;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Ends after the present step: the state is kept, the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface TrainProgress {
  /** Steps that are done, and of the whole training. */
  step: number;
  steps: number;
  /** The present epoch, from 1 on. */
  epoch: number;
  epochs: number;
  /** Mean of the last 50 steps. */
  loss: number;
  /** Of the step that is just done. */
  learningRate: number;
  /** The last evaluation. */
  score: number | undefined;
  /** Share of the whole training that is done, 0 … 1. */
  fraction: number;
  secondsLeft: number;
}

/** The options with their defaults, the data as a list. */
export interface TrainSettings {
  sets: readonly Required<TrainingSet>[];
  epochs: number;
  maxSteps: number;
  mix: MixName;
  learningRate: number;
  warmup: number;
  schedule: ScheduleName;
  clip: number;
  accumulate: number;
  evaluateEvery: number | undefined;
  keepBest: boolean;
  earlyStop: number;
  seed: number;
  checkpointEvery: number | undefined;
}

/** Throws `invalid-argument` for what no training can do. */
export function trainSettings(options: TrainOptions): TrainSettings {
  const { learningRate = 2e-5, warmup = 0.1, clip = Infinity, earlyStop = Infinity, maxSteps = Infinity } = options;
  if (!(clip > 0)) throw new SemspaceError("invalid-argument", `clip must be above 0, got ${clip}.`);
  if (earlyStop !== Infinity) wholeNumber("earlyStop", earlyStop, 1);
  if (maxSteps !== Infinity) wholeNumber("maxSteps", maxSteps, 1);
  const needsEvaluate = options.keepBest === true || earlyStop !== Infinity || options.evaluateEvery !== undefined;
  if (needsEvaluate && !options.evaluate) {
    throw new SemspaceError(
      "invalid-argument",
      "keepBest, earlyStop and evaluateEvery need evaluate. Give a function that measures.",
    );
  }
  if (options.checkpointEvery !== undefined && options.checkpoint === undefined) {
    throw new SemspaceError("invalid-argument", "checkpointEvery needs checkpoint, the folder of the state.");
  }
  return {
    sets: setsOf(options),
    epochs: wholeNumber("epochs", options.epochs ?? 1, 1),
    maxSteps,
    mix: oneOf("mix", options.mix ?? "proportional", mixNames),
    learningRate,
    warmup,
    schedule: oneOf("schedule", options.schedule ?? "linear", scheduleNames),
    clip,
    accumulate: wholeNumber("accumulate", options.accumulate ?? 1, 1),
    evaluateEvery: positive("evaluateEvery", options.evaluateEvery),
    keepBest: options.keepBest ?? options.evaluate !== undefined,
    earlyStop,
    seed: wholeNumber("seed", options.seed ?? 42),
    checkpointEvery: positive("checkpointEvery", options.checkpointEvery),
  };
}

function positive(name: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : wholeNumber(name, value, 1);
}

function setsOf(options: TrainOptions): Required<TrainingSet>[] {
  const given: readonly TrainingSet[] = Array.isArray(options.data)
    ? (options.data as readonly TrainingSet[])
    : "texts" in options.data
      ? [{ data: options.data }]
      : [options.data as TrainingSet];
  if (given.length === 0) throw new SemspaceError("invalid-argument", "data has no data set. Give at least one.");
  return given.map((set) => {
    const loss = set.loss ?? options.loss;
    if (!loss)
      throw new SemspaceError("invalid-argument", `${set.data.name} has no loss. Give one to train or to the set.`);
    const { prompts = {} } = set;
    const wrong = Object.keys(prompts).find((column) => !set.data.columns.includes(column));
    if (wrong !== undefined) {
      throw new SemspaceError(
        "invalid-argument",
        `A prompt for "${wrong}", but ${set.data.name} has the columns ${set.data.columns.join(", ")}.`,
      );
    }
    return {
      data: set.data,
      loss,
      prompts,
      batchSize: wholeNumber("batchSize", set.batchSize ?? options.batchSize ?? 32, 1),
      sampler: oneOf("sampler", set.sampler ?? options.sampler ?? "shuffled", samplerNames),
    };
  });
}
