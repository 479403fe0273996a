/** A model on the hub as a folder: files are fetched when they are read, and found in the cache from then on. */
import { fileSize, listFolder, readBytes, runtime } from "#platform";
import { SemspaceError } from "../errors.ts";
import type { ModelFolder } from "./folder.ts";
import { hubCache, type HubCache } from "./hub-cache.ts";
import { type HubClient, type HubFile, openHubClient } from "./hub-client.ts";
import { parseHubName } from "./hub-name.ts";
import { type HubOptions, type HubSettings, hubSettings } from "./hub-settings.ts";
import { openWebModel } from "./web-hub.ts";

/**
 * Opens the model of a name ("owner/name", "owner/name@revision") for any function that takes a model. In Node its files lie in the hub's own cache,
 * which Python shares; in a browser in the page's cache storage. Without a network, what is in the cache is used. Throws `invalid-argument`
 * for what is no name, `missing-file` for a model that is not there or may not be read, `unavailable` without an answer,
 * `missing-dependency` without @huggingface/hub (Node).
 *
 * @example
 * const model = await openHubModel("sentence-transformers/all-mpnet-base-v2", { onProgress: ({ file, loaded, total }) => … });
 * const embedder = await loadEmbedder(model);
 */
export async function openHubModel(name: string, options: HubOptions = {}): Promise<ModelFolder> {
  const parsed = parseHubName(name);
  if (!parsed) {
    throw new SemspaceError(
      "invalid-argument",
      `"${name}" is no name of a model on the hub. It must be "owner/name" or "owner/name@revision".`,
    );
  }
  const settings = await hubSettings(options, parsed.revision);
  return runtime === "node" ? openCachedModel(parsed.id, settings) : openWebModel(parsed.id, settings);
}

async function openCachedModel(id: string, settings: HubSettings): Promise<ModelFolder> {
  if (settings.cache === undefined)
    throw new SemspaceError("unavailable", "There is no folder for the hub's cache. Set HF_HOME.");
  const cache = hubCache(settings.cache, id, (file, loaded) =>
    settings.onProgress({ file: file.path, loaded, total: file.size }),
  );
  const { commit, client } = await resolve(id, settings, cache);
  let listed: Promise<ReadonlyMap<string, HubFile> | undefined> | undefined;
  const listing = async (): Promise<ReadonlyMap<string, HubFile> | undefined> => {
    listed ??= client?.files(commit).catch(async (error: unknown) => {
      listed = undefined;
      if (isOutOfReach(error) && (await listFolder(cache.pointer(commit, ""))) !== undefined) return undefined;
      throw error;
    });
    return listed;
  };
  const fetches = new Map<string, Promise<void>>();
  const fetchFile = async (path: string): Promise<void> => {
    if ((await fileSize(cache.pointer(commit, path))) !== undefined) return;
    const file = (await listing())?.get(path);
    if (!file || !client) throw missing(path, id, settings);
    await cache.fetch(commit, file, (start) => client.bytes(commit, file, start));
    await cache.writeRef(settings.revision, commit);
  };
  const prepare = (path: string): Promise<void> => {
    const known = fetches.get(path) ?? fetchFile(path).finally(() => fetches.delete(path));
    fetches.set(path, known);
    return known;
  };
  return {
    name: id,
    async read(path, range) {
      await prepare(path);
      return readBytes(cache.pointer(commit, path), range);
    },
    async size(path) {
      const found = await fileSize(cache.pointer(commit, path));
      return found ?? (await listing())?.get(path)?.size;
    },
    location: (path) => cache.pointer(commit, path),
    prepare,
  };
}

/** The commit and, where the hub can be asked, its client. */
async function resolve(
  id: string,
  settings: HubSettings,
  cache: HubCache,
): Promise<{ commit: string; client: HubClient | undefined }> {
  const { revision, offline } = settings;
  const isCommit = /^[0-9a-f]{40}$/.test(revision);
  if (offline) {
    const commit = isCommit ? revision : await cache.readRef(revision);
    if (commit !== undefined) return { commit, client: undefined };
    throw new SemspaceError(
      "missing-file",
      `There is no model ${id} (${revision}) in the hub's cache ${settings.cache}. It cannot be fetched while HF_HUB_OFFLINE is set.`,
    );
  }
  const isHere = isCommit && (await listFolder(cache.pointer(revision, ""))) !== undefined;
  const known = isHere ? revision : await cache.readRef(revision);
  try {
    const client = await openHubClient(id, settings);
    return { commit: isCommit ? revision : await client.commit(), client };
  } catch (error) {
    if (known !== undefined && isOutOfReach(error)) return { commit: known, client: undefined };
    throw error;
  }
}

/** Whether the hub cannot be asked, as against what it says no to. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof SemspaceError && (error.code === "unavailable" || error.code === "missing-dependency");
}

function missing(path: string, id: string, { cache }: HubSettings): SemspaceError {
  return new SemspaceError(
    "missing-file",
    `${id} has no ${path}: neither in the hub's cache ${cache} nor, where it could be asked, on the hub.`,
  );
}
