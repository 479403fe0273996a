/** The door to this room: a model's folder in, an embedder out. */
import type { ModelSource } from "../hub/folder.ts";
import type { Embedder } from "./embedder.ts";
import { createEmbedder } from "./encode.ts";
import { type LoadOptions, type LoadedModel, loadModel } from "./load-model.ts";

/**
 * Loads a model: a sentence-transformers folder of either schema, a model2vec folder, or a bare transformer; or a file of word
 * vectors (by its ending: .bin, .vec, .txt, .kv, .npy, .safetensors …), whose mean is taken. Without a source, the model that the package ships. Throws `missing-file` or `unsupported` (a hub name) where there is no
 * folder, `invalid-file`, `mismatch` or `unsupported` for one that cannot be used, and says what is wrong with it.
 *
 * @example
 * const embedder = await loadEmbedder();
 * const [king, queen, banana] = ["king", "queen", "banana"].map((word) => embedder.encode(word));
 * embedder.similarity(await king, await queen).data[0] > embedder.similarity(await king, await banana).data[0]; // true
 *
 * @example
 * const mpnet = await loadEmbedder("models/all-mpnet-base-v2", { threads: 2 });
 * (await mpnet.encode("Best movie ever!")).length; // 768
 * await mpnet.dispose();
 */
export async function loadEmbedder(source?: ModelSource, options?: LoadOptions): Promise<Embedder> {
  const { body, settings } = await loadModel(source, options);
  return createEmbedder(body, settings);
}

/** What a model's folder holds. */
export interface ModelDescription {
  name: string;
  kind: LoadedModel["kind"];
  modules: readonly string[];
  /** Length of a vector, the model's own `truncate_dim` applied. */
  dimensions: number;
  /** Most tokens of a text that count, special tokens included; undefined where there is no limit. */
  maxLength: number | undefined;
  similarity: string;
  prompts: Readonly<Record<string, string>>;
  defaultPromptName: string | undefined;
}

/**
 * Loads a model, to see that it can be used, and says what it is. Throws as {@link loadEmbedder} does.
 *
 * @example
 * (await describeModel("models/all-MiniLM-L6-v2")).maxLength; // 256
 */
export async function describeModel(source?: ModelSource, options?: LoadOptions): Promise<ModelDescription> {
  const { kind, body, settings, modules } = await loadModel(source, options);
  const { name, maxLength } = body;
  const { similarity, prompts, defaultPromptName } = settings;
  await body.dispose();
  const dimensions = Math.min(body.dimensions, settings.truncateDim);
  return { name, kind, modules, dimensions, maxLength, similarity, prompts, defaultPromptName };
}
