/**
 * The rows of a local store: segments one behind the other, which of their rows are alive, and the table of vectors, which is filled
 * when a search first needs it. Replacing an entry leaves its old row behind as dead.
 */
import type { FoundRows } from "../kernels/vector-scan/best-rows.ts";
import type { Predicate } from "./filter.ts";
import type { LexicalPart } from "./lexical/score-parts.ts";
import { VectorGraph } from "./graph/vector-graph.ts";
import type { GraphLinks } from "../kernels/hnsw.ts";
import { graphPays, type VectorOptions } from "./index-options.ts";
import { MemorySegment, type Segment, type SegmentRecord, tailToMerge } from "./segments/segment.ts";
import type { StoreEntry } from "./store.ts";
import { type KeptRow, keptRow } from "./vectors/row-codes.ts";
import { VectorTable } from "./vectors/vector-table.ts";

/** Fewer dead rows are left where they are. */
const WORTH_COMPACTING = 1000;

/** One row of so many may be found: fewer are searched without the graph. */
const FEW = 4;

export interface PlacedSegment {
  readonly from: number;
  readonly segment: Segment;
}

export class LocalRows {
  readonly dimensions: number;
  readonly tableOptions: VectorOptions;
  readonly #newSegment: () => MemorySegment;
  #segments: PlacedSegment[] = [];
  #ids: string[] = [];
  #alive = new Uint8Array(1024);
  #rowOf = new Map<string, number>();
  /** Segments that take no further row, so that what was made of them stays true. */
  #sealed = 0;
  #table: VectorTable | undefined;
  #graph: VectorGraph | undefined;
  #wantsGraph = false;
  /** Reads the links of a graph that was saved. */
  #savedGraph: (() => Promise<GraphLinks>) | undefined;
  /** Vectors of the last rows while there is no table. */
  #waiting: KeptRow[] = [];

  constructor(dimensions: number, tableOptions: VectorOptions, newSegment: () => MemorySegment) {
    this.dimensions = dimensions;
    this.tableOptions = tableOptions;
    this.#newSegment = newSegment;
  }

  /** Rows, dead ones too. */
  get count(): number {
    return this.#ids.length;
  }

  get living(): number {
    return this.#rowOf.size;
  }

  get segments(): readonly PlacedSegment[] {
    return this.#segments;
  }

  /** 1 for living rows, one a row. */
  get alive(): Uint8Array {
    return this.#alive.subarray(0, this.count);
  }

  idOf(row: number): string {
    return this.#ids[row];
  }

  rowOf(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  /** Living rows in order. */
  *livingRows(): Generator<number> {
    for (let row = 0; row < this.count; row += 1) if (this.#alive[row] === 1) yield row;
  }

  /** Puts a segment of before behind the others; `isDead` tells of its rows. */
  async attach(segment: Segment, isDead: (row: number) => boolean): Promise<void> {
    const ids = await segment.ids();
    const from = this.count;
    this.#segments.push({ from, segment });
    for (const [row, id] of ids.entries()) this.#appendRow(id, !isDead(row));
  }

  /** Adds an entry, in place of one with the same id. */
  append({ id, vector, text, metadata }: StoreEntry): void {
    this.appendKept(id, { text, metadata }, keptRow(vector, this.tableOptions));
  }

  /** As `append`, for a vector as it is kept. */
  appendKept(id: string, record: SegmentRecord, kept: KeptRow): void {
    const segment = this.#openSegment();
    segment.push(id, record);
    this.#appendRow(id, true);
    if (this.#table) this.#table.appendKept(kept);
    else this.#waiting.push(kept);
  }

  /** False where there is no such entry. */
  remove(id: string): boolean {
    const row = this.#rowOf.get(id);
    if (row === undefined) return false;
    this.#alive[row] = 0;
    this.#rowOf.delete(id);
    return true;
  }

  record(row: number): Promise<SegmentRecord> {
    const { from, segment } = this.#segmentOf(row);
    return segment.record(row - from);
  }

  /** The vector of a row; the table is not read for it. */
  async kept(row: number): Promise<KeptRow> {
    if (this.#table) return copied(this.#table.kept(row));
    const waits = row - (this.count - this.#waiting.length);
    if (waits >= 0) return this.#waiting[waits];
    const { from, segment } = this.#segmentOf(row);
    return segment.vector!(row - from);
  }

  /** All vectors, read when first asked for. */
  async table(): Promise<VectorTable> {
    if (this.#table) return this.#table;
    const table = new VectorTable(this.dimensions, this.tableOptions);
    try {
      for (const { segment } of this.#segments) await segment.vectors?.((row) => table.appendKept(row));
    } catch (error) {
      await table.close();
      throw error;
    }
    for (const row of this.#waiting) table.appendKept(row);
    this.#waiting = [];
    this.#table = table;
    return table;
  }

  /** The best rows of each query, best first; equal scores by row. */
  async nearest(
    queries: readonly Float32Array[],
    options: { k: number; allowed: Uint8Array | undefined },
  ): Promise<FoundRows[]> {
    const graph = await this.graph();
    if (graph && isMostly(options.allowed)) return queries.map((query) => graph.search(query, options));
    return (await this.table()).search(queries, options);
  }

  /** The graph of neighbours over all rows, where there should be one; read, made or added to first. */
  async graph(): Promise<VectorGraph | undefined> {
    const { graph = "auto" } = this.tableOptions;
    const wanted = graph === "auto" ? this.#wantsGraph || this.count >= graphPays : graph;
    if (!wanted) return undefined;
    const table = await this.table();
    this.#graph ??= new VectorGraph(table, await this.#savedGraph?.());
    await this.#graph.addRows(this.count);
    return this.#graph;
  }

  /** The graph as far as it is made. */
  get madeGraph(): VectorGraph | undefined {
    return this.#graph;
  }

  /** A graph of before over the first rows, read when a search wants it. */
  useGraph(read: () => Promise<GraphLinks>): void {
    this.#savedGraph = read;
    this.#wantsGraph = true;
  }

  /** These rows took the place of others that had a graph: a new one is made for the next search. */
  wantGraph(): void {
    this.#wantsGraph = true;
  }

  /** Whether more is dead than alive. */
  get mostlyDead(): boolean {
    return this.count - this.living > Math.max(this.living, WORTH_COMPACTING);
  }

  /** The living rows alone, in memory; these rows are not used any more afterwards. */
  async compacted(): Promise<LocalRows> {
    const fresh = new LocalRows(this.dimensions, this.tableOptions, this.#newSegment);
    if (this.#graph) fresh.wantGraph();
    for (const row of this.livingRows()) fresh.appendKept(this.idOf(row), await this.record(row), await this.kept(row));
    return fresh;
  }

  /** Which rows a search may find: those alive that pass; undefined where all may be found. */
  async allowed(passes: Predicate | undefined): Promise<Uint8Array | undefined> {
    if (!passes) return this.living === this.count ? undefined : this.alive;
    const allowed = this.alive.slice();
    for (const { from, segment } of this.#segments) {
      const metadata = await segment.metadata();
      for (let row = 0; row < segment.rows; row += 1)
        if (allowed[from + row] === 1 && !passes(metadata[row])) allowed[from + row] = 0;
    }
    return allowed;
  }

  /** The inverted index of all texts. Small segments of memory become larger ones first, so that few are asked. */
  async lexicalParts(): Promise<LexicalPart[]> {
    const count = tailToMerge(
      this.#segments.map(({ segment }) => (segment instanceof MemorySegment ? segment.rows : Infinity)),
    );
    if (count > 1) await this.#mergeMemory(count);
    this.#sealed = this.#segments.length;
    const parts: LexicalPart[] = [];
    for (const { from, segment } of this.#segments) parts.push({ from, postings: await segment.postings() });
    return parts;
  }

  /** The last segments are the same rows in another place, such as on disk. */
  replaceTail(count: number, segment: Segment): void {
    const [first] = this.#segments.slice(-count);
    this.#segments = [...this.#segments.slice(0, -count), { from: first.from, segment }];
    this.#sealed = this.#segments.length;
    if (!this.#table && segment.vectors) this.#waiting = [];
  }

  async close(): Promise<void> {
    await this.#table?.close();
    this.#table = undefined;
    this.#graph = undefined;
    this.#segments = [];
    this.#ids = [];
    this.#rowOf.clear();
    this.#waiting = [];
  }

  #appendRow(id: string, alive: boolean): void {
    const row = this.#ids.length;
    if (row === this.#alive.length) {
      const larger = new Uint8Array(row * 2);
      larger.set(this.#alive);
      this.#alive = larger;
    }
    this.#ids.push(id);
    this.#alive[row] = alive ? 1 : 0;
    if (!alive) return;
    const old = this.#rowOf.get(id);
    if (old !== undefined) this.#alive[old] = 0;
    this.#rowOf.set(id, row);
  }

  #openSegment(): MemorySegment {
    const last = this.#segments.at(-1)?.segment;
    if (last instanceof MemorySegment && this.#sealed < this.#segments.length) return last;
    const segment = this.#newSegment();
    this.#segments.push({ from: this.count, segment });
    return segment;
  }

  async #mergeMemory(count: number): Promise<void> {
    const merged = this.#newSegment();
    for (const { from, segment } of this.#segments.slice(-count)) {
      for (let row = 0; row < segment.rows; row += 1) merged.push(this.#ids[from + row], await segment.record(row));
    }
    this.replaceTail(count, merged);
  }

  #segmentOf(row: number): PlacedSegment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#segments[middle].from <= row) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}

/** Where few rows may be found, a walk along neighbours passes most of them by. */
function isMostly(allowed: Uint8Array | undefined): boolean {
  if (!allowed) return true;
  let count = 0;
  for (let row = 0; row < allowed.length; row += 1) count += allowed[row];
  return count * FEW >= allowed.length;
}

function copied({ numbers, scale }: KeptRow): KeptRow {
  return { numbers: numbers.slice(), scale };
}
