/** The official client of the hub: the one file that imports @huggingface/hub, and only when a model is fetched. */
import type * as HuggingFaceHub from "@huggingface/hub";
import { chunksOf } from "../platform/stream-chunks.ts";
import { SemspaceError, shown } from "../errors.ts";
import { hubFetch } from "./hub-fetch.ts";
import { isSafePath } from "./hub-name.ts";
import type { HubSettings } from "./hub-settings.ts";

/** A file of a model as the hub lists it. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of a large file; else git's SHA-1 of the file with its length before it. In hexadecimal digits; also its name in the cache. */
  readonly hash: string;
}

export interface HubClient {
  /** The commit that the revision stands for, 40 digits. */
  commit(): Promise<string>;
  files(commit: string): Promise<ReadonlyMap<string, HubFile>>;
  /** The bytes of a file from `start` on, as they come. */
  bytes(commit: string, file: HubFile, start: number): AsyncIterable<Uint8Array>;
}

/** The name is no literal and the comments stand there so that bundlers leave it alone: an app without the client must still build. */
const packageName = "@huggingface/hub";
const importClient = (): Promise<typeof HuggingFaceHub> =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ packageName) as Promise<
    typeof HuggingFaceHub
  >;

/** Throws `missing-dependency` where the client is not installed. */
export async function openHubClient(id: string, settings: HubSettings): Promise<HubClient> {
  const hub = await importClient().catch((cause: unknown) => {
    throw new SemspaceError(
      "missing-dependency",
      `To download ${id}, semspace needs @huggingface/hub. Install it: npm install @huggingface/hub`,
      { cause },
    );
  });
  const common = { hubUrl: settings.endpoint, fetch: hubFetch(settings, id) };
  return {
    async commit() {
      const { sha } = await hub.modelInfo({
        name: id,
        revision: settings.revision,
        additionalFields: ["sha"],
        ...common,
      });
      if (/^[0-9a-f]{40}$/.test(sha)) return sha;
      throw unexpected(settings, `${shown(sha)} as the commit of ${id}`);
    },
    async files(commit) {
      const files = new Map<string, HubFile>();
      for await (const entry of hub.listFiles({ repo: id, revision: commit, recursive: true, ...common })) {
        if (entry.type !== "file") continue;
        const { path, size } = entry;
        const hash = entry.lfs?.oid ?? entry.oid ?? "";
        if (
          !isSafePath(path) ||
          !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(hash) ||
          !Number.isSafeInteger(size) ||
          size < 0
        ) {
          throw unexpected(
            settings,
            `a file ${shown(path)} of ${shown(size)} bytes with the hash ${shown(hash)} in ${id}`,
          );
        }
        files.set(path, { path, size, hash });
      }
      return files;
    },
    async *bytes(commit, file, start) {
      const url = fileAddress(settings, { id, commit, path: file.path });
      // A stream of the client tells of an error by its message alone.
      let failure: unknown;
      const fetch: typeof globalThis.fetch = (input, init) =>
        common.fetch(input, init).catch((error: unknown) => {
          failure = error;
          throw error;
        });
      const blob = await hub.downloadFile({
        ...{ repo: id, path: file.path, revision: commit, hubUrl: settings.endpoint, fetch },
        ...{ xet: false, downloadInfo: { size: file.size, etag: file.hash, url } },
      });
      try {
        yield* chunksOf((start > 0 ? blob!.slice(start) : blob!).stream());
      } catch (error) {
        throw failure ?? error;
      }
    },
  };
}

/** Where a file of a commit lies on the hub. */
export function fileAddress(
  { endpoint }: Pick<HubSettings, "endpoint">,
  { id, commit, path }: { id: string; commit: string; path: string },
): string {
  return `${endpoint}/${id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function unexpected({ endpoint }: HubSettings, what: string): SemspaceError {
  return new SemspaceError("invalid-file", `${endpoint} gives ${what}. Is it a hub?`);
}
