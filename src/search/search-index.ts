/**
 * Search over texts in memory: by meaning (cosine of vectors), by words (BM25), or both fused.
 * Vectors are kept in one byte a dimension; what a cache knows is not embedded again.
 */
import { oneOf, SemspaceError, shown, wholeNumber } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import { contentKey } from "./content-key.ts";
import { hybrid } from "./fusion.ts";
import { bestHits, type Hit } from "./hits.ts";
import { createLexicalIndex, type LexicalIndex } from "./lexical.ts";
import { cosines, encodeDirection } from "./quantized-vectors.ts";
import type { TermCache } from "./term-cache.ts";
import type { VectorCache } from "./vector-cache.ts";

export const searchModes = ["hybrid", "semantic", "lexical"] as const;
/** By meaning and words, by meaning, by words. */
export type SearchMode = (typeof searchModes)[number];

/** What can be searched: a text, or anything that has one, such as a passage. A heading counts as part of it. */
export type Searchable = string | { readonly text: string; readonly heading?: string };

export interface IndexOptions {
  /** Makes the vectors. Without it the index is lexical only. */
  embedder?: Embedder | undefined;
  /** Vectors made before; new ones are added and saved. */
  cache?: VectorCache | undefined;
  /** Terms read before; those of new texts are added at the first search by words. Its `save()` is the caller's affair. */
  termCache?: TermCache | undefined;
  /** Called as texts get their vectors; those from the cache count as done at once. */
  progress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface SearchOptions {
  /** How many hits to give. Default 10. */
  top?: number;
  /** Default: hybrid, or lexical for an index without an embedder. */
  mode?: SearchMode;
}

export interface SearchHit<T> extends Hit {
  item: T;
}

/** Texts that are embedded at once. */
const BATCH = 2048;
/** Milliseconds of embedding after which the cache is saved, so that little is lost when the program is ended. */
const SAVE_EVERY = 20_000;

/**
 * Makes an index of items; embeds the texts that the cache does not know. Throws `invalid-argument` for what is no list of
 * texts or of objects with a `text`.
 *
 * @example
 * const index = await createIndex(["a recipe for soup", "engine oil"], { embedder: await loadEmbedder() });
 * await index.search("cooking", { top: 1 }); // [{ item: "a recipe for soup", index: 0, score: … }]
 */
export async function createIndex<T extends Searchable>(
  items: readonly T[],
  options: IndexOptions = {},
): Promise<SearchIndex<T>> {
  const { embedder } = options;
  checkItems(items);
  const codes = embedder ? await directions(items.map(textOf), { ...options, embedder }) : undefined;
  return new SearchIndex(items, { embedder, codes, termCache: options.termCache });
}

/** Made by {@link createIndex}. */
export class SearchIndex<T extends Searchable> {
  readonly #items: readonly T[];
  readonly #embedder: Embedder | undefined;
  readonly #codes: Int8Array | undefined;
  readonly #termCache: TermCache | undefined;
  /** Made when the first query needs it. */
  #lexical: LexicalIndex | undefined;

  constructor(
    items: readonly T[],
    { embedder, codes, termCache }: Pick<IndexOptions, "embedder" | "termCache"> & { codes: Int8Array | undefined },
  ) {
    this.#items = items;
    this.#embedder = embedder;
    this.#codes = codes;
    this.#termCache = termCache;
  }

  /** What is searched, as it was given. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Number of items. */
  get size(): number {
    return this.#items.length;
  }

  /**
   * The best items for a query, best first. Scores: cosine (semantic), BM25 (lexical), 0 … 1 relative to this query (hybrid).
   * A lexical search gives only items that share a word with the query.
   * Throws `invalid-argument` for a query that is no string, an unknown mode, or one that needs an embedder when the index has none.
   */
  async search(query: string, options: SearchOptions = {}): Promise<SearchHit<T>[]> {
    if (typeof query !== "string")
      throw new SemspaceError("invalid-argument", `A query must be a string, got ${shown(query)}.`);
    const top = wholeNumber("top", options.top ?? 10, 1);
    const mode = oneOf("search mode", options.mode ?? (this.#embedder ? "hybrid" : "lexical"), searchModes);
    if (this.#items.length === 0) return [];
    const hits = await this.#hits(query, mode, top);
    return hits.map(({ index, score }) => ({ index, score, item: this.#items[index] }));
  }

  async #hits(query: string, mode: SearchMode, top: number): Promise<Hit[]> {
    if (mode === "lexical") return this.#words().search(query, top);
    if (!this.#embedder || !this.#codes) {
      throw new SemspaceError(
        "invalid-argument",
        `A ${mode} search needs an embedder, and this index has none. Pass one to createIndex, or use mode: "lexical".`,
      );
    }
    const semantic = cosines(await this.#embedder.encodeQuery(query), this.#codes);
    if (mode === "semantic") return bestHits(semantic, top);
    const words = this.#words();
    return hybrid(semantic, words.scores(query), { top, fullMatch: words.fullMatch(query) });
  }

  #words(): LexicalIndex {
    this.#lexical ??= createLexicalIndex(this.#items.map(textOf), { known: this.#termCache?.known });
    return this.#lexical;
  }
}

function checkItems(items: unknown): void {
  if (!Array.isArray(items))
    throw new SemspaceError(
      "invalid-argument",
      `Items must be an array of texts or of objects with a text, got ${shown(items)}. Put one text into an array too.`,
    );
  for (const [i, item] of (items as unknown[]).entries()) {
    const { text, heading } = (typeof item === "string" ? { text: item } : (item ?? {})) as Record<string, unknown>;
    const wrong =
      typeof text !== "string"
        ? "a text or an object with a string text"
        : heading !== undefined && typeof heading !== "string"
          ? "with a heading that is a string or left out"
          : undefined;
    if (wrong) throw new SemspaceError("invalid-argument", `Item ${i} must be ${wrong}, got ${shown(item)}.`);
  }
}

function textOf(item: Searchable): string {
  if (typeof item === "string") return item;
  return item.heading ? `${item.heading}\n${item.text}` : item.text;
}

/** The codes of all texts, [texts, dimensions]; equal texts are embedded once. */
async function directions(
  texts: readonly string[],
  options: IndexOptions & { embedder: Embedder },
): Promise<Int8Array> {
  const { embedder, cache, progress, signal } = options;
  const { dimensions } = embedder;
  const codes = new Int8Array(texts.length * dimensions);
  const missing = new Map<number, number[]>(); // key → its positions
  let done = 0;
  for (const [i, text] of texts.entries()) {
    const key = contentKey(text);
    const known = cache?.get(key);
    if (known) {
      codes.set(known, i * dimensions);
      done += 1;
      continue;
    }
    const positions = missing.get(key);
    if (positions) positions.push(i);
    else missing.set(key, [i]);
  }
  const queue = [...missing];
  let saved = Date.now();
  for (let at = 0; at < queue.length; at += BATCH) {
    progress?.(done, texts.length);
    const batch = queue.slice(at, at + BATCH);
    const within = (fraction: { done: number }) => progress?.(done + fraction.done, texts.length);
    const vectors = await embedder.encodeDocument(
      batch.map(([, [first]]) => texts[first]),
      { progress: within, ...(signal && { signal }) },
    );
    for (const [row, [key, positions]] of batch.entries()) {
      const direction = encodeDirection(vectors.row(row));
      for (const position of positions) codes.set(direction, position * dimensions);
      cache?.set(key, direction);
      done += positions.length;
    }
    if (Date.now() - saved > SAVE_EVERY) {
      await cache?.save();
      saved = Date.now();
    }
  }
  progress?.(done, texts.length);
  await cache?.save();
  return codes;
}
