/**
 * From a model's folder to a body and its settings. A file of word vectors is a model too; three kinds of folder: one with modules.json (sentence-transformers),
 * a static table without one (model2vec), and a bare transformer, which gets mean pooling, or its last token where it
 * was made to continue texts (the rule of sentence-transformers' `_load_default_modules`).
 */
import { availableThreads } from "#platform";
import { SemspaceError, oneOf, wholeNumber } from "../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, openShippedModel, readJsonIfPresent } from "../hub/folder.ts";
import { dtypes, type SessionOptions } from "../transformers/index.ts";
import type { TextBody } from "./text-body.ts";
import { type ModuleEntry, loadLaterModules, readModules } from "./load-modules.ts";
import type { TextModule } from "./modules/module.ts";
import { type PoolingMode, createPooling, poolingModes } from "./modules/pooling.ts";
import { loadTransformerModule } from "./modules/transformer.ts";
import { type ModelSettings, plainSettings, readSettings } from "./settings.ts";
import { createStaticBody } from "./static-body.ts";
import { loadStaticModel, staticReading } from "./static/index.ts";
import { createTransformerBody } from "./transformer-body.ts";
import { withModules } from "./with-modules.ts";
import { loadWordModel, openWordVectorFile, wordVectorFile } from "./words/word-model.ts";

/** Where a transformer runs, on how many cores (default: all); and how texts become vectors. */
export interface LoadOptions extends SessionOptions {
  /** How a transformer's token vectors become one, in place of what the folder says; several are concatenated. */
  pooling?: PoolingMode | readonly PoolingMode[];
  /** Most tokens of a text, special tokens included, in place of what the folder says. */
  maxLength?: number;
  /**
   * Hears of what is not wrong enough for an error: a tokenizer that does not seem to belong to the model.
   * Default: a process warning in Node, the console in a browser.
   */
  onWarning?: (message: string) => void;
}

export interface LoadedModel {
  kind: "transformer" | "static" | "words";
  body: TextBody;
  settings: ModelSettings;
  /** The modules by name, in order. */
  modules: readonly string[];
}

/** Opens and loads a model. Throws what `openFolder` and the readers of its files throw. */
export async function loadModel(source?: ModelSource, options: LoadOptions = {}): Promise<LoadedModel> {
  checkOptions(options);
  const folder = source === undefined ? openShippedModel() : await openModel(source);
  if ((await folder.size(wordVectorFile)) !== undefined) return loadWords(folder, options);
  const settings = await readSettings(folder);
  const reading = await staticReading(folder);
  if (reading === "model2vec") return loadStatic(folder, settings, { options, later: [] });
  if ((await folder.size("modules.json")) === undefined) {
    return loadTransformerModel(folder, settings, { options, later: [], pooling: await defaultPooling(folder) });
  }
  const [first, ...later] = await readModules(folder);
  if (reading === "sentence-transformers") return loadStatic(folder, settings, { options, later });
  return loadTransformerModel(first.folder, settings, { options, later });
}

/** A folder, or a file of word vectors as one. */
async function openModel(source: ModelSource): Promise<ModelFolder> {
  const isPlace = typeof source === "string" || source instanceof URL;
  return (isPlace ? await openWordVectorFile(source) : undefined) ?? openFolder(source);
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
  refuseDtype(options, `${folder.name} is a static model`);
  const modules = await loadLaterModules(later);
  const model = await loadStaticModel(folder, {
    maxLength: options.maxLength,
    threads: options.threads ?? availableThreads(),
  });
  return {
    kind: "static",
    body: withModules(createStaticBody(model), modules),
    settings,
    modules: ["StaticEmbedding", ...later.map(({ type }) => type)],
  };
}

async function loadWords(folder: ModelFolder, options: LoadOptions): Promise<LoadedModel> {
  const { pooling, maxLength } = options;
  refuseDtype(options, `${folder.name} holds word vectors`);
  if (pooling !== undefined || maxLength !== undefined) {
    const message = `${folder.name} holds word vectors, of which the mean is taken over all words. Leave pooling and maxLength out.`;
    throw new SemspaceError("invalid-argument", message);
  }
  return { kind: "words", body: await loadWordModel(folder), settings: plainSettings, modules: ["WordVectors"] };
}

/** Only transformers compute. */
function refuseDtype({ dtype }: LoadOptions, what: string): void {
  if (dtype === undefined || dtype === "float32") return;
  throw new SemspaceError("invalid-argument", `${what}, of which the vectors are looked up. Leave dtype out.`);
}

async function defaultPooling(folder: ModelFolder): Promise<PoolingMode> {
  const config = await readJsonIfPresent<{ architectures?: string[] | null; is_causal?: boolean } | null>(
    folder,
    "config.json",
  );
  const continuesTexts = config?.architectures?.[0]?.endsWith("ForCausalLM") && (config.is_causal ?? true);
  return continuesTexts ? "lasttoken" : "mean";
}

function checkOptions({ threads, pooling, maxLength, dtype }: LoadOptions): void {
  if (dtype !== undefined) oneOf("dtype", dtype, dtypes);
  if (threads !== undefined) wholeNumber("threads", threads, 1);
  if (maxLength !== undefined) wholeNumber("maxLength", maxLength, 1);
  if (pooling !== undefined) for (const mode of [pooling].flat()) oneOf("pooling", mode, poolingModes);
}
