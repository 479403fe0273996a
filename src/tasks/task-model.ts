/** What every task's model loads: a transformer with a head and its tokenizer, from one folder. */
import { wholeNumber } from "../errors.ts";
import { type ModelFolder, type ModelSource, openFolder } from "../hub/folder.ts";
import { loadWithTokenizer, type WithTokenizer } from "../texts/modules/transformer.ts";
import { type HeadedTransformer, type HeadTask, loadHeadedTransformer } from "../transformers/index.ts";

export interface TaskModelOptions {
  /** Cores to use. Default: all. */
  readonly threads?: number | undefined;
  /** Most tokens of a text, special tokens included, in place of what the folder says. */
  readonly maxLength?: number | undefined;
}

export interface TaskModel extends WithTokenizer<HeadedTransformer> {
  readonly folder: ModelFolder;
}

/** Throws what opening the folder, the tokenizer and the model throws; `mismatch` for a checkpoint without such a head. */
export async function loadTaskModel(
  source: ModelSource,
  task: HeadTask,
  { threads, maxLength }: TaskModelOptions,
): Promise<TaskModel> {
  if (threads !== undefined) wholeNumber("threads", threads, 1);
  if (maxLength !== undefined) wholeNumber("maxLength", maxLength, 1);
  const folder = await openFolder(source);
  const load = () => loadHeadedTransformer(folder, task, { threads });
  return { folder, ...(await loadWithTokenizer(folder, load, maxLength === undefined ? {} : { maxLength })) };
}
