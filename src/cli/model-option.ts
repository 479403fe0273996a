/** `--model`: a folder, or nothing for the model that the package ships. */
import { openFolder, openShippedModel, type ModelFolder } from "../hub/folder.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { Option } from "./arguments.ts";

export const modelOption: Option & { type: "string" } = {
  type: "string",
  short: "m",
  value: "FOLDER",
  describe: "The model's folder (default: the model that the package ships)",
};

/** The folder that `--model` names. */
export function modelFolder(model: string | undefined): Promise<ModelFolder> {
  return model === undefined ? Promise.resolve(openShippedModel()) : openFolder(model);
}

/** The embedder in that folder. */
export async function modelEmbedder(model: string | undefined): Promise<Embedder> {
  const { loadEmbedder } = await import("../texts/index.ts");
  return loadEmbedder(await modelFolder(model));
}
