/** `MODEL FILE…`: the positional arguments of the commands that use a classifier. */
import { SemspaceError } from "../errors.ts";
import type { FastTextModel } from "../words/index.ts";
import { UsageError } from "./arguments.ts";

/** Throws {@link UsageError} without a file, `unsupported` for a model of word vectors. */
export async function openClassifier(
  command: string,
  [path, ...files]: readonly string[],
): Promise<{ model: FastTextModel; files: readonly string[] }> {
  if (path === undefined || files.length === 0)
    throw new UsageError(`A model and a file are needed: semspace ${command} MODEL FILE….`);
  const { loadFastText } = await import("../words/fasttext/read-model.ts");
  const model = await loadFastText(path);
  if (model.settings.kind !== "supervised")
    throw new SemspaceError(
      "unsupported",
      `${path} holds word vectors, no classifier. Train one: semspace words classify train.`,
    );
  return { model, files };
}
