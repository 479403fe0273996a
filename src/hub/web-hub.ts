/**
 * A model on the hub in a browser: files are fetched from the page and kept in its cache storage (Cache API), each under the address of
 * its commit, so what is there is never stale. A file is kept only whole and with the right hash.
 */
import { SemspaceError, shown } from "../errors.ts";
import type { ModelFolder } from "./folder.ts";
import { fileAddress } from "./hub-client.ts";
import { hubFetch } from "./hub-fetch.ts";
import { isSafePath } from "./hub-name.ts";
import type { HubSettings } from "./hub-settings.ts";

/** The name of the cache in the page's storage. */
const cacheName = "semspace-hub";

/** What the hub lists; a large file has its SHA-256 as `lfs.oid`. */
interface Listed {
  readonly type?: unknown;
  readonly path?: unknown;
  readonly size?: unknown;
  readonly lfs?: { readonly oid?: unknown };
}

interface WebFile {
  readonly size: number;
  readonly sha256: string | undefined;
}

/** Throws as `openHubModel`. */
export async function openWebModel(id: string, settings: HubSettings): Promise<ModelFolder> {
  const store = await openStore(id, settings);
  const commit = await store.commit();
  const files = await store.files(commit);
  const fetches = new Map<string, Promise<Blob>>();
  const read = (path: string): Promise<Blob> => {
    const file = files.get(path);
    if (!file) throw new SemspaceError("missing-file", `${id} has no ${path}.`);
    const blob = fetches.get(path) ?? store.file(commit, path, file);
    fetches.set(path, blob);
    // Held, since a large file is read in many ranges; a failure may be tried again.
    blob.catch(() => fetches.delete(path));
    return blob;
  };
  return {
    name: id,
    async read(path, range) {
      const whole = await read(path);
      const part = range ? whole.slice(range.offset, range.offset + range.length) : whole;
      if (range && part.size !== range.length) {
        throw new SemspaceError(
          "invalid-file",
          `${path} of ${id} has ${whole.size} bytes, ${range.offset + range.length} needed.`,
        );
      }
      return new Uint8Array(await part.arrayBuffer());
    },
    size: (path) => Promise.resolve(files.get(path)?.size),
    location: () => undefined,
    blob: async (path) => ({ blob: await read(path), address: fileAddress(settings, { id, commit, path }) }),
  };
}

interface Store {
  commit(): Promise<string>;
  files(commit: string): Promise<ReadonlyMap<string, WebFile>>;
  file(commit: string, path: string, file: WebFile): Promise<Blob>;
}

async function openStore(id: string, settings: HubSettings): Promise<Store> {
  const { endpoint, revision, offline, onProgress } = settings;
  const send = hubFetch(settings, id);
  // Pages without a secure origin have no cache storage.
  const cache = await globalThis.caches?.open(cacheName).catch(() => undefined);
  const kept = async (address: string): Promise<Response | undefined> => cache?.match(address);
  const keep = async (address: string, body: BodyInit): Promise<void> =>
    cache?.put(address, new Response(body)).catch(() => undefined);
  /** From the hub, or what was kept of it where the hub cannot be reached. */
  const json = async (address: string): Promise<unknown> => {
    const fresh = offline ? undefined : await send(address).catch((error: unknown) => outOfReach(error));
    const answer = fresh ?? (await kept(address));
    if (!answer)
      throw new SemspaceError(
        "unavailable",
        `Cannot reach ${endpoint}, and nothing of ${id} (${revision}) is kept in this page's storage.`,
      );
    const text = await answer.text();
    const value = parsed(text, endpoint);
    if (fresh) await keep(address, text);
    return value;
  };
  return {
    async commit() {
      if (/^[0-9a-f]{40}$/.test(revision)) return revision;
      const info = await json(`${endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}`);
      const sha = (info as { sha?: unknown } | null)?.sha;
      if (typeof sha === "string" && /^[0-9a-f]{40}$/.test(sha)) return sha;
      throw unexpected(endpoint, `${shown(sha)} as the commit of ${id}`);
    },
    async files(commit) {
      const listed = await json(`${endpoint}/api/models/${id}/tree/${commit}?recursive=true`);
      if (!Array.isArray(listed)) throw unexpected(endpoint, `${shown(listed)} as the files of ${id}`);
      const found = new Map<string, WebFile>();
      for (const entry of listed as (Listed | null)[]) {
        const { type, path, size, lfs } = entry ?? {};
        if (type !== "file" || typeof path !== "string" || !isSafePath(path) || typeof size !== "number") continue;
        found.set(path, { size, sha256: typeof lfs?.oid === "string" ? lfs.oid : undefined });
      }
      return found;
    },
    async file(commit, path, file) {
      const address = fileAddress(settings, { id, commit, path });
      const found = await kept(address);
      if (found) return found.blob();
      if (offline) throw new SemspaceError("missing-file", `${path} of ${id} is not kept in this page's storage.`);
      const blob = await download(await send(address), file, { path, id, onProgress });
      await keep(address, blob);
      return blob;
    },
  };
}

function parsed(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unexpected(endpoint, "an answer that is not JSON", cause);
  }
}

function unexpected(endpoint: string, what: string, cause?: unknown): SemspaceError {
  return new SemspaceError("invalid-file", `${endpoint} gives ${what}. Is it a hub?`, { cause });
}

/** Undefined for a hub that cannot be reached; what it refuses is thrown. */
function outOfReach(error: unknown): undefined {
  if (error instanceof SemspaceError && error.code === "unavailable") return undefined;
  throw error;
}

async function download(
  answer: Response,
  { size, sha256 }: WebFile,
  { path, id, onProgress }: { path: string; id: string; onProgress: HubSettings["onProgress"] },
): Promise<Blob> {
  const wrong = (what: string) => new SemspaceError("invalid-file", `${path} of ${id}: ${what}. Try again.`);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = answer.body!.getReader();
  for (;;) {
    const { value, done } = await reader.read().catch((cause: unknown) => {
      throw new SemspaceError(
        "unavailable",
        `${path} of ${id} was cut off after ${loaded} of ${size} bytes. Try again.`,
        { cause },
      );
    });
    if (done) break;
    loaded += value.length;
    if (loaded > size) throw wrong(`more than its ${size} bytes came`);
    chunks.push(value);
    onProgress({ file: path, loaded, total: size });
  }
  if (loaded !== size) throw wrong(`${loaded} of ${size} bytes came`);
  const blob = new Blob(chunks);
  if (sha256 === undefined) return blob;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash !== sha256) throw wrong(`its bytes do not have the hash ${sha256}`);
  return blob;
}
