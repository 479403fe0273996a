/**
 * The manifest of an index folder: which files hold the entries, and what made the vectors. It is written last, under another name first:
 * a reader finds the state before or after a flush, never one between. Its own checksum and those of the files tell damage.
 */
import { fileSize, joinLocation, readBytes, writeDurably } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import { crc32 } from "../../formats/index.ts";
import { indexDtypes, type IndexDtype } from "../index-options.ts";
import type { IndexMeasure } from "../vectors/row-codes.ts";
import type { ModelIdentity } from "./model-identity.ts";

const MANIFEST = "manifest.json";
const FORMAT = "semspace-index";
const VERSION = 1;
/** A manifest of a million segments would be one of nobody. */
const LARGEST = 64 * 2 ** 20;

export interface FileEntry {
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
}

export interface SegmentEntry {
  readonly name: string;
  readonly rows: number;
  /** `vectors` [rows, dimensions] alone, so that it can be read as any safetensors file. */
  readonly vectors: FileEntry;
  /** By row: places and checksums of texts, checksums and scales of vectors. */
  readonly places: FileEntry;
  readonly ids: FileEntry;
  readonly texts?: FileEntry | undefined;
  readonly metadata?: FileEntry | undefined;
  readonly terms?: FileEntry | undefined;
  /** One bit a row, the first in the lowest: which are gone; and how many. */
  readonly deleted?: (FileEntry & { readonly rows: number }) | undefined;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Goes up with every flush. */
  readonly generation: number;
  readonly dimensions: number;
  readonly dtype: IndexDtype;
  readonly measure: IndexMeasure;
  readonly model?: ModelIdentity | undefined;
  readonly segments: readonly SegmentEntry[];
  /** A graph of neighbours over the first `rows` rows. */
  readonly graph?: (FileEntry & { readonly rows: number }) | undefined;
}

export function emptyManifest(settings: Pick<Manifest, "dimensions" | "dtype" | "measure" | "model">): Manifest {
  return { format: FORMAT, version: VERSION, generation: 0, ...settings, segments: [] };
}

/** Undefined where there is none. Throws `invalid-file` for a damaged one, `unsupported` for one of a later version. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const location = joinLocation(path, MANIFEST);
  const size = await fileSize(location);
  if (size === undefined) return undefined;
  if (size > LARGEST) throw broken(location, `it has ${size} bytes, at most ${LARGEST} are read`);
  return parseManifest(await readBytes(location), location);
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify(manifest);
  const checksum = crc32(new TextEncoder().encode(text));
  await writeDurably(
    joinLocation(path, MANIFEST),
    new TextEncoder().encode(`{"crc32":${checksum},"manifest":${text}}\n`),
  );
}

function parseManifest(bytes: Uint8Array, location: string): Manifest {
  let parsed: { crc32?: unknown; manifest?: unknown };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    parsed = (JSON.parse(text) ?? {}) as typeof parsed;
  } catch (cause) {
    throw broken(location, "it is not JSON", cause);
  }
  const manifest = (parsed.manifest ?? {}) as Manifest;
  const format: unknown = manifest.format;
  const head = `{"crc32":${String(parsed.crc32)},"manifest":`;
  const body = text.slice(head.length, -2);
  if (!text.startsWith(head) || crc32(new TextEncoder().encode(body)) !== parsed.crc32)
    throw broken(location, "its checksum is another");
  if (format !== FORMAT) throw broken(location, `its format is ${shown(format)}, not ${FORMAT}`);
  if (manifest.version !== VERSION || !indexDtypes.includes(manifest.dtype)) {
    const what = `version ${shown(manifest.version)}, dtype ${shown(manifest.dtype)}`;
    throw new SemspaceError(
      "unsupported",
      `${location} is of ${what}; this program reads version ${VERSION}. Update it.`,
    );
  }
  return manifest;
}

/** The error of a damaged file of an index. */
export function broken(location: string, what: string, cause?: unknown): SemspaceError {
  return new SemspaceError("invalid-file", `Damaged index: ${location}: ${what}. Make the index again.`, { cause });
}
