/**
 * Keeps the rows of a store in a folder. A flush writes the new rows as a segment and which old rows are gone, then the manifest. Nothing
 * that a manifest names is ever changed; what none names any more is removed after the next one is written.
 */
import { holdLock, joinLocation, listFolder, readBytes, removeFile } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { crc32 } from "../../formats/index.ts";
import type { VectorOptions } from "../index-options.ts";
import type { TermReader } from "../lexical/terms.ts";
import { LocalRows } from "../local-rows.ts";
import type { Keeper } from "../local-store.ts";
import { MemorySegment, tailToMerge } from "../segments/segment.ts";
import { DiskSegment, type SegmentSettings } from "./disk-segment.ts";
import { broken, type FileEntry, type Manifest, readManifest, type SegmentEntry, writeManifest } from "./manifest.ts";
import { parseGraph, writeGraph } from "./graph-file.ts";
import { type RowToWrite, writeFile, writeSegment } from "./write-segment.ts";

const LOCK = "writer.lock";
/** A graph is written again when it has grown by a tenth. */
const WORTH_WRITING = 1.1;
/** Before those of segments, which count from 1. */
const GRAPH_NUMBER = "000000";
/** Larger segments are not written again with others. */
const LARGEST_MERGED = 1 << 18;
/** Files that this program makes, and nobody else's. */
const OWN_FILE = /^\d{6}\.[a-z0-9.]+$|\.part$/;

export interface KeeperSettings {
  path: string;
  tableOptions: VectorOptions;
  terms: TermReader;
}

export class FolderKeeper implements Keeper {
  readonly #path: string;
  readonly #settings: KeeperSettings;
  #manifest: Manifest;
  /** Whether the manifest is on disk. */
  #isWritten: boolean;
  #release: (() => Promise<void>) | undefined;

  constructor(manifest: Manifest, isWritten: boolean, settings: KeeperSettings) {
    this.#path = settings.path;
    this.#settings = settings;
    this.#manifest = manifest;
    this.#isWritten = isWritten;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** The rows that the manifest names; ids are read, nothing else. */
  async rows(): Promise<LocalRows> {
    const { dimensions, segments } = this.#manifest;
    const { tableOptions, terms } = this.#settings;
    const rows = new LocalRows(dimensions, tableOptions, () => new MemorySegment(terms));
    for (const entry of segments) {
      const deleted = entry.deleted && (await this.#read(entry.deleted));
      const isDead = (row: number): boolean => deleted !== undefined && ((deleted[row >> 3] >> (row & 7)) & 1) === 1;
      await rows.attach(new DiskSegment(entry, this.#segmentSettings), isDead);
    }
    const { graph } = this.#manifest;
    if (graph) rows.useGraph(async () => parseGraph(await this.#read(graph), graph));
    return rows;
  }

  async claim(): Promise<LocalRows | undefined> {
    if (this.#release) return undefined;
    this.#release = await holdLock(joinLocation(this.#path, LOCK));
    if (!this.#release) {
      throw new SemspaceError(
        "unavailable",
        `The index ${this.#path} is being written by another program. Wait until it is done, or close the index there.`,
      );
    }
    return this.#newer();
  }

  async reopen(error: unknown): Promise<LocalRows | undefined> {
    const isGone = error instanceof SemspaceError && error.code === "missing-file";
    return isGone && !this.#release ? this.#newer() : undefined;
  }

  async flush(rows: LocalRows): Promise<LocalRows | undefined> {
    if (!this.#release && this.#isWritten) return undefined;
    await this.claim();
    const dead = rows.count - rows.living;
    const isMostlyDead = rows.mostlyDead || dead > Math.max(rows.living / 2, 1000);
    const segments = isMostlyDead ? await this.#compact(rows) : await this.#append(rows);
    const graph = isMostlyDead ? undefined : await this.#graph(rows);
    if (!segments && this.#isWritten && graph === this.#manifest.graph) return undefined;
    const generation = this.#manifest.generation + 1;
    const next = { ...this.#manifest, generation, segments: segments ?? this.#manifest.segments, graph };
    await writeManifest(this.#path, next);
    this.#manifest = next;
    this.#isWritten = true;
    await this.#clean();
    if (!isMostlyDead) return undefined;
    const fresh = await this.rows();
    if (rows.madeGraph) fresh.wantGraph();
    return fresh;
  }

  async close(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
  }

  /** Rows of the manifest on disk, where it is another than this one. */
  async #newer(): Promise<LocalRows | undefined> {
    const manifest = await readManifest(this.#path);
    if (!manifest || manifest.generation === this.#manifest.generation) return undefined;
    this.#manifest = manifest;
    this.#isWritten = true;
    return this.rows();
  }

  /** The segments with the new rows and what is gone; undefined where nothing has changed. */
  async #append(rows: LocalRows): Promise<SegmentEntry[] | undefined> {
    const placed = rows.segments;
    const pending = placed.filter(({ segment }) => segment instanceof MemorySegment).length;
    const before = this.#manifest.segments;
    const segments: SegmentEntry[] = [];
    const count = pending === 0 ? 0 : Math.max(pending, mergedTail(placed.map(({ segment }) => segment.rows)));
    const kept = placed.length - count;
    for (let i = 0; i < kept; i += 1) segments.push(await this.#withDeleted(before[i], rows, placed[i].from));
    if (count > 0) {
      // More than what is new is read at once.
      if (count > pending) await rows.table();
      const from = placed[kept].from;
      const written = await this.#writeRows(rows, range(from, rows.count));
      rows.replaceTail(count, new DiskSegment(written, this.#segmentSettings));
      segments.push(await this.#withDeleted(written, rows, from));
    }
    return count > 0 || segments.some((entry, i) => entry !== before[i]) ? segments : undefined;
  }

  async #compact(rows: LocalRows): Promise<SegmentEntry[]> {
    await rows.table();
    const living = [...rows.livingRows()];
    const segments: SegmentEntry[] = [];
    for (let at = 0; at < living.length; at += LARGEST_MERGED)
      segments.push(await this.#writeRows(rows, living.slice(at, at + LARGEST_MERGED), segments.length));
    return segments;
  }

  async #writeRows(rows: LocalRows, which: readonly number[], more = 0): Promise<SegmentEntry> {
    const toWrite: RowToWrite[] = [];
    for (const row of which)
      toWrite.push({ id: rows.idOf(row), ...(await rows.record(row)), kept: await rows.kept(row) });
    const last = Number(this.#manifest.segments.at(-1)?.name ?? 0);
    const name = String(last + 1 + more).padStart(6, "0");
    return writeSegment(toWrite, { ...this.#segmentSettings, name, terms: this.#settings.terms });
  }

  /** The graph's file: that of before while little was added, for it is written whole. */
  async #graph(rows: LocalRows): Promise<Manifest["graph"]> {
    const before = this.#manifest.graph;
    const made = rows.madeGraph;
    if (!made || made.rows < (before?.rows ?? 0) * WORTH_WRITING || made.rows === before?.rows) return before;
    const file = `${GRAPH_NUMBER}.graph.${this.#manifest.generation + 1}`;
    return { ...(await writeFile(this.#path, file, writeGraph(made.save()))), rows: made.rows };
  }

  /** The entry with the rows that are gone by now. */
  async #withDeleted(entry: SegmentEntry, rows: LocalRows, from: number): Promise<SegmentEntry> {
    const alive = rows.alive.subarray(from, from + entry.rows);
    const bits = new Uint8Array(Math.ceil(entry.rows / 8));
    let dead = 0;
    for (const [row, lives] of alive.entries()) {
      if (lives === 1) continue;
      bits[row >> 3] |= 1 << (row & 7);
      dead += 1;
    }
    if (dead === (entry.deleted?.rows ?? 0)) return entry;
    const file = `${entry.name}.deleted.${this.#manifest.generation + 1}`;
    return { ...entry, deleted: { ...(await writeFile(this.#path, file, bits)), rows: dead } };
  }

  /** Removes what the manifest does not name; a reader that still wants it reads the manifest again. */
  async #clean(): Promise<void> {
    const named = new Set(this.#manifest.segments.flatMap((entry) => filesOf(entry)));
    if (this.#manifest.graph) named.add(this.#manifest.graph.file);
    for (const file of (await listFolder(this.#path)) ?? [])
      if (OWN_FILE.test(file) && !named.has(file)) await removeFile(joinLocation(this.#path, file));
  }

  async #read(entry: FileEntry): Promise<Uint8Array> {
    const location = joinLocation(this.#path, entry.file);
    const bytes = await readBytes(location);
    if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc32) throw broken(location, "its checksum is another");
    return bytes;
  }

  get #segmentSettings(): SegmentSettings {
    const { dimensions, dtype } = this.#manifest;
    return { path: this.#path, dimensions, isFloat: dtype === "float32" };
  }
}

function mergedTail(rows: readonly number[]): number {
  let count = tailToMerge(rows);
  while (count > 1 && rows[rows.length - count] > LARGEST_MERGED) count -= 1;
  return count;
}

function filesOf({ vectors, places, ids, texts, metadata, terms, deleted }: SegmentEntry): string[] {
  return [vectors, places, ids, texts, metadata, terms, deleted].flatMap((entry) => (entry ? [entry.file] : []));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
