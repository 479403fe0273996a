/**
 * Which files an index of documents holds, in `files.json` beside the index's own files: size, time and hash of each, how many passages it
 * gave, and how it was cut, so that an update reads only what has changed. It is written before the index is flushed, with what is under
 * way, and again afterwards: whenever the program ends, the next one knows all ids that may be in the index.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "#platform";
import { passageUnits, type PassageUnit } from "../../documents/index.ts";
import { SemspaceError } from "../../errors.ts";

export interface FileRecord {
  /** Bytes. */
  readonly size: number;
  /** When it was changed, in ms since 1970; 0 when it was too new to be told from a later change. */
  readonly time: number;
  readonly hash: string;
  readonly passages: number;
}

export interface IndexSettings {
  /** The folder of the documents, absolute. */
  folder: string;
  /** As `--model` was given, a path absolute; undefined for the shipped model. */
  model?: string | undefined;
  dtype?: "float32" | "int8" | undefined;
  unit: PassageUnit;
  maxTokens: number;
  overlap: number;
  include: readonly string[];
  exclude: readonly string[];
}

interface Stored {
  format: typeof FORMAT;
  version: 1;
  settings: IndexSettings;
  files: Record<string, [size: number, time: number, hash: string, passages: number]>;
  /** File → passages that it may have in the index: it is to be read again. */
  pending: Record<string, number>;
}

const FORMAT = "semspace-index-files";
const NAME = "files.json";

/** The files of an index by their path below the folder, with "/" in between. */
export class FileTable {
  settings: IndexSettings;
  readonly #path: string;
  readonly #files: Map<string, FileRecord>;
  readonly #pending: Map<string, number>;

  constructor(
    path: string,
    settings: IndexSettings,
    { files, pending }: { files: Map<string, FileRecord>; pending: Map<string, number> } = {
      files: new Map(),
      pending: new Map(),
    },
  ) {
    this.#path = path;
    this.settings = settings;
    this.#files = files;
    this.#pending = pending;
  }

  /** Files whose passages are all in the index. */
  get files(): ReadonlyMap<string, FileRecord> {
    return this.#files;
  }

  /** Every file that the index may have passages of. */
  names(): Set<string> {
    return new Set([...this.#files.keys(), ...this.#pending.keys()]);
  }

  /** The record of a file that was wholly done; undefined for one that must be read. */
  known(file: string): FileRecord | undefined {
    return this.#pending.has(file) ? undefined : this.#files.get(file);
  }

  /** How many passages of a file the index may have. */
  passages(file: string): number {
    return Math.max(this.#files.get(file)?.passages ?? 0, this.#pending.get(file) ?? 0);
  }

  /** The file's passages are about to be written or removed. */
  begin(file: string, passages: number): void {
    this.#pending.set(file, Math.max(this.passages(file), passages));
  }

  done(file: string, record: FileRecord): void {
    this.#pending.delete(file);
    this.#files.set(file, record);
  }

  removed(file: string): void {
    this.#pending.delete(file);
    this.#files.delete(file);
  }

  async save(): Promise<void> {
    const files = Object.fromEntries(
      [...this.#files].map(([file, { size, time, hash, passages }]) => [file, [size, time, hash, passages]] as const),
    );
    const stored = {
      format: FORMAT,
      version: 1,
      settings: this.settings,
      files,
      pending: Object.fromEntries(this.#pending),
    };
    await writeDurably(join(this.#path, NAME), new TextEncoder().encode(JSON.stringify(stored)));
  }
}

/** Undefined where there is none. Throws `invalid-file` for one that is damaged. */
export async function readFileTable(path: string): Promise<FileTable | undefined> {
  const text = await readFile(join(path, NAME), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw new SemspaceError("missing-file", `Cannot read ${join(path, NAME)} (${cause.code}).`, { cause });
  });
  if (text === undefined) return undefined;
  const stored = parse(text);
  if (!stored) {
    const message = `${join(path, NAME)} is damaged. Remove the folder ${path} and build the index again.`;
    throw new SemspaceError("invalid-file", message);
  }
  const files = Object.entries(stored.files).map(
    ([file, [size, time, hash, passages]]) => [file, { size, time, hash, passages }] as const,
  );
  const pending = new Map(Object.entries(stored.pending));
  // Without its manifest the index holds nothing: every file is to be read again.
  const empty = (await stat(join(path, "manifest.json")).catch(() => undefined)) === undefined;
  if (empty) for (const [file, { passages }] of files) pending.set(file, Math.max(passages, pending.get(file) ?? 0));
  return new FileTable(path, stored.settings, { files: new Map(files), pending });
}

function parse(text: string): Stored | undefined {
  let value: Partial<Stored>;
  try {
    value = JSON.parse(text) as Partial<Stored>;
  } catch {
    return undefined;
  }
  const { format, version, settings, files, pending } = value ?? {};
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && (count as number) >= 0;
  const sound =
    format === FORMAT &&
    version === 1 &&
    typeof settings?.folder === "string" &&
    passageUnits.includes(settings.unit) &&
    isCount(settings.maxTokens) &&
    isCount(settings.overlap) &&
    [settings.include, settings.exclude].every((list) => Array.isArray(list)) &&
    Object.values(files ?? { none: [] }).every((record) => Array.isArray(record) && isCount(record[3])) &&
    Object.values(pending ?? { none: -1 }).every(isCount);
  return sound ? (value as Stored) : undefined;
}
