/** One training of `semspace train`: opens what the config names, trains, and has the result written. */
import { pairwiseSimilarity } from "../../matrix/index.ts";
import { spearman } from "../../evaluation/index.ts";
import { staticReading } from "../../texts/static/index.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { SemspaceError } from "../../errors.ts";
import { type Dataset, type Learner, loadDataset, staticLearner, train } from "../../training/index.ts";
import type { TrainingSet, TrainProgress } from "../../training/train-options.ts";
import type { TrainResult } from "../../training/train.ts";
import { modelFolder } from "../model-option.ts";
import { lossOf } from "./config-loss.ts";
import type { DataConfig, TrainConfig } from "./train-config.ts";

export interface TrainWatch {
  signal: AbortSignal;
  onProgress: (progress: TrainProgress) => void;
}

/** Trains by the config; `save` writes the folder. The data's temporary files and the learner's threads are gone when it ends. */
export async function trainModel(
  config: TrainConfig,
  { signal, onProgress }: TrainWatch,
  save: (learner: Learner) => Promise<void>,
): Promise<TrainResult> {
  const opened: { dispose(): Promise<void> }[] = [];
  const keep = <T extends { dispose(): Promise<void> }>(each: T): T => {
    opened.push(each);
    return each;
  };
  try {
    const sets: TrainingSet[] = [];
    for (const each of config.data) {
      const data = keep(await loadDataset(each.path, { ...each, signal }));
      const { batchSize, sampler, prompts } = each;
      const loss = each.loss ?? config.loss;
      if (loss === undefined) throw noLoss(each);
      sets.push({ data, loss: lossOf(each.path, loss), batchSize, sampler, prompts });
    }
    const evaluate =
      config.evaluate && (await evaluation(keep(await loadDataset(config.evaluate.path, config.evaluate))));
    const learner = keep(await learnerOf(config));
    const result = await train({ ...config, learner, loss: undefined, data: sets, evaluate, signal, onProgress });
    await save(learner);
    return result;
  } finally {
    for (const each of opened) await each.dispose();
  }
}

function noLoss({ path }: DataConfig): SemspaceError {
  return new SemspaceError("invalid-argument", `${path} has no loss: give --loss, or "loss" in the config.`);
}

async function learnerOf(config: TrainConfig): Promise<Learner> {
  const { model, tokenizer, dimensions = 256, threads, seed, maxLength, normalize } = config;
  const options = { threads, maxLength, normalize };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (model === undefined) {
    return staticLearner(
      { tokenizer: await modelFolder(tokenizer), dimensions, ...(seed !== undefined && { seed }) },
      given,
    );
  }
  const folder = await modelFolder(model);
  if (await staticReading(folder)) return staticLearner({ model: folder }, { ...given, name: model });
  const { transformerLearner } = await import("../../training/transformer/transformer-learner.ts");
  const { lastLayers, freezeEmbeddings, lora } = config;
  return transformerLearner({ model: folder, threads, maxLength, seed, lastLayers, freezeEmbeddings, lora });
}

/** Spearman's correlation of the cosines with the scores. */
async function evaluation(data: Dataset): Promise<(embedder: Embedder) => Promise<number>> {
  const { name, columns, labels, length } = data;
  if (columns.length !== 2 || !labels) {
    throw new SemspaceError(
      "invalid-file",
      `${name} measures nothing: it needs two text columns and a score, it has ${columns.join(", ")}${labels ? "" : " and no score"}.`,
    );
  }
  const [a, b] = await data.texts(Int32Array.from({ length }, (_, i) => i));
  return async (embedder) =>
    spearman(pairwiseSimilarity(await embedder.encode(a), await embedder.encode(b)), [...labels]);
}
