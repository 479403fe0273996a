/**
 * One vector per word, and everything that can be asked of them: what every trainer returns and every reader gives.
 * The meaning of each operation is that of gensim 4.4's `KeyedVectors`; the files in operations/ say where it differs.
 */
import { SemspaceError } from "../errors.ts";
import { Matrix } from "../matrix/index.ts";
import { rankByCentrality } from "./operations/centrality.ts";
import {
  closerThan,
  cosine,
  distances,
  mostSimilarToGiven,
  nSimilarity,
  relativeCosine,
} from "./operations/distances.ts";
import { type Item, type MeanOptions, meanVector, vectorOf, vectorOfIndex } from "./operations/mean-vector.ts";
import {
  mostSimilar,
  mostSimilarCosmul,
  type Neighbor,
  type NeighborOptions,
  type Query,
  type SimilaritiesOptions,
  similarities,
} from "./operations/most-similar.ts";
import { wordMoversDistance } from "./operations/movers-distance.ts";
import { buildScan, type Scan } from "./operations/scan.ts";
import { NgramTable } from "./tables/ngram-table.ts";
import { type QuantizedOptions, quantizedTable } from "./tables/quantized-table.ts";
import { asMatrix, rowNorms, type SubwordTable, unit, type VectorTable } from "./tables/vector-table.ts";

export interface WordVectorsOptions {
  /** How often each word occurs in what the vectors were learned from. */
  counts?: ArrayLike<number> | undefined;
  /** Makes vectors for words that are not among `words`. */
  subwords?: SubwordTable | undefined;
}

/**
 * @example
 * const vectors = await loadWordVectors("glove.6B.50d.txt");
 * vectors.mostSimilar("frog", { top: 2 });                            // [{ word: "toad", similarity: 0.81 }, …]
 * vectors.mostSimilar({ positive: ["king", "woman"], negative: ["man"] })[0].word; // "queen"
 * vectors.doesntMatch(["breakfast", "cereal", "dinner", "lunch"]);    // "cereal"
 */
export class WordVectors {
  readonly words: readonly string[];
  /** The stored rows: a `Matrix`, or one with fewer bytes a number. */
  readonly table: VectorTable;
  readonly counts: ArrayLike<number> | undefined;
  readonly subwords: SubwordTable | undefined;
  #index: Map<string, number> | undefined;
  #norms: Float32Array | undefined;
  #scan: Scan | undefined | null = null;

  /** Nothing is copied. Throws `mismatch` when there is not one row and one count a word; of a word that comes twice the first row counts. */
  constructor(words: readonly string[], vectors: VectorTable, { counts, subwords }: WordVectorsOptions = {}) {
    if (words.length !== vectors.rows || (counts && counts.length !== words.length)) {
      const got = counts ? `${vectors.rows} vectors and ${counts.length} counts` : `${vectors.rows} vectors`;
      throw new SemspaceError("mismatch", `${words.length} words need one vector and one count each, got ${got}.`);
    }
    this.words = words;
    this.table = vectors;
    this.counts = counts;
    this.subwords = subwords;
  }

  /** How many words have a vector of their own. */
  get size(): number {
    return this.words.length;
  }

  get dimensions(): number {
    return this.table.columns;
  }

  /** [size, dimensions], row i for `words[i]`; a copy where the table is quantised. */
  get vectors(): Matrix {
    return asMatrix(this.table);
  }

  /** The length of each row, [size]; computed once. */
  get norms(): Float32Array {
    this.#norms ??= rowNorms(this.table);
    return this.#norms;
  }

  /** Finds the nearest rows fast; made at the first search, undefined where it is not worth it. */
  get scan(): Scan | undefined {
    if (this.#scan === null) this.#scan = buildScan(this);
    return this.#scan;
  }

  /** The row of a word; -1 when it has none of its own. */
  indexOf(word: string): number {
    if (!this.#index) {
      this.#index = new Map();
      for (let i = this.words.length - 1; i >= 0; i -= 1) this.#index.set(this.words[i], i);
    }
    return this.#index.get(word) ?? -1;
  }

  /** Whether there is a vector, of the word's own or of its subwords. */
  has(word: string): boolean {
    return this.indexOf(word) >= 0 || this.subwords?.vector(word) !== undefined;
  }

  /** Of a word or an index, [dimensions], for reading only: it may be a view. Throws `invalid-argument` for a word without one. */
  vector(word: string | number, { normalize = false }: { normalize?: boolean } = {}): Float32Array {
    const vector = typeof word === "number" ? vectorOfIndex(this, word) : this.#vectorOfWord(word);
    return normalize ? unit(vector) : vector;
  }

  /** The vectors of words or indices, [words, dimensions]. Throws as {@link vector}. */
  vectorsOf(words: readonly (string | number)[], options?: { normalize?: boolean }): Matrix {
    const matrix = Matrix.zeros(words.length, this.dimensions);
    for (const [i, word] of words.entries()) matrix.row(i).set(this.vector(word, options));
    return matrix;
  }

  #vectorOfWord(word: string): Float32Array {
    const index = this.indexOf(word);
    const vector = index >= 0 ? this.table.row(index) : this.subwords?.vector(word);
    if (vector) return vector;
    throw new SemspaceError("invalid-argument", `"${word}" has no vector: it is not among these ${this.size} words.`);
  }

  /** The weighted mean, [dimensions]. */
  meanVector(items: readonly Item[], options?: MeanOptions): Float32Array {
    return meanVector(this, items, options);
  }

  /** The words nearest to a word, a vector, or a combination of them (the mean of unit vectors), by cosine, best first. */
  mostSimilar(query: Query, options?: NeighborOptions): Neighbor[] {
    return mostSimilar(this, query, options);
  }

  /** The same by the product of shifted cosines (3CosMul). */
  mostSimilarCosmul(query: Query, options?: NeighborOptions): Neighbor[] {
    return mostSimilarCosmul(this, query, options);
  }

  /** The cosine of every word to a query (or what 3CosMul makes of it), in the order of the words. */
  similarities(query: Query, options?: SimilaritiesOptions): Float32Array {
    return similarities(this, query, options);
  }

  /** Cosine of two words or vectors; 0 with a vector of zeros. */
  similarity(a: Item, b: Item): number {
    return cosine(vectorOf(this, a), vectorOf(this, b));
  }

  /** 1 - {@link similarity}. */
  distance(a: Item, b: Item): number {
    return 1 - this.similarity(a, b);
  }

  /** The distance to each of `others`; without them, to every word. */
  distances(item: Item, others?: readonly Item[]): Float32Array {
    return distances(this, item, others);
  }

  /** The cosine of the means of two sets of words, their vectors not scaled. */
  nSimilarity(a: readonly string[], b: readonly string[]): number {
    return nSimilarity(this, a, b);
  }

  /** Words nearer to `a` than `b` is. */
  closerThan(a: string, b: string): string[] {
    return closerThan(this, a, b);
  }

  /** The place of `b` among the neighbours of `a`, from 1. */
  rank(a: string, b: string): number {
    return closerThan(this, a, b).length + 1;
  }

  /** The word of a list that is nearest to `word`. */
  mostSimilarToGiven(word: Item, list: readonly string[]): string {
    return mostSimilarToGiven(this, word, list);
  }

  /** The words by their nearness to the mean of all of them. */
  rankByCentrality(words: readonly string[], options?: { normalize?: boolean }): Neighbor[] {
    return rankByCentrality(this, words, options);
  }

  /** The word that is farthest from the mean of all of them. */
  doesntMatch(words: readonly string[]): string {
    return rankByCentrality(this, words).at(-1)!.word;
  }

  /** cos(a, b) / Σ cos(a, nearest `top` words of a). */
  relativeCosine(a: string, b: string, { top = 10 }: { top?: number } = {}): number {
    return relativeCosine(this, a, b, top);
  }

  /** How far the words of one text must travel to become those of the other; exact. */
  wordMoversDistance(a: readonly string[], b: readonly string[], options?: { normalize?: boolean }): number {
    return wordMoversDistance(this, [a, b], options);
  }

  /**
   * The same in less memory: one byte a number and one scale a row; with `subspaces` product-quantised, one byte a subspace and one
   * for the length of the row. The rows of n-grams go the same way. Throws `invalid-argument` for more subspaces than dimensions.
   */
  quantized(options: QuantizedOptions = {}): WordVectors {
    const { words, counts, subwords } = this;
    const store = (table: VectorTable): VectorTable => quantizedTable(table, options);
    const parts = subwords instanceof NgramTable ? subwords.stored(store) : subwords;
    return new WordVectors(words, store(this.table), { counts, subwords: parts });
  }
}
