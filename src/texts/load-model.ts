/**
 * From a model's folder to a body and its settings. Three kinds of folder: one with modules.json (sentence-transformers),
 * a static table without one (model2vec), and a bare transformer, which gets mean pooling, or its last token where it
 * was made to continue texts (the rule of sentence-transformers' `_load_default_modules`).
 */
import { SemspaceError, oneOf, wholeNumber } from "../errors.ts";
import { openSafetensors } from "../formats/safetensors.ts";
import { type ModelFolder, type ModelSource, openFolder, openShippedModel, readJsonIfPresent } from "../hub/folder.ts";
import type { TextBody } from "./encode.ts";
import { type ModuleEntry, loadLaterModules, readModules } from "./load-modules.ts";
import type { TextModule } from "./modules/module.ts";
import { type PoolingMode, createPooling, poolingModes } from "./modules/pooling.ts";
import { loadTransformerModule } from "./modules/transformer.ts";
import { type ModelSettings, readSettings } from "./settings.ts";
import { loadStaticBody } from "./static/index.ts";
import { createTransformerBody } from "./transformer-body.ts";
import { withModules } from "./with-modules.ts";

export interface LoadOptions {
  /** Cores to use. Default: all. */
  threads?: number;
  /** How a transformer's token vectors become one, in place of what the folder says; several are concatenated. */
  pooling?: PoolingMode | readonly PoolingMode[];
  /** Most tokens of a text, special tokens included, in place of what the folder says. */
  maxLength?: number;
}

export interface LoadedModel {
  kind: "transformer" | "static";
  body: TextBody;
  settings: ModelSettings;
  /** The modules by name, in order. */
  modules: readonly string[];
}

/** Opens and loads a model. Throws what `openFolder` and the readers of its files throw. */
export async function loadModel(source?: ModelSource, options: LoadOptions = {}): Promise<LoadedModel> {
  checkOptions(options);
  const folder = source === undefined ? openShippedModel() : await openFolder(source);
  const settings = await readSettings(folder);
  if ((await folder.size("modules.json")) !== undefined) return loadListed(folder, settings, options);
  if (await isStaticTable(folder)) return loadStatic(folder, settings, { options, later: [] });
  return loadTransformerModel(folder, settings, { options, later: [], pooling: await defaultPooling(folder) });
}

async function loadListed(folder: ModelFolder, settings: ModelSettings, options: LoadOptions): Promise<LoadedModel> {
  const [first, ...later] = await readModules(folder);
  if (first.type === "StaticEmbedding") return loadStatic(first.folder, settings, { options, later });
  return loadTransformerModel(first.folder, settings, { options, later });
}

interface Rest {
  options: LoadOptions;
  /** What modules.json lists after the first. */
  later: readonly ModuleEntry[];
  /** Where nothing is listed. */
  pooling?: PoolingMode;
}

async function loadTransformerModel(
  folder: ModelFolder,
  settings: ModelSettings,
  { options, later, pooling }: Rest,
): Promise<LoadedModel> {
  const own = pooling ?? options.pooling;
  const rest = own === undefined ? later : later.filter(({ type }) => type !== "Pooling");
  const modules: TextModule[] = await loadLaterModules(rest);
  if (own !== undefined) modules.unshift(createPooling([options.pooling ?? own].flat()));
  const names = ["Transformer", ...(own === undefined ? [] : ["Pooling"]), ...rest.map(({ type }) => type)];
  const first = await loadTransformerModule(folder, options);
  try {
    return {
      kind: "transformer",
      body: createTransformerBody({ name: folder.name, first, modules }),
      settings,
      modules: names,
    };
  } catch (error) {
    await first.transformer.dispose();
    throw error;
  }
}

async function loadStatic(
  folder: ModelFolder,
  settings: ModelSettings,
  { options, later }: Rest,
): Promise<LoadedModel> {
  if (options.pooling !== undefined) {
    throw new SemspaceError(
      "invalid-argument",
      `${folder.name} is a static model, which always takes the mean of its tokens. Leave pooling out.`,
    );
  }
  const body = await loadStaticBody(folder, { threads: options.threads });
  const modules = ["StaticEmbedding", ...later.map(({ type }) => type)];
  return { kind: "static", body: withModules(body, await loadLaterModules(later)), settings, modules };
}

/** Whether model.safetensors holds a table of token vectors and nothing in context. */
async function isStaticTable(folder: ModelFolder): Promise<boolean> {
  const path = "model.safetensors";
  if ((await folder.size(path)) === undefined) return false;
  const { tensors } = await openSafetensors(folder, path);
  return tensors.has("embeddings") || tensors.has("embedding.weight");
}

async function defaultPooling(folder: ModelFolder): Promise<PoolingMode> {
  const config = await readJsonIfPresent<{ architectures?: string[] | null; is_causal?: boolean } | null>(
    folder,
    "config.json",
  );
  const continuesTexts = config?.architectures?.[0]?.endsWith("ForCausalLM") && (config.is_causal ?? true);
  return continuesTexts ? "lasttoken" : "mean";
}

function checkOptions({ threads, pooling, maxLength }: LoadOptions): void {
  if (threads !== undefined) wholeNumber("threads", threads, 1);
  if (maxLength !== undefined) wholeNumber("maxLength", maxLength, 1);
  if (pooling !== undefined) for (const mode of [pooling].flat()) oneOf("pooling", mode, poolingModes);
}
