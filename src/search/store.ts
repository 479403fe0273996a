/**
 * Where an index keeps its entries: the interface that memory, a folder and, behind adapters, databases share.
 * Vectors come in as the embedder gives them; a store of cosines scales them itself. One contract test holds every store (store-contract.ts).
 */
import type { Filter, Metadata } from "./filter.ts";

/** What a store is given. */
export interface StoreEntry {
  /** Unique in the store, not empty; an entry with the same id is replaced. */
  readonly id: string;
  /** Of the store's dimensions, finite. */
  readonly vector: Float32Array;
  readonly text?: string | undefined;
  /** JSON values by field; filters look at these. */
  readonly metadata?: Metadata | undefined;
}

/** An entry without its vector. */
export interface StoreRecord {
  readonly id: string;
  readonly text?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

export interface StoreHit extends StoreRecord {
  /** Higher is better: the cosine or dot product, BM25, or what a fusion gave. */
  readonly score: number;
}

export interface StoreSearchOptions {
  /** Most hits, at least 1. */
  readonly k: number;
  readonly filter?: Filter | undefined;
  /** Hits below it are left out. */
  readonly minScore?: number | undefined;
}

/** Entries by id, found by vector. All calls reject with `disposed` after `close()`. */
export interface Store {
  readonly dimensions: number;
  /**
   * Adds entries or replaces those with the same id; of two with one id in a call the later counts. All of a call or none of it.
   * Rejects with `mismatch` for a vector of another length, `invalid-argument` for one that is not finite, an empty id, metadata that is not JSON.
   */
  upsert(entries: readonly StoreEntry[]): Promise<void>;
  /** Removes entries; ids that are not there are no error. Gives how many were. */
  delete(ids: readonly string[]): Promise<number>;
  /** One entry an id, undefined where there is none. A vector comes back as it is kept: scaled to length 1 for cosines, rounded for int8. */
  get(ids: readonly string[]): Promise<(StoreEntry | undefined)[]>;
  /** The nearest entries, best first, equal scores in the order in which they were added. */
  search(vector: Float32Array, options: StoreSearchOptions): Promise<StoreHit[]>;
  /** As `search` for many queries at once, which is faster: row i of the result for vector i. Without it `search` is called for each. */
  searchMany?(vectors: readonly Float32Array[], options: StoreSearchOptions): Promise<StoreHit[][]>;
  /** The entries that share words with the query, by BM25. A store without it cannot search by words. */
  searchText?(query: string, options: StoreSearchOptions): Promise<StoreHit[]>;
  /** Both at once, all scores fused. */
  searchHybrid?(query: { vector: Float32Array; text: string }, options: HybridSearchOptions): Promise<StoreHit[]>;
  /** Every entry that passes the filter, in the order in which they were added. */
  list(filter?: Filter): AsyncIterable<StoreRecord>;
  /** How many entries there are. */
  count(): Promise<number>;
  /** Resolves when all that was done before is kept for good. */
  flush(): Promise<void>;
  /** Flushes and lets go of files, threads and memory. */
  close(): Promise<void>;
}

/** How meaning and words become one score: see fusion.ts. */
export type FusionKind = "weighted" | "reciprocal-rank";

export interface HybridSearchOptions extends StoreSearchOptions {
  /** Default: weighted. */
  readonly fusion?: FusionKind | undefined;
  /** Weights of meaning and of words. Default: alike. */
  readonly weights?: readonly [meaning: number, words: number] | undefined;
}
