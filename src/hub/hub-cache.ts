/**
 * The hub's own cache on disk, shared with Python's huggingface_hub: `models--OWNER--NAME/` with the files by hash in `blobs/`, each commit
 * as a folder of symbolic links in `snapshots/COMMIT/`, and what branches and tags stood for in `refs/`.
 * Reference: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 *
 * A file appears under its name only whole and with the right hash. What a cut download leaves is `HASH.incomplete`, which the next one goes
 * on from. Processes that want the same file wait for each other at a lock of our own (Python's cannot be held in Node); beside Python
 * they may fetch it twice, but never mix.
 */
import {
  appendBytes,
  fileDigest,
  fileSize,
  joinLocation,
  linkFile,
  moveFile,
  readBytes,
  removeFile,
  withLock,
  writeBytes,
} from "#platform";
import { SemspaceError } from "../errors.ts";
import type { HubFile } from "./hub-client.ts";
import { rangeIgnored } from "./hub-fetch.ts";
import { isSafePath } from "./hub-name.ts";

/** Times in a row that a download ends without a byte more. */
const mostFailures = 3;

export interface HubCache {
  /** Where a file of a commit is, or would be. */
  pointer(commit: string, path: string): string;
  /** The commit that a branch or tag stood for when it was last asked; undefined where it never was. */
  readRef(revision: string): Promise<string | undefined>;
  writeRef(revision: string, commit: string): Promise<void>;
  /** Brings a file into a commit's folder; `bytes` gives it from a place on. Throws `invalid-file` for a wrong length or hash. */
  fetch(commit: string, file: HubFile, bytes: (start: number) => AsyncIterable<Uint8Array>): Promise<void>;
}

/** The part of the cache for one model. */
export function hubCache(cache: string, id: string, onProgress: (file: HubFile, loaded: number) => void): HubCache {
  const name = `models--${id.replaceAll("/", "--")}`;
  const root = joinLocation(cache, name);
  const within = (...parts: string[]): string => parts.reduce(joinLocation, root);
  const pointer = (commit: string, path: string) => within("snapshots", commit, path);
  return {
    pointer,
    async readRef(revision) {
      if (!isSafePath(revision)) return undefined;
      const bytes = await readBytes(within("refs", revision)).catch(() => undefined);
      const commit = bytes && new TextDecoder().decode(bytes).trim();
      return commit && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined;
    },
    async writeRef(revision, commit) {
      const isKnown = revision === commit || (await this.readRef(revision)) === commit;
      if (!isKnown && isSafePath(revision))
        await writeBytes(within("refs", revision), new TextEncoder().encode(commit));
    },
    async fetch(commit, file, bytes) {
      const blob = within("blobs", file.hash);
      const lock = [".locks", name, `${file.hash}.semspace.lock`].reduce(joinLocation, cache);
      const bring = async () => {
        if ((await fileSize(blob)) === undefined) await download(blob, file, { bytes, onProgress, id });
        if ((await fileSize(pointer(commit, file.path))) === undefined)
          await linkFile(pointer(commit, file.path), blob);
      };
      await withLock(lock, bring).catch((error: unknown) => {
        throw error instanceof SemspaceError ? error : unwritable(cache, error);
      });
    },
  };
}

function unwritable(cache: string, cause: unknown): SemspaceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SemspaceError(
    "unavailable",
    `Cannot write into the hub's cache ${cache} (${reason}). Set HF_HOME to a folder that can be written.`,
    { cause },
  );
}

interface Download {
  readonly id: string;
  readonly bytes: (start: number) => AsyncIterable<Uint8Array>;
  readonly onProgress: (file: HubFile, loaded: number) => void;
}

async function download(blob: string, file: HubFile, { id, bytes, onProgress }: Download): Promise<void> {
  const incomplete = `${blob}.incomplete`;
  for (let failures = 0; ;) {
    const start = await resumable(incomplete, file);
    const rest = start < file.size ? bytes(start) : nothing();
    const counted = withinLength(rest, file, { start, id, onProgress });
    const error = await appendBytes(incomplete, start, counted).then(
      () => undefined,
      (cause: unknown) => cause as Error,
    );
    const loaded = (await fileSize(incomplete)) ?? 0;
    if (error === undefined && loaded === file.size) {
      if ((await digest(incomplete, file)) === file.hash) return moveFile(incomplete, blob);
      await removeFile(incomplete);
      // What an earlier download left may have been wrong.
      if (start > 0) continue;
      throw wrong(file, id, `its bytes do not have the hash ${file.hash}`);
    }
    if (error instanceof SemspaceError && error.cause === rangeIgnored) {
      await removeFile(incomplete);
      continue;
    }
    if (error instanceof SemspaceError) {
      // What the server refuses it refuses again; what was cut off is worth another try.
      if (error.code === "invalid-file") await removeFile(incomplete);
      throw error;
    }
    failures = loaded > start ? 0 : failures + 1;
    if (failures >= mostFailures)
      throw error ? cutOff(file, id, error) : wrong(file, id, `${loaded} of ${file.size} bytes came`);
  }
}

/** Bytes of an earlier download that this one goes on from. */
async function resumable(incomplete: string, { size }: HubFile): Promise<number> {
  const found = (await fileSize(incomplete)) ?? 0;
  if (found <= size) return found;
  await removeFile(incomplete);
  return 0;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* withinLength(
  chunks: AsyncIterable<Uint8Array>,
  file: HubFile,
  { start, id, onProgress }: { start: number; id: string; onProgress: Download["onProgress"] },
): AsyncGenerator<Uint8Array> {
  let loaded = start;
  onProgress(file, loaded);
  for await (const chunk of chunks) {
    loaded += chunk.length;
    if (loaded > file.size) throw wrong(file, id, `more than its ${file.size} bytes came`);
    yield chunk;
    onProgress(file, loaded);
  }
}

function digest(location: string, { hash, size }: HubFile): Promise<string> {
  return hash.length === 64 ? fileDigest(location, "sha256") : fileDigest(location, "sha1", `blob ${size}\0`);
}

function wrong({ path }: HubFile, id: string, what: string): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `${path} of ${id}: ${what}. Try again; if it stays so, the server or something on the way changes files.`,
  );
}

function cutOff({ path }: HubFile, id: string, cause: Error): SemspaceError {
  return new SemspaceError(
    "unavailable",
    `${path} of ${id} was cut off again and again (${cause.message}). What came is kept; try again later.`,
    { cause },
  );
}
