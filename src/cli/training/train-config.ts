/** The config of `semspace train`: a JSON file, with the command line's options in place of its values. */
import { readFile } from "node:fs/promises";
import { SemspaceError } from "../../errors.ts";
import type { LoadDatasetOptions } from "../../training/data/load-dataset.ts";
import { dataFormats } from "../../training/data/records.ts";
import { optimizerNames } from "../../training/optimizers/optimizer.ts";
import { mixNames } from "../../training/samplers/mix.ts";
import { type SamplerName, samplerNames } from "../../training/samplers/samplers.ts";
import { scheduleNames } from "../../training/schedules/learning-rate.ts";
import type { TrainOptions } from "../../training/train-options.ts";
import { UsageError } from "../arguments.ts";
import {
  any,
  type Checks,
  checkKeys,
  count,
  either,
  flag,
  isObject,
  natural,
  number,
  object,
  oneOf,
  range,
  text,
  texts,
} from "./config-keys.ts";

/** A loss by its name, or with its options: `{ "name": "matryoshka", "loss": "multipleNegativesRanking", "dimensions": [256, 128] }`. */
export type LossConfig = string | { name: string; loss?: LossConfig; [option: string]: unknown };

export interface DataConfig extends Omit<LoadDatasetOptions, "signal" | "inMemory"> {
  path: string;
  loss?: LossConfig;
  batchSize?: number;
  sampler?: SamplerName;
  prompts?: Readonly<Record<string, string>>;
}

/** What of the trainer's options a file can hold. */
type TrainerConfig = Omit<TrainOptions, "learner" | "data" | "loss" | "evaluate" | "onProgress" | "signal">;

export interface TrainConfig extends TrainerConfig {
  /** A static model or a transformer. */
  model?: string;
  /** Instead of a model: random vectors for its vocabulary, of so many dimensions. */
  tokenizer?: string;
  dimensions?: number;
  output: string;
  data: readonly DataConfig[];
  loss?: LossConfig;
  /** Pairs with scores; Spearman's correlation decides. */
  evaluate?: DataConfig;
  threads?: number;
  maxLength?: number;
  /** Of a static model: whether the saved one scales its vectors to length 1. */
  normalize?: boolean;
  /** Of a transformer: which part of it learns. */
  lastLayers?: number;
  freezeEmbeddings?: boolean;
  lora?: boolean | Readonly<Record<string, unknown>>;
}

const dataKeys: Checks = {
  path: text,
  columns: texts,
  label: either(text, (value) => (value === null ? undefined : "null")),
  format: oneOf(...dataFormats),
  scoreRange: range,
  limit: count,
  loss: any,
  batchSize: count,
  sampler: oneOf(...samplerNames),
  prompts: object,
};
const keys: Checks = {
  model: text,
  tokenizer: text,
  dimensions: count,
  output: text,
  data: any,
  loss: any,
  evaluate: any,
  ...{ epochs: count, maxSteps: count, batchSize: count, sampler: oneOf(...samplerNames), mix: oneOf(...mixNames) },
  ...{ learningRate: number, warmup: number, schedule: oneOf(...scheduleNames), optimizer: oneOf(...optimizerNames) },
  ...{
    weightDecay: number,
    betas: any,
    epsilon: number,
    rows: oneOf("all", "touched"),
    clip: number,
    accumulate: count,
  },
  ...{ evaluateEvery: count, keepBest: flag, earlyStop: count, seed: natural },
  ...{ checkpoint: text, checkpointEvery: count, log: text, curve: text },
  ...{ threads: count, maxLength: count, normalize: flag, lastLayers: natural, freezeEmbeddings: flag },
  lora: either(flag, object),
};

/** Throws `missing-file` or `invalid-file` that names the key, {@link UsageError} for what is missing in both file and options. */
export async function readTrainConfig(
  path: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<TrainConfig> {
  const where = path ?? "the options";
  const file = path === undefined ? {} : await readJson(path);
  const given = { ...file, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
  checkKeys(where, given, keys);
  for (const key of ["output", "data"] as const) {
    if (given[key] === undefined) throw new UsageError(`"${key}" is missing: name it in CONFIG.json or by --${key}.`);
  }
  if ((given["model"] === undefined) === (given["tokenizer"] === undefined)) {
    throw new UsageError(`Either "model" or "tokenizer" (with "dimensions") is needed, to begin with.`);
  }
  const list = Array.isArray(given["data"]) ? (given["data"] as readonly unknown[]) : [given["data"]];
  const data = list.map((each, i) => dataConfig(list.length > 1 ? `${where}: data[${i}]` : `${where}: data`, each));
  const evaluate = given["evaluate"] === undefined ? undefined : dataConfig(`${where}: evaluate`, given["evaluate"]);
  return { ...given, data, evaluate } as unknown as TrainConfig;
}

function dataConfig(where: string, given: unknown): DataConfig {
  if (typeof given === "string") return { path: given };
  if (!isObject(given) || given["path"] === undefined) {
    throw new SemspaceError("invalid-file", `${where} must be the path of a file or an object with "path".`);
  }
  checkKeys(where, given, dataKeys);
  return given as unknown as DataConfig;
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const content = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${path} (${cause.code}).`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${path} is no JSON: ${(cause as Error).message}.`, { cause });
  }
  if (!isObject(value)) throw new SemspaceError("invalid-file", `${path} must be an object of keys and values.`);
  return value;
}
