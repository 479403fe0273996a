/**
 * A store of this package's own: rows in memory, or in a folder behind a `Keeper`. Calls take turns, in the order in which they came.
 */
import { SemspaceError } from "../errors.ts";
import { checkedEntries, checkedSearch, checkVector } from "./check-entries.ts";
import { compileFilter, type Filter } from "./filter.ts";
import { graphPays } from "./index-options.ts";
import { bestHits } from "./hits.ts";
import { fusedScores, reciprocalRankFusion } from "./fusion.ts";
import { scoreParts } from "./lexical/score-parts.ts";
import { type TermReader, termReader } from "./lexical/terms.ts";
import type { LocalRows } from "./local-rows.ts";
import type { HybridSearchOptions, Store, StoreEntry, StoreHit, StoreRecord, StoreSearchOptions } from "./store.ts";
import { valuesOf } from "./vectors/row-codes.ts";

/** What keeps the rows of a store: see folder/folder-keeper.ts. */
export interface Keeper {
  /** Before a change. Rejects where somebody else writes; gives new rows where somebody else has written. */
  claim(): Promise<LocalRows | undefined>;
  /** Gives new rows where these are not the best ones any more. */
  flush(rows: LocalRows): Promise<LocalRows | undefined>;
  /** Rows read anew, where others have changed what `error` is about; undefined where it stays an error. */
  reopen(error: unknown): Promise<LocalRows | undefined>;
  close(): Promise<void>;
}

/** Where one index stops looking like the other: BM25 as bm25s sets it. */
const BM25 = { k1: 1.5, b: 0.75 };
/** Hits of each side that reciprocal ranks look at. */
const FUSED = 100;

type Found = readonly { readonly row: number; readonly score: number }[];

export class LocalStore implements Store {
  readonly dimensions: number;
  #rows: LocalRows;
  readonly #keeper: Keeper | undefined;
  readonly #terms: TermReader;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(rows: LocalRows, { keeper, terms = termReader() }: { keeper?: Keeper; terms?: TermReader } = {}) {
    this.dimensions = rows.dimensions;
    this.#rows = rows;
    this.#keeper = keeper;
    this.#terms = terms;
  }

  upsert(entries: readonly StoreEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      const checked = checkedEntries(entries, this.dimensions);
      await this.#replace(await this.#keeper?.claim());
      for (const entry of checked) this.#rows.append(entry);
      if (!this.#keeper && this.#rows.mostlyDead) await this.#replace(await this.#rows.compacted());
      if (this.#rows.madeGraph || this.#rows.count >= graphPays) await this.#rows.graph();
    });
  }

  delete(ids: readonly string[]): Promise<number> {
    return this.#inTurn(async () => {
      await this.#replace(await this.#keeper?.claim());
      let removed = 0;
      for (const id of ids) if (this.#rows.remove(id)) removed += 1;
      return removed;
    });
  }

  get(ids: readonly string[]): Promise<(StoreEntry | undefined)[]> {
    return this.#read(async (rows) => {
      const entries: (StoreEntry | undefined)[] = [];
      for (const id of ids) {
        const row = rows.rowOf(id);
        entries.push(
          row === undefined ? undefined : { ...(await recordOf(rows, row)), vector: valuesOf(await rows.kept(row)) },
        );
      }
      return entries;
    });
  }

  async search(vector: Float32Array, options: StoreSearchOptions): Promise<StoreHit[]> {
    const [hits] = await this.searchMany([vector], options);
    return hits;
  }

  searchMany(vectors: readonly Float32Array[], options: StoreSearchOptions): Promise<StoreHit[][]> {
    return this.#read(async (rows) => {
      for (const [i, vector] of vectors.entries()) checkVector(vector, this.dimensions, queryName(i, vectors.length));
      const { k, minScore, allows } = checkedSearch(options);
      const allowed = await rows.allowed(allows);
      const found = await rows.nearest(vectors, { k, allowed });
      return Promise.all(found.map((one) => hitsOf(rows, pairs(one), minScore)));
    });
  }

  searchText(query: string, options: StoreSearchOptions): Promise<StoreHit[]> {
    return this.#read(async (rows) => {
      const { k, minScore, allows } = checkedSearch(options);
      const allowed = await rows.allowed(allows);
      const { scores } = await this.#lexical(rows, query);
      return hitsOf(rows, best(scores, { k, allowed, above: 0 }), minScore);
    });
  }

  searchHybrid(query: { vector: Float32Array; text: string }, options: HybridSearchOptions): Promise<StoreHit[]> {
    return this.#read(async (rows) => {
      checkVector(query.vector, this.dimensions, "The query");
      const { k, minScore, allows } = checkedSearch(options);
      const { fusion = "weighted", weights = [0.5, 0.5] } = options;
      if (rows.count === 0) return [];
      const allowed = await rows.allowed(allows);
      const meaning = await (await rows.table()).scores(query.vector);
      const words = await this.#lexical(rows, query.text);
      if (fusion === "weighted") {
        // Dead rows count for nothing in the range of the scores.
        for (const [row, alive] of rows.alive.entries()) if (alive === 0) meaning[row] = Number.NaN;
        const fused = fusedScores([meaning, words.scores], { weights, leastRanges: [0, words.fullMatch] });
        return hitsOf(rows, best(fused, { k, allowed }), minScore);
      }
      const rankings = [
        best(meaning, { k: FUSED + k, allowed }),
        best(words.scores, { k: FUSED + k, allowed, above: 0 }),
      ];
      const ranked = rankings.map((found) => found.map(({ row, score }) => ({ index: row, score })));
      const fused = reciprocalRankFusion(ranked, { weights, top: k });
      return hitsOf(
        rows,
        fused.map(({ index, score }) => ({ row: index, score })),
        minScore,
      );
    });
  }

  async *list(filter?: Filter): AsyncGenerator<StoreRecord> {
    const found = await this.#read(async (rows) => {
      const allowed = (await rows.allowed(filter === undefined ? undefined : compileFilter(filter))) ?? rows.alive;
      const records: StoreRecord[] = [];
      for (const { from, segment } of rows.segments) {
        const metadata = await segment.metadata();
        for (let row = 0; row < segment.rows; row += 1)
          if (allowed[from + row] === 1)
            records.push({ id: rows.idOf(from + row), ...(metadata[row] && { metadata: metadata[row] }) });
      }
      return records;
    });
    yield* found;
  }

  count(): Promise<number> {
    return this.#read((rows) => Promise.resolve(rows.living));
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => this.#replace(await this.#keeper?.flush(this.#rows)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.flush();
    } finally {
      this.#closed = true;
      await this.#turn;
      await this.#rows.close();
      await this.#keeper?.close();
    }
  }

  async #replace(rows: LocalRows | undefined): Promise<void> {
    if (!rows) return;
    await this.#rows.close();
    this.#rows = rows;
  }

  async #lexical(rows: LocalRows, query: string): Promise<{ scores: Float32Array; fullMatch: number }> {
    const parts = await rows.lexicalParts();
    const alive = rows.living === rows.count ? undefined : rows.alive;
    return scoreParts({ parts, rows: rows.count, alive }, this.#terms(query), BM25);
  }

  /** Reads; once more where the files were replaced meanwhile. */
  #read<T>(work: (rows: LocalRows) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      try {
        return await work(this.#rows);
      } catch (error) {
        const rows = await this.#keeper?.reopen(error);
        if (!rows) throw error;
        await this.#replace(rows);
        return work(rows);
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new SemspaceError("disposed", "This store was closed. Open it again."));
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function queryName(i: number, count: number): string {
  return count === 1 ? "The query" : `Query ${i}`;
}

function pairs({ rows, scores }: { rows: Int32Array; scores: Float32Array }): Found {
  return Array.from(rows, (row, i) => ({ row, score: scores[i] }));
}

/** The best of the rows that may be found. */
function best(
  scores: Float32Array,
  { k, allowed, above }: { k: number; allowed: Uint8Array | undefined; above?: number },
): Found {
  const open = allowed ? scores.map((score, row) => (allowed[row] === 1 ? score : Number.NaN)) : scores;
  return bestHits(open, Math.min(k, open.length), above).map(({ index, score }) => ({ row: index, score }));
}

async function hitsOf(rows: LocalRows, found: Found, minScore: number): Promise<StoreHit[]> {
  const good = found.filter(({ score }) => score >= minScore);
  return Promise.all(good.map(async ({ row, score }) => Object.assign(await recordOf(rows, row), { score })));
}

async function recordOf(rows: LocalRows, row: number): Promise<StoreRecord> {
  const { text, metadata } = await rows.record(row);
  return { id: rows.idOf(row), ...(text !== undefined && { text }), ...(metadata && { metadata }) };
}
