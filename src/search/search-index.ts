/**
 * An index: texts and their vectors by id, found by meaning (vectors), by words (BM25), or by both fused. What is kept, and where, is the
 * affair of its `Store`; here texts become vectors, and hits are reranked and made various.
 */
import { oneOf, SemspaceError, shown, wholeNumber } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import { marginalRelevance } from "./diversity.ts";
import { checkedItems, textOf, vectorsOf } from "./embed-items.ts";
import type { Filter } from "./filter.ts";
import {
  type AddOptions,
  type IndexItem,
  type IndexObject,
  type IndexOptions,
  type Reranker,
  type SearchHit,
  type SearchMode,
  searchModes,
  type SearchOptions,
} from "./index-options.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { Store, StoreEntry, StoreRecord } from "./store.ts";
import type { VectorCache } from "./vector-cache.ts";

const DEFAULT_K = 10;
/** Hits that a second look goes over. */
const CANDIDATES = 50;

/**
 * Makes an empty index in memory, or opens or makes one in the folder `path`, or one over a given store. Without an embedder (undefined)
 * it searches by words, or takes vectors with its items.
 *
 * @example
 * const index = await createIndex(await loadEmbedder());
 * await index.add(["a recipe for soup", { id: "oil", text: "engine oil", metadata: { kind: "part" } }]);
 * await index.search("cooking", { k: 1 }); // [{ id: "0", text: "a recipe for soup", score: … }]
 * await index.search("grease", { filter: { kind: "part" } });
 */
export async function createIndex(embedder: Embedder | undefined, options: IndexOptions = {}): Promise<SearchIndex> {
  const dimensions = embedder?.dimensions ?? options.dimensions ?? 0;
  const store = options.store ?? (await ownStore(embedder, { ...options, dimensions }));
  if (embedder && store.dimensions !== dimensions) {
    throw new SemspaceError(
      "mismatch",
      `The store has vectors of ${store.dimensions} dimensions, ${embedder.name} makes ${dimensions}. Use the model that it was made with.`,
    );
  }
  return new SearchIndex(store, { embedder, cache: options.cache });
}

async function ownStore(
  embedder: Embedder | undefined,
  options: IndexOptions & { dimensions: number },
): Promise<Store> {
  const { path, termCache } = options;
  if (path === undefined) return createMemoryStore({ ...options, knownTerms: termCache?.known });
  const { openFolderStore } = await import("./folder/folder-store.ts");
  return openFolderStore(path, { ...options, embedder, create: true });
}

/**
 * Opens the index in a folder, in a browser at a URL (for reading). Throws `missing-file` where there is none, `mismatch` for another
 * model than it was made with, `invalid-file` where it is damaged.
 */
export async function openIndex(
  path: string,
  embedder?: Embedder,
  options: Omit<IndexOptions, "path" | "store" | "dimensions"> = {},
): Promise<SearchIndex> {
  const { openFolderStore } = await import("./folder/folder-store.ts");
  const store = await openFolderStore(path, { ...options, embedder, create: false });
  return new SearchIndex(store, { embedder, cache: options.cache });
}

/** Made by {@link createIndex} and {@link openIndex}. */
export class SearchIndex {
  /** What is kept; for what an index does not do. */
  readonly store: Store;
  readonly #embedder: Embedder | undefined;
  readonly #cache: VectorCache | undefined;

  constructor(store: Store, { embedder, cache }: { embedder: Embedder | undefined; cache: VectorCache | undefined }) {
    this.store = store;
    this.#embedder = embedder;
    this.#cache = cache;
  }

  /**
   * Adds items, in place of those with the same ids; gives the ids. Texts are embedded unless the item brings its vector.
   * Throws `invalid-argument` that names the item that is none.
   */
  async add(items: readonly IndexItem[], options: AddOptions = {}): Promise<string[]> {
    const objects = checkedItems(items);
    const ids = await this.#idsOf(objects);
    const vectors = await this.#vectors(objects, options);
    options.signal?.throwIfAborted();
    const entries = objects.map((item, i) => ({
      id: ids[i],
      vector: vectors[i],
      text: textOf(item),
      metadata: item.metadata,
    }));
    await this.store.upsert(entries);
    return ids;
  }

  /**
   * Changes one entry: what is given takes the place of what was; only a new text is embedded again. Throws `invalid-argument` for an id
   * that is not there.
   */
  async update(id: string, change: Omit<IndexObject, "id">): Promise<void> {
    const [old] = await this.store.get([id]);
    if (!old)
      throw new SemspaceError("invalid-argument", `The index has no entry ${shown(id)}. Use add for a new one.`);
    const text = change.text === undefined ? old.text : textOf(change);
    const [vector] =
      change.vector || text === old.text
        ? [change.vector ?? old.vector]
        : await this.#vectors(checkedItems([{ text }]), {});
    await this.store.upsert([{ id, vector, text, metadata: change.metadata ?? old.metadata }]);
  }

  /** Removes entries; gives how many were there. */
  delete(ids: string | readonly string[]): Promise<number> {
    return this.store.delete(typeof ids === "string" ? [ids] : ids);
  }

  /** An entry with its text, metadata and vector as it is kept; undefined where there is none. */
  async get(id: string): Promise<StoreEntry | undefined> {
    return (await this.store.get([id]))[0];
  }

  /** Ids and metadata of the entries that pass the filter. */
  list(filter?: Filter): AsyncIterable<StoreRecord> {
    return this.store.list(filter);
  }

  /** How many entries there are. */
  count(): Promise<number> {
    return this.store.count();
  }

  /**
   * The best entries for a text or a vector, best first. Scores: cosine (semantic), BM25 (lexical), 0 … 1 relative to this query
   * (hybrid), or the reranker's. A lexical search gives only entries that share a word with the query.
   * Throws `invalid-argument` for wrong options, or a mode that needs an embedder where there is none.
   */
  async search(query: string | Float32Array, options: SearchOptions = {}): Promise<SearchHit[]> {
    const { rerank, diversity, signal } = options;
    const k = wholeNumber("k", options.k ?? DEFAULT_K, 1);
    const looks = rerank ? rerankOf(rerank) : undefined;
    const candidates = Math.max(k, looks?.candidates ?? 0, diversity ? (diversity.candidates ?? CANDIDATES) : 0);
    const minScore = looks ? undefined : options.minScore;
    let hits = await this.#find(query, { ...options, k: candidates, minScore });
    signal?.throwIfAborted();
    if (looks) hits = await reranked(looks.reranker, { query, hits, minScore: options.minScore });
    signal?.throwIfAborted();
    return diversity ? this.#various(hits, { k, lambda: diversity.lambda }) : hits.slice(0, k);
  }

  /** Resolves when all that was done before is kept for good. */
  flush(): Promise<void> {
    return this.store.flush();
  }

  /** Flushes, and lets go of files, threads and memory; the embedder stays. */
  close(): Promise<void> {
    return this.store.close();
  }

  async #find(query: string | Float32Array, options: SearchOptions & { k: number }): Promise<SearchHit[]> {
    const { k, filter, minScore } = options;
    if (query instanceof Float32Array) {
      if (options.mode !== undefined && options.mode !== "semantic")
        throw wrong(`A ${options.mode} search needs a text, got a vector. Use mode: "semantic".`);
      return this.store.search(query, { k, filter, minScore });
    }
    if (typeof query !== "string") throw wrong(`A query must be a string or a Float32Array, got ${shown(query)}.`);
    const mode = this.#modeOf(options.mode);
    if (mode === "lexical") {
      if (!this.store.searchText) throw wrong(`This store cannot search by words. Use mode: "semantic".`);
      return this.store.searchText(query, { k, filter, minScore });
    }
    const vector = await this.#embedderFor(mode).encodeQuery(query, {
      ...(options.signal && { signal: options.signal }),
    });
    if (mode === "semantic") return this.store.search(vector, { k, filter, minScore });
    if (!this.store.searchHybrid) throw wrong(`This store cannot search by words. Use mode: "semantic".`);
    const { fusion, weights } = options;
    return this.store.searchHybrid({ vector, text: query }, { k, filter, minScore, fusion, weights });
  }

  #modeOf(mode: SearchMode | undefined): SearchMode {
    if (mode !== undefined) return oneOf("search mode", mode, searchModes);
    if (!this.#embedder) return "lexical";
    return this.store.searchHybrid ? "hybrid" : "semantic";
  }

  async #various(hits: readonly SearchHit[], { k, lambda }: { k: number; lambda: number }): Promise<SearchHit[]> {
    const entries = await this.store.get(hits.map(({ id }) => id));
    const there = hits.flatMap((hit, i) => (entries[i] ? [{ hit, vector: entries[i].vector }] : []));
    const scores = there.map(({ hit }) => hit.score);
    const [low, high] = [Math.min(0, ...scores), Math.max(1, ...scores)];
    const relevance = scores.map((score) => (score - low) / (high - low));
    const vectors = there.map(({ vector }) => vector);
    return marginalRelevance(relevance, vectors, { k, lambda }).map((i) => there[i].hit);
  }

  async #vectors(objects: readonly IndexObject[], options: AddOptions): Promise<Float32Array[]> {
    const missing = objects.flatMap((object, i) => (object.vector ? [] : [i]));
    const vectors = objects.map(({ vector }) => vector ?? new Float32Array(0));
    if (missing.length === 0 || (!this.#embedder && this.store.dimensions === 0)) return vectors;
    const texts = missing.map((i) => textOf(objects[i])!);
    const made = await vectorsOf(texts, { ...options, embedder: this.#embedderFor("semantic"), cache: this.#cache });
    for (const [at, i] of missing.entries()) vectors[i] = made[at];
    return vectors;
  }

  /** Items without an id are numbered on from the number of entries, past ids that are taken. */
  async #idsOf(objects: readonly IndexObject[]): Promise<string[]> {
    const given = new Set(objects.map(({ id }) => id));
    const unnamed = objects.filter(({ id }) => id === undefined).length;
    if (unnamed === 0) return objects.map(({ id }) => id!);
    for (let start = await this.count(); ; start += unnamed) {
      const numbers = Array.from({ length: unnamed }, (_, i) => String(start + i));
      if (numbers.some((id) => given.has(id))) continue;
      if ((await this.store.get(numbers)).some((entry) => entry !== undefined)) continue;
      let next = start;
      return objects.map(({ id }) => id ?? String(next++));
    }
  }

  #embedderFor(mode: SearchMode): Embedder {
    if (this.#embedder) return this.#embedder;
    throw wrong(
      `A ${mode} search needs an embedder, and this index has none. Pass one to createIndex, or use mode: "lexical".`,
    );
  }
}

function rerankOf(rerank: NonNullable<SearchOptions["rerank"]>): { reranker: Reranker; candidates: number } {
  if ("reranker" in rerank) {
    const { reranker, candidates = CANDIDATES } = rerank;
    return { reranker, candidates: wholeNumber("candidates", candidates, 1) };
  }
  return { reranker: rerank, candidates: CANDIDATES };
}

async function reranked(
  reranker: Reranker,
  { query, hits, minScore = -Infinity }: { query: unknown; hits: readonly SearchHit[]; minScore: number | undefined },
): Promise<SearchHit[]> {
  if (typeof query !== "string") throw wrong("Reranking needs the query as a text, got a vector.");
  if (hits.length === 0) return [];
  const answer = await reranker.rerank(
    query,
    hits.map(({ text }) => text ?? ""),
  );
  const scored = Array.from(answer as ArrayLike<number | { index: number; score: number }>, (one, i) =>
    typeof one === "number" ? { index: i, score: one } : one,
  );
  return scored
    .filter(({ index, score }) => hits[index] !== undefined && score >= minScore)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index, score }) => Object.assign({}, hits[index], { score }));
}

function wrong(message: string): SemspaceError {
  return new SemspaceError("invalid-argument", message);
}
