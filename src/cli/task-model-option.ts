/** `--model` of commands that need a model of their own kind: the model that the package ships has no head for their task. */
import type { ModelFolder } from "../hub/folder.ts";
import { type Option, UsageError } from "./arguments.ts";
import { modelFolder } from "./model-option.ts";

export const taskModelOption: Option & { type: "string" } = {
  type: "string",
  short: "m",
  value: "MODEL",
  describe: "The model's folder, or its name on the hub, which is downloaded once (needed)",
};

/** Throws {@link UsageError}, with what kind of model is meant, when none is named. */
export function taskModelFolder(model: string | undefined, kind: string): Promise<ModelFolder> {
  if (model === undefined) throw new UsageError(`--model is needed: ${kind}.`);
  return modelFolder(model);
}
