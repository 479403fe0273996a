/** What every task's model loads: a transformer with a head and its tokenizer, from one folder. */
import { wholeNumber } from "../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, readJsonIfPresent } from "../hub/folder.ts";
import { loadWithTokenizer, type WithTokenizer } from "../texts/modules/transformer.ts";
import type { BatchShape } from "./encoding-batches.ts";
import {
  type HeadedTransformer,
  type HeadTask,
  loadHeadedTransformer,
  type SessionOptions,
} from "../transformers/index.ts";

/** Where the model runs, on how many cores (default: all); and how texts are read. */
export interface TaskModelOptions extends SessionOptions {
  /** Most tokens of a text, special tokens included, in place of what the folder says. */
  readonly maxLength?: number | undefined;
  /** Hears of a tokenizer that does not seem to belong to the model. Default: a process warning in Node, the console in a browser. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface TaskModel extends WithTokenizer<HeadedTransformer> {
  readonly folder: ModelFolder;
  /** How batches for it are made. */
  readonly shape: BatchShape;
}

/** Throws what opening the folder, the tokenizer and the model throws; `mismatch` for a checkpoint without such a head. */
export async function loadTaskModel(
  source: ModelSource,
  task: HeadTask,
  { maxLength, onWarning, ...session }: TaskModelOptions,
): Promise<TaskModel> {
  if (maxLength !== undefined) wholeNumber("maxLength", maxLength, 1);
  const folder = await openFolder(source);
  const load = () => loadHeadedTransformer(folder, task, session);
  const parts = await loadWithTokenizer(folder, load, { maxLength, onWarning });
  const { padTokenId, config } = parts.model;
  return { folder, ...parts, shape: { padTokenId, readsTypes: await readsTypes(folder, config.json) } };
}

/** As `model_input_names` of tokenizer_config.json says; without it, whenever the model has types to tell apart. */
async function readsTypes(folder: ModelFolder, json: Readonly<Record<string, unknown>>): Promise<boolean> {
  const types = json["type_vocab_size"] ?? 2;
  if (typeof types === "number" && types < 2) return false;
  const config = await readJsonIfPresent<{ model_input_names?: unknown }>(folder, "tokenizer_config.json");
  const names = config?.model_input_names;
  return !Array.isArray(names) || names.includes("token_type_ids");
}
