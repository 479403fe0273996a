/** `--model`: a folder, a name on the hub, or nothing for the model that the package ships. */
import { openFolder, openShippedModel, readJsonIfPresent, subfolder, type ModelFolder } from "../hub/folder.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { LoadOptions } from "../texts/load-model.ts";
import type { Option } from "./arguments.ts";
import { openProgress } from "./progress.ts";

export const modelOption: Option & { type: "string" } = {
  type: "string",
  short: "m",
  value: "MODEL",
  describe:
    "The model's folder, or its name on the hub, which is downloaded once (default: the model that the package ships)",
};

/** The folder that `--model` names; a download shows a bar. */
export async function modelFolder(model: string | undefined): Promise<ModelFolder> {
  if (model === undefined) return openShippedModel();
  const { openWordVectorFile } = await import("../texts/words/word-model.ts");
  const file = await openWordVectorFile(model);
  if (file) return file;
  const progress = await openProgress();
  return openFolder(model, {
    onProgress({ file, loaded, total }) {
      if (loaded < total)
        progress.update(file, loaded, total, { note: `${megabytes(loaded)} of ${megabytes(total)} MB` });
      else progress.stop();
    },
  });
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** The embedder in that folder. */
export async function modelEmbedder(model: string | undefined, options: LoadOptions = {}): Promise<Embedder> {
  const { loadEmbedder } = await import("../texts/index.ts");
  const onWarning = (message: string): void => void process.stderr.write(`semspace: ${message}\n`);
  return loadEmbedder(await modelFolder(model), { onWarning, ...options });
}

/** Whether the folder holds a static model: one table of vectors, no transformer. */
export async function isStatic(model: string | undefined): Promise<boolean> {
  const { staticReading } = await import("../texts/static/index.ts");
  return (await staticReading(await modelFolder(model))) !== undefined;
}

/** The folder with the tokenizer: the model's own, or that of the first of its modules that has one. */
export async function tokenizerFolder(folder: ModelFolder): Promise<ModelFolder> {
  if ((await folder.size("tokenizer.json")) !== undefined) return folder;
  const modules = (await readJsonIfPresent<{ path?: string }[]>(folder, "modules.json")) ?? [];
  for (const { path } of modules) {
    if (path && (await folder.size(`${path}/tokenizer.json`)) !== undefined) return subfolder(folder, path);
  }
  return folder;
}
