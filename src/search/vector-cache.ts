/**
 * Vectors that were made before, by the content of their text, in one file for a model and a scope (what is searched).
 *
 * The file is read whole and written whole under another name, then renamed: two programs, or one that is killed, can lose
 * new vectors but never leave a broken file. What cannot be read, or was written for other dimensions, counts as empty.
 * Layout, little-endian: "SSVC", version, dimensions, count (uint32 each), count × float64 keys, count × dimensions int8 codes.
 */
import { fileSize, joinLocation, listFolder, modifiedTime, readBytes, removeFile, writeBytes } from "#platform";
import { SemspaceError } from "../errors.ts";
import { contentName } from "./content-key.ts";

export interface VectorCacheOptions {
  /** Folder of the cache; its old files are removed when it grows too large. */
  folder: string;
  /** Tells models apart: `modelFingerprint(source)`. */
  model: string;
  /** What is searched; each scope has a file of its own. */
  scope: string;
  dimensions: number;
  /** Most bytes of all files of the folder together. */
  maxFolderBytes?: number;
  /** Called once when the cache cannot be written; it then goes on in memory only. Without it, `save()` throws that error. */
  unwritable?: (error: SemspaceError) => void;
}

const MAGIC = 0x43565353;
const VERSION = 1;
const HEADER_BYTES = 16;
const KEY_BYTES = 8;
/** Vectors that this run did not ask for are kept (another --include may want them) as long as a file is smaller than this. */
const MAX_FILE_BYTES = 256 * 2 ** 20;
const MAX_FOLDER_BYTES = 2 ** 30;
/** Milliseconds after which an unfinished file of a killed program is rubbish. */
const STALE = 3_600_000;

/** Opens the cache of a model and a scope, empty when there is none yet. Never throws for a broken file. */
export async function openVectorCache(options: VectorCacheOptions): Promise<VectorCache> {
  const location = joinLocation(options.folder, `${options.model}-${contentName(options.scope)}.vectors`);
  const bytes = (await fileSize(location)) === undefined ? undefined : await readBytes(location).catch(() => undefined);
  return new VectorCache(location, options, bytes ? parse(bytes, options.dimensions) : new Map<number, Int8Array>());
}

/** Made by {@link openVectorCache}. */
export class VectorCache {
  readonly #location: string;
  readonly #options: VectorCacheOptions;
  readonly #known: Map<number, Int8Array>;
  readonly #used = new Set<number>();
  #changed = false;
  #writable = true;

  constructor(location: string, options: VectorCacheOptions, known: Map<number, Int8Array>) {
    this.#location = location;
    this.#options = options;
    this.#known = known;
  }

  /** Number of vectors. */
  get size(): number {
    return this.#known.size;
  }

  /** The codes of a text's vector, if it was embedded before. */
  get(key: number): Int8Array | undefined {
    const codes = this.#known.get(key);
    if (codes) this.#used.add(key);
    return codes;
  }

  /** Adds a vector; it is on disk after `save()`. */
  set(key: number, codes: Int8Array): void {
    this.#known.set(key, codes);
    this.#used.add(key);
    this.#changed = true;
  }

  /** Writes the file when there is anything new, and keeps the folder within its bounds. Throws `unavailable` when it cannot be written. */
  async save(): Promise<void> {
    if (!this.#changed || !this.#writable) return;
    try {
      await this.#write();
    } catch (cause) {
      const reason = cause instanceof Error ? ("code" in cause && String(cause.code)) || cause.message : String(cause);
      const { folder, unwritable } = this.#options;
      const error = new SemspaceError(
        "unavailable",
        `The cache ${folder} cannot be written (${reason}), so the vectors are made again next time.`,
        { cause },
      );
      if (!unwritable) throw error;
      this.#writable = false;
      unwritable(error);
    }
  }

  async #write(): Promise<void> {
    const { dimensions, folder, maxFolderBytes = MAX_FOLDER_BYTES } = this.#options;
    const room = Math.floor((MAX_FILE_BYTES - HEADER_BYTES) / (KEY_BYTES + dimensions));
    const unused = [...this.#known.keys()].filter((key) => !this.#used.has(key));
    const keys = [...this.#used, ...unused].slice(0, Math.max(room, this.#used.size));
    await writeBytes(this.#location, serialize(keys, this.#known, dimensions));
    this.#changed = false;
    await removeOldFiles(folder, { keep: this.#location, maxFolderBytes });
  }
}

function serialize(keys: readonly number[], known: ReadonlyMap<number, Int8Array>, dimensions: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + keys.length * (KEY_BYTES + dimensions));
  const view = new DataView(bytes.buffer);
  for (const [i, value] of [MAGIC, VERSION, dimensions, keys.length].entries()) view.setUint32(i * 4, value, true);
  const codesStart = HEADER_BYTES + keys.length * KEY_BYTES;
  for (const [i, key] of keys.entries()) {
    view.setFloat64(HEADER_BYTES + i * KEY_BYTES, key, true);
    const codes = known.get(key);
    if (codes) bytes.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.length), codesStart + i * dimensions);
  }
  return bytes;
}

function parse(bytes: Uint8Array, dimensions: number): Map<number, Int8Array> {
  const known = new Map<number, Int8Array>();
  if (bytes.length < HEADER_BYTES) return known;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [magic, version, columns, count] = [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
  const sound = magic === MAGIC && version === VERSION && columns === dimensions;
  if (!sound || bytes.length !== HEADER_BYTES + count * (KEY_BYTES + dimensions)) return known;
  const codesStart = bytes.byteOffset + HEADER_BYTES + count * KEY_BYTES;
  for (let i = 0; i < count; i += 1) {
    const key = view.getFloat64(HEADER_BYTES + i * KEY_BYTES, true);
    known.set(key, new Int8Array(bytes.buffer, codesStart + i * dimensions, dimensions));
  }
  return known;
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
    else if (name.endsWith(".vectors")) files.push({ location, time, size });
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { location, size } of files.toSorted((a, b) => a.time - b.time)) {
    if (total <= maxFolderBytes) return;
    if (location === keep) continue;
    await removeFile(location);
    total -= size;
  }
}
