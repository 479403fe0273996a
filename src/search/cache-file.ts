/** A file of a cache folder: empty where it cannot be read, written whole; the oldest of the folder go when they are too many bytes together. */
import { fileSize, joinLocation, listFolder, modifiedTime, readBytes, removeFile, writeBytes } from "#platform";
import { SemspaceError } from "../errors.ts";

export interface CacheOptions {
  /** Folder of the cache; its old files are removed when it grows too large. */
  folder: string;
  /** Most bytes of all files of the folder together. Default 1 GB. */
  maxFolderBytes?: number;
  /** Called once when the cache cannot be written; it then goes on in memory only. Without it, saving throws that error. */
  unwritable?: (error: SemspaceError) => void;
}

const MAX_FOLDER_BYTES = 2 ** 30;
/** Milliseconds after which an unfinished file of a killed program is rubbish. */
const STALE = 3_600_000;

export class CacheFile {
  readonly #location: string;
  readonly #options: CacheOptions;
  #writable = true;

  constructor(name: string, options: CacheOptions) {
    this.#location = joinLocation(options.folder, name);
    this.#options = options;
  }

  /** Undefined where there is no such file, or none that can be read. */
  async read(): Promise<Uint8Array | undefined> {
    if ((await fileSize(this.#location)) === undefined) return undefined;
    return readBytes(this.#location).catch(() => undefined);
  }

  /** Writes the bytes, and keeps the folder within its bounds. Throws `unavailable` when it cannot be written and nobody listens. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#writable) return;
    const { folder, maxFolderBytes = MAX_FOLDER_BYTES, unwritable } = this.#options;
    try {
      await writeBytes(this.#location, bytes);
      await removeOldFiles(folder, { keep: this.#location, maxFolderBytes });
    } catch (cause) {
      const reason = cause instanceof Error ? ("code" in cause && String(cause.code)) || cause.message : String(cause);
      const message = `The cache ${folder} cannot be written (${reason}), so all is made again next time.`;
      const error = new SemspaceError("unavailable", message, { cause });
      if (!unwritable) throw error;
      this.#writable = false;
      unwritable(error);
    }
  }
}

/** Removes the files that were not written for the longest time, and what killed programs left. */
async function removeOldFiles(
  folder: string,
  { keep, maxFolderBytes }: { keep: string; maxFolderBytes: number },
): Promise<void> {
  const files: { location: string; time: number; size: number }[] = [];
  for (const name of (await listFolder(folder)) ?? []) {
    const location = joinLocation(folder, name);
    const [time = 0, size] = await Promise.all([modifiedTime(location), fileSize(location)]);
    if (size === undefined) continue;
    if (name.endsWith(".part") && Date.now() - time > STALE) await removeFile(location);
    else if (/\.(vectors|terms)$/.test(name)) files.push({ location, time, size });
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { location, size } of files.toSorted((a, b) => a.time - b.time)) {
    if (total <= maxFolderBytes) return;
    if (location === keep) continue;
    await removeFile(location);
    total -= size;
  }
}
