/** A file of word vectors wherever it lies: on disk, behind a URL, in memory; gzipped or not; with the files beside it. */
import { fileSize, readBytes, readStream } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { gunzipped, isGzip } from "../../formats/gzip.ts";

/**
 * A path (in a browser a URL); the bytes of a file; or files in memory by name, of which the first is the one to read and the others
 * are those beside it.
 */
export type VectorSource = string | URL | Uint8Array | Readonly<Record<string, Uint8Array>>;

export interface VectorFile {
  /** For messages, and what the names of files beside it begin with. */
  readonly name: string;
  /** Bytes as they come, unpacked where the file is gzipped. */
  stream(): AsyncGenerator<Uint8Array>;
  /** The whole file, unpacked. */
  bytes(): Promise<Uint8Array>;
  /** Size in bytes; undefined where it is not known (gzipped, or a server that does not tell). */
  size(): Promise<number | undefined>;
  /** The bytes of the first of these files that is there: "+.vectors.npy" is put behind this file's name, "words.txt" lies in its folder. */
  beside(names: readonly string[]): Promise<{ name: string; bytes: Uint8Array } | undefined>;
}

export function openVectorFile(source: VectorSource): VectorFile {
  if (source instanceof Uint8Array) return memoryFile({ "(bytes)": source });
  if (typeof source === "string" || source instanceof URL) return locatedFile(locationOf(source));
  return memoryFile(source);
}

function locationOf(source: string | URL): string {
  const text = String(source);
  return source instanceof URL && source.protocol === "file:" ? decodeURIComponent(source.pathname) : text;
}

function locatedFile(location: string): VectorFile {
  const file: VectorFile = {
    name: location,
    stream: () => unpacked(readStream(location), location),
    bytes: () => collect(file.stream()),
    async size() {
      const size = await fileSize(location);
      const packed = isGzip(await firstBytes(readStream(location), 2));
      return size === undefined || Number.isNaN(size) || packed ? undefined : size;
    },
    async beside(names) {
      for (const name of names) {
        const path = siblingName(location, name);
        if ((await fileSize(path)) !== undefined) return { name: path, bytes: await readBytes(path) };
      }
      return undefined;
    },
  };
  return file;
}

function memoryFile(files: Readonly<Record<string, Uint8Array>>): VectorFile {
  const [name, content] = Object.entries(files)[0] ?? [];
  if (name === undefined || content === undefined) {
    throw new SemspaceError("invalid-argument", "No file was given: the object of files by name is empty.");
  }
  const file: VectorFile = {
    name,
    stream: () => unpacked(pieces(content), name),
    bytes: () => (isGzip(content) ? collect(file.stream()) : Promise.resolve(content)),
    size: () => Promise.resolve(isGzip(content) ? undefined : content.length),
    beside(names) {
      const found = names.map((each) => siblingName(name, each)).find((path) => Object.hasOwn(files, path));
      return Promise.resolve(found === undefined ? undefined : { name: found, bytes: files[found] });
    },
  };
  return file;
}

/** "+.x" behind the name; else in its folder. */
export function siblingName(location: string, name: string): string {
  if (name.startsWith("+")) return location + name.slice(1);
  return location.slice(0, Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\")) + 1) + name;
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  const step = 1 << 18;
  for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step);
}

async function firstBytes(stream: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  for await (const chunk of stream) return chunk.subarray(0, count);
  return new Uint8Array();
}

/** The stream as it is, or unpacked when it begins as gzip does. Throws `invalid-file` for a broken one. */
async function* unpacked(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const whole = startingWith(first.value, chunks);
  yield* isGzip(first.value) ? gunzipped(whole, name) : whole;
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
