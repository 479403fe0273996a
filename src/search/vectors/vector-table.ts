/** The vectors of an index in memory: rows are appended, never changed; the nearest to queries are found by scanning all. */
import { availableThreads } from "#platform";
import { BestRows, type FoundRows } from "../../kernels/vector-scan/best-rows.ts";
import { ScanThreads } from "../../kernels/vector-scan/scan-threads.ts";
import { type BlockOptions, VectorBlock } from "../../kernels/vector-scan/vector-block.ts";
import type { IndexDtype } from "../index-options.ts";
import { CodeRows, exactByCodes } from "./code-scan.ts";
import {
  asMeasured,
  type IndexMeasure,
  int16Query,
  type KeptRow,
  keptRow,
  prefixFactor,
  rowNumbers,
  setRow,
  signBits,
} from "./row-codes.ts";

export interface TableOptions extends Pick<BlockOptions, "kernel"> {
  dtype?: IndexDtype | undefined;
  measure?: IndexMeasure | undefined;
  /** Candidates are found by so many first dimensions. */
  firstDimensions?: number | undefined;
  threads?: number | undefined;
  /** Whether float32 rows are found by int8 codes beside them: the same results in less time, a quarter more memory. Default true. */
  codes?: boolean | undefined;
}

export interface TableSearch {
  k: number;
  /** 1 where a row may be found; one a row. */
  allowed?: Uint8Array | undefined;
}

/** Candidates of a first stage, a hit and at least. */
const OVERSAMPLING = 10;
const LEAST_CANDIDATES = 200;

interface Part {
  from: number;
  main: VectorBlock;
  /** Signs of the same rows. */
  bits: VectorBlock | undefined;
  /** Codes of the same rows; made when a search first wants them. */
  codes: CodeRows | undefined;
}

/** Numbers of a table above which codes pay. */
const WORTH_CODES = 2_000_000;

export class VectorTable {
  readonly dimensions: number;
  readonly dtype: IndexDtype;
  readonly measure: IndexMeasure;
  readonly #first: number | undefined;
  readonly #codes: boolean;
  readonly #kernel: "auto" | "reference" | undefined;
  readonly #threads: ScanThreads;
  readonly #parts: Part[] = [];
  #rows = 0;
  /** Scans of one table take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(dimensions: number, options: TableOptions = {}) {
    this.dimensions = dimensions;
    this.dtype = options.dtype ?? "float32";
    this.measure = options.measure ?? "cosine";
    this.#first = options.firstDimensions === dimensions ? undefined : options.firstDimensions;
    this.#codes = (options.codes ?? true) && this.dtype === "float32" && !this.#first;
    this.#kernel = options.kernel;
    this.#threads = new ScanThreads(options.threads ?? availableThreads());
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends a vector as it comes. */
  append(vector: Float32Array): void {
    this.appendKept(keptRow(vector, this));
  }

  /** Appends a row that was kept before. */
  appendKept({ numbers, scale }: KeptRow): void {
    const part = this.#room();
    const row = part.main.rows;
    part.main.grow(1);
    setRow(part.main, row, numbers);
    part.main.scales(row)[0] = scale;
    if (this.#first && this.dtype !== "binary") {
      const factor = this.measure === "cosine" ? prefixFactor(numbers, this.#first) : 1;
      part.main.prefixScales(row)[0] = scale * factor;
    }
    if (part.bits) {
      part.bits.grow(1);
      setRow(part.bits, row, signBits(numbers));
    }
    this.#rows += 1;
  }

  /** Row `row`; its numbers are a view that is valid until the next row comes. */
  kept(row: number): KeptRow {
    const { main, from } = this.#partOf(row);
    return { numbers: rowNumbers(main, row - from), scale: main.scales(row - from)[0] };
  }

  /** The score of one row for a measured query. */
  score(query: Float32Array, row: number): number {
    const { numbers, scale } = this.kept(row);
    let sum = 0;
    for (let k = 0; k < numbers.length; k += 1) sum += query[k] * numbers[k];
    return sum * scale;
  }

  /** The score of every row. */
  scores(query: Float32Array): Promise<Float32Array> {
    const measured = asMeasured(query, this.measure);
    return this.#inTurn(() => {
      const scores = new Float32Array(this.#rows);
      for (const { from, main } of this.#parts) {
        this.#setQuery(main, 0, measured);
        scores.set(main.scores(), from);
      }
      return Promise.resolve(scores);
    });
  }

  /** The best rows of each query, best first; equal scores by row. */
  search(queries: readonly Float32Array[], options: TableSearch): Promise<FoundRows[]> {
    const measured = queries.map((query) => asMeasured(query, this.measure));
    if (this.#rows === 0) return Promise.resolve(measured.map(() => new BestRows(0).sorted()));
    const k = Math.min(options.k, this.#rows);
    if (this.#codes && this.#rows * this.dimensions >= WORTH_CODES)
      return this.#inTurn(() => this.#byCodes(measured, { ...options, k }));
    const candidates = Math.min(this.#rows, Math.max(LEAST_CANDIDATES, k * OVERSAMPLING));
    const stage = this.dtype === "binary" ? "bits" : this.#first ? "first" : "all";
    if (stage === "all" || candidates * 2 > this.#rows)
      return this.#inTurn(() => this.#scan(measured, { ...options, k }, "all"));
    return this.#inTurn(async () => {
      const found = await this.#scan(measured, { ...options, k: candidates }, stage);
      return found.map(({ rows }, i) => this.rank(measured[i], rows, k));
    });
  }

  /** The best of some rows for a measured query. */
  rank(query: Float32Array, rows: ArrayLike<number>, k: number): FoundRows {
    const best = new BestRows(Math.min(k, rows.length));
    for (let i = 0; i < rows.length; i += 1) best.push(rows[i], Math.fround(this.score(query, rows[i])));
    return best.sorted();
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#threads.end();
    this.#parts.length = 0;
    this.#rows = 0;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #byCodes(queries: readonly Float32Array[], options: TableSearch): Promise<FoundRows[]> {
    for (const part of this.#parts) {
      part.codes ??= new CodeRows(this.dimensions, { kernel: this.#kernel });
      while (part.codes.block.rows < part.main.rows)
        part.codes.append(rowNumbers(part.main, part.codes.block.rows) as Float32Array);
    }
    const bounds = queries.map((query) => Math.max(...this.#parts.map(({ codes }) => codes!.setQuery(0, query))));
    const found = await exactByCodes(options.k, {
      bounds,
      rows: this.#rows,
      scan: (k) => this.#scan(queries, { ...options, k }, "codes"),
      score: (query, row) => this.score(queries[query], row),
    });
    return found ?? this.#scan(queries, options, "all");
  }

  async #scan(
    queries: readonly Float32Array[],
    { k, allowed }: TableSearch,
    stage: "all" | "first" | "bits" | "codes",
  ): Promise<FoundRows[]> {
    const firstDimensions = stage === "first" ? this.#first : undefined;
    const best = queries.map(() => new BestRows(k));
    for (const { from, main, bits, codes } of this.#parts) {
      const block = stage === "bits" ? bits! : stage === "codes" ? codes!.block : main;
      const { maxQueries } = block.layout;
      for (let start = 0; start < queries.length; start += maxQueries) {
        const group = queries.slice(start, start + maxQueries);
        for (const [i, query] of group.entries())
          this.#setQuery(block, i, firstDimensions ? cut(query, firstDimensions) : query);
        const job = {
          rows: block.rows,
          queryCount: group.length,
          k,
          firstDimensions,
          allowed: allowed?.subarray(from, from + block.rows),
        };
        // oxlint-disable-next-line no-await-in-loop -- the queries of a block share its memory
        const found = await this.#threads.scan(block, job);
        for (const [i, { rows, scores }] of found.entries())
          best[start + i].pushAll({ rows: rows.map((row) => row + from), scores });
      }
    }
    return best.map((heap) => heap.sorted());
  }

  #setQuery(block: VectorBlock, at: number, query: Float32Array): void {
    const { kind } = block.layout;
    if (kind === "float32") block.setQuery(at, query);
    else if (kind === "bits") block.setQuery(at, signBits(query));
    else {
      const { numbers, factor } = int16Query(query);
      block.setQuery(at, numbers, factor);
    }
  }

  #room(): Part {
    const last = this.#parts.at(-1);
    if (last && last.main.room > 0 && (last.bits?.room ?? 1) > 0) return last;
    const options = { kernel: this.#kernel };
    const part: Part = {
      from: this.#rows,
      main: new VectorBlock(this.dtype === "float32" ? "float32" : "int8", this.dimensions, options),
      bits: this.dtype === "binary" ? new VectorBlock("bits", this.dimensions, options) : undefined,
      codes: undefined,
    };
    this.#parts.push(part);
    return part;
  }

  #partOf(row: number): Part {
    const parts = this.#parts;
    let at = parts.length - 1;
    while (parts[at].from > row) at -= 1;
    return parts[at];
  }
}

function cut(query: Float32Array, dimensions: number): Float32Array {
  const first = new Float32Array(query.length);
  first.set(query.subarray(0, dimensions));
  return first;
}
