/** What an index is made with, takes and gives; the calls are `createIndex` and `openIndex` (search-index.ts). */
import type { Filter, Metadata } from "./filter.ts";
import type { FusionKind, Store, StoreHit } from "./store.ts";
import type { TermCache } from "./term-cache.ts";
import type { VectorCache } from "./vector-cache.ts";

/** How vectors are kept: as they are, one byte a dimension, or one bit a dimension beside one byte (found by bits, ranked by bytes). */
export const indexDtypes = ["float32", "int8", "binary"] as const;
export type IndexDtype = (typeof indexDtypes)[number];

/** By meaning and words, by meaning, by words. */
export const searchModes = ["hybrid", "semantic", "lexical"] as const;
export type SearchMode = (typeof searchModes)[number];

/** Entries from which an index has a graph of its own accord: below, an exact search takes a few milliseconds anyway. */
export const graphPays = 500_000;

/** How a local index keeps and scans its vectors. */
export interface VectorOptions {
  /** Default "float32". */
  dtype?: IndexDtype | undefined;
  /** "cosine" (default: vectors are scaled to length 1) or "dot" (they are kept as they come). */
  measure?: "cosine" | "dot" | undefined;
  /** Find candidates by the first dimensions only, as models trained for it allow (Matryoshka); they are ranked by all. */
  firstDimensions?: number | undefined;
  /** Threads of a scan. Default: the cores. The results are the same with any number. */
  threads?: number | undefined;
  /**
   * A graph of neighbours (HNSW) in place of exact search: "auto" (default) from {@link graphPays} entries on, or always, or never. It finds
   * nearly all of the nearest, and grows as entries are added.
   */
  graph?: "auto" | boolean | undefined;
  /** Whether float32 vectors are found by int8 codes beside them: the same results in less time, a quarter more memory. Default true. */
  codes?: boolean | undefined;
}

export interface IndexOptions extends VectorOptions {
  /** Where entries are kept. Default: the folder `path`, else memory. */
  store?: Store | undefined;
  /** A folder that is made for the index, or opened when it holds one of the same model. */
  path?: string | undefined;
  /** Length of the vectors that items bring, for an index without an embedder. */
  dimensions?: number | undefined;
  /** `modelFingerprint(source)`: another model is then refused by its files. Without it by the vector that it makes of a known text. */
  fingerprint?: string | undefined;
  /** Vectors made before, by content; new ones are added and saved. */
  cache?: VectorCache | undefined;
  /** Terms read before, for an index in memory. Its `save()` is the caller's affair. */
  termCache?: TermCache | undefined;
}

/** What can be added: a text, or anything that has one. A heading counts as part of the text; an item with a vector need not have a text. */
export type IndexItem = string | IndexObject;

export interface IndexObject {
  /** Default: the number of entries ever added, as a string. */
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  readonly heading?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** Made before; else the embedder makes it from the text. */
  readonly vector?: Float32Array | undefined;
}

export interface AddOptions {
  /** Called as texts get their vectors; those from the cache count as done at once. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A cross-encoder, or anything that scores documents for a query. */
export interface Reranker {
  /** One score a document, or hits with the document's position; higher is better. */
  rerank(
    query: string,
    documents: readonly string[],
  ): Promise<readonly { readonly index: number; readonly score: number }[] | ArrayLike<number>>;
}

export interface SearchOptions {
  /** Most hits. Default 10. */
  k?: number;
  /** Conditions on metadata, see {@link Filter}. */
  filter?: Filter | undefined;
  /** Hits below it are left out; on the scale of the mode. */
  minScore?: number | undefined;
  /** Default: hybrid for a text where the store can, else semantic; lexical for an index without an embedder. */
  mode?: SearchMode | undefined;
  /** How hybrid scores are made. Default "weighted". */
  fusion?: FusionKind | undefined;
  /** Weights of meaning and of words in hybrid search. Default: alike. */
  weights?: readonly [meaning: number, words: number] | undefined;
  /**
   * Maximal marginal relevance (Carbonell and Goldstein 1998): hits that repeat others give way. 0 … 1; 1 is relevance alone.
   * Chosen among the best `candidates`.
   */
  diversity?: { lambda: number; candidates?: number } | undefined;
  /** Orders the best `candidates` (default 50) by a second look at their texts; scores are then the reranker's. */
  rerank?: Reranker | { reranker: Reranker; candidates?: number } | undefined;
  signal?: AbortSignal | undefined;
}

export type SearchHit = StoreHit;
