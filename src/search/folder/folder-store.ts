/** A store in a folder: in Node for reading and writing, in a browser at a URL for reading. docs/index.md describes the files. */
import { SemspaceError } from "../../errors.ts";
import type { Embedder } from "../../texts/embedder.ts";
import type { VectorOptions } from "../index-options.ts";
import { termReader } from "../lexical/terms.ts";
import { LocalStore } from "../local-store.ts";
import { checkVectorOptions } from "../memory-store.ts";
import { FolderKeeper } from "./folder-keeper.ts";
import { emptyManifest, type Manifest, readManifest } from "./manifest.ts";
import { checkModel, type ModelIdentity, modelIdentity } from "./model-identity.ts";

export interface FolderStoreOptions extends VectorOptions {
  /** Tells whether the folder was made with this model; without one the vectors are the caller's affair. */
  embedder?: Embedder | undefined;
  fingerprint?: string | undefined;
  /** Of a new index without an embedder. */
  dimensions?: number | undefined;
  /** Whether a new index is made where there is none. Default true. */
  create?: boolean | undefined;
}

/**
 * Opens the folder. What is upserted is kept from the next `flush()` on. Throws `missing-file` where there is no index and none is to be
 * made, `mismatch` for another model, dtype or measure than it has, `invalid-file` where it is damaged.
 */
export async function openFolderStore(path: string, options: FolderStoreOptions = {}): Promise<LocalStore> {
  const { embedder, create = true } = options;
  const found = await readManifest(path);
  if (!found && !create) {
    throw new SemspaceError(
      "missing-file",
      `No index in ${path}: there is no manifest.json. Make one with createIndex.`,
    );
  }
  const model = embedder && (await modelIdentity(embedder, options.fingerprint));
  if (found) checkSettings(path, found, { ...options, model });
  const dimensions = found?.dimensions ?? embedder?.dimensions ?? options.dimensions ?? 0;
  checkVectorOptions({ ...options, dimensions });
  const { dtype = "float32", measure = "cosine" } = options;
  const manifest = found ?? emptyManifest({ dimensions, dtype, measure, model });
  const terms = termReader();
  const tableOptions = { ...options, dtype: manifest.dtype, measure: manifest.measure };
  const keeper = new FolderKeeper(manifest, found !== undefined, { path, tableOptions, terms });
  return new LocalStore(await keeper.rows(), { keeper, terms });
}

function checkSettings(
  path: string,
  manifest: Manifest,
  { model, dtype, measure, dimensions }: FolderStoreOptions & { model: ModelIdentity | undefined },
): void {
  if (model) checkModel(path, manifest.model, model);
  const wanted = { dtype, measure, dimensions: model?.dimensions ?? dimensions };
  for (const key of ["dtype", "measure", "dimensions"] as const) {
    if (wanted[key] === undefined || wanted[key] === manifest[key]) continue;
    throw new SemspaceError(
      "mismatch",
      `The index ${path} has ${key} ${manifest[key]}, ${wanted[key]} was asked for. Leave the option out, or make a new index.`,
    );
  }
}
