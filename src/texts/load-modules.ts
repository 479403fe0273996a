/**
 * `modules.json` of a sentence-transformers folder: which modules, in which order, in which sub-folders. Types are
 * matched on their last segment, so both schema generations are read (`sentence_transformers.models.Pooling`,
 * `sentence_transformers.sentence_transformer.modules.pooling.Pooling`).
 */
import { SemspaceError } from "../errors.ts";
import { type ModelFolder, readJson, subfolder } from "../hub/folder.ts";
import { loadDense } from "./modules/dense.ts";
import { loadLayerNorm } from "./modules/layer-norm.ts";
import type { TextModule } from "./modules/module.ts";
import { loadNormalize } from "./modules/normalize.ts";
import { loadPooling } from "./modules/pooling.ts";

const firstModules = ["Transformer", "StaticEmbedding"] as const;
export type FirstModule = (typeof firstModules)[number];

/** The modules that may follow the first. To add one: a file in modules/, and its line here. */
const laterModules: Readonly<Record<string, (folder: ModelFolder) => Promise<TextModule>>> = {
  Pooling: loadPooling,
  Dense: (folder) => loadDense(folder),
  LayerNorm: loadLayerNorm,
  Normalize: loadNormalize,
};

/** A module as modules.json lists it. */
export interface ModuleEntry {
  /** The last segment of its type. */
  type: string;
  /** The sub-folder with its files; may not be there for a module without files. */
  folder: ModelFolder;
}

/** Reads modules.json. Throws `invalid-file` for a list that is none, `unsupported` for a module that is not known, and lists the known ones. */
export async function readModules(
  folder: ModelFolder,
): Promise<[{ type: FirstModule; folder: ModelFolder }, ...ModuleEntry[]]> {
  const [first, ...later] = await readModuleList(folder);
  const known = firstModules.find((name) => name === first.type);
  if (known === undefined) throw unknownModule(folder, `starts with the module ${first.type}`, firstModules);
  const odd = later.find(({ type }) => !Object.hasOwn(laterModules, type));
  if (odd) throw unknownModule(folder, `has the module ${odd.type} after its first`, Object.keys(laterModules));
  return [{ type: known, folder: first.folder }, ...later];
}

/** The modules of modules.json, whatever they are. Throws `invalid-file` for a list that is none, or that leads out of the folder. */
export async function readModuleList(folder: ModelFolder): Promise<[ModuleEntry, ...ModuleEntry[]]> {
  const list = await readJson<unknown>(folder, "modules.json");
  if (!Array.isArray(list) || list.length === 0) throw broken(folder, "it must be a list of at least one module");
  return list.map((entry: { type?: unknown; path?: unknown } | null, i): ModuleEntry => {
    const { type, path } = entry ?? {};
    if (typeof type !== "string" || typeof path !== "string")
      throw broken(folder, `entry ${i} needs a "type" and a "path"`);
    if (path.split(/[/\\]/).includes("..") || /^([/\\]|\w:)/.test(path))
      throw broken(folder, `entry ${i} has the path "${path}", outside the folder`);
    return { type: type.slice(type.lastIndexOf(".") + 1), folder: subfolder(folder, path) };
  }) as [ModuleEntry, ...ModuleEntry[]];
}

/** Loads the modules after the first. */
export function loadLaterModules(entries: readonly ModuleEntry[]): Promise<TextModule[]> {
  return Promise.all(entries.map(({ type, folder }) => laterModules[type](folder)));
}

function broken(folder: ModelFolder, what: string): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `modules.json in ${folder.name} is not sound: ${what}. Fetch the model again.`,
  );
}

/** `what` is the middle of the sentence that says which module it is. */
export function unknownModule(folder: ModelFolder, what: string, allowed: readonly string[]): SemspaceError {
  return new SemspaceError(
    "unsupported",
    `The model in ${folder.name} ${what}, which is not known here. Known: ${allowed.join(", ")}.`,
  );
}
