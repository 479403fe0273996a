/**
 * Vectors that were made before, by the content of their text, in one file for a model and a scope (what is searched).
 *
 * The file is read whole and written whole under another name, then renamed: two programs, or one that is killed, can lose
 * new vectors but never leave a broken file. What cannot be read, or was written for other dimensions, counts as empty.
 * Layout, little-endian: "SSVC", version, dimensions, count (uint32 each), count × float64 keys, count × dimensions int8 codes.
 */
import { CacheFile, type CacheOptions } from "./cache-file.ts";
import { contentName } from "./content-key.ts";

export interface VectorCacheOptions extends CacheOptions {
  /** Tells models apart: `modelFingerprint(source)`. */
  model: string;
  /** What is searched; each scope has a file of its own. */
  scope: string;
  dimensions: number;
}

const MAGIC = 0x43565353;
const VERSION = 1;
const HEADER_BYTES = 16;
const KEY_BYTES = 8;
/** Vectors that this run did not ask for are kept (another --include may want them) as long as a file is smaller than this. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Opens the cache of a model and a scope, empty when there is none yet. Never throws for a broken file. */
export async function openVectorCache(options: VectorCacheOptions): Promise<VectorCache> {
  const { model, scope, dimensions } = options;
  const file = new CacheFile(`${model}-${contentName(scope)}.vectors`, options);
  const bytes = await file.read();
  return new VectorCache(file, dimensions, bytes ? parse(bytes, dimensions) : new Map<number, Int8Array>());
}

/** Made by {@link openVectorCache}. */
export class VectorCache {
  readonly #file: CacheFile;
  readonly #dimensions: number;
  readonly #known: Map<number, Int8Array>;
  readonly #used = new Set<number>();
  #changed = false;

  constructor(file: CacheFile, dimensions: number, known: Map<number, Int8Array>) {
    this.#file = file;
    this.#dimensions = dimensions;
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
    if (!this.#changed) return;
    const room = Math.floor((MAX_FILE_BYTES - HEADER_BYTES) / (KEY_BYTES + this.#dimensions));
    const unused = [...this.#known.keys()].filter((key) => !this.#used.has(key));
    const keys = [...this.#used, ...unused].slice(0, Math.max(room, this.#used.size));
    await this.#file.write(serialize(keys, this.#known, this.#dimensions));
    this.#changed = false;
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
