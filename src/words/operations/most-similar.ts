/**
 * The words nearest to a combination of words and vectors: gensim's `most_similar` (the offset method, 3CosAdd) and
 * `most_similar_cosmul` (3CosMul: Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations").
 * Differs: rows of zeros have the similarity 0 (gensim: NaN, which comes first), of equal similarities the smaller index comes
 * first, and `restrict` holds for 3CosMul too (gensim takes it and ignores it).
 */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { topK } from "../../matrix/index.ts";
import type { WordVectors } from "../word-vectors.ts";
import { indexOfItem, type Item, meanVector, vectorOf } from "./mean-vector.ts";
import { rowScores } from "./scores.ts";

/** An item, or an item with its weight (instead of 1 among the positive and -1 among the negative ones). */
export type WeightedItem = Item | readonly [item: Item, weight: number];

export interface Combination {
  positive?: Item | readonly WeightedItem[] | undefined;
  negative?: Item | readonly WeightedItem[] | undefined;
}

/** What to look for: one item, or what it should be near to and far from. */
export type Query = Item | Combination;

export interface NeighborOptions {
  /** How many. Default 10. */
  top?: number | undefined;
  /** Look only among the first words, which are the most frequent ones in most files. */
  restrict?: number | undefined;
  /** Look only from this index on. Default 0. */
  from?: number | undefined;
  /** Look only below this index. Default: all. */
  to?: number | undefined;
  /**
   * Finds the neighbours of a unit vector instead, for approximate search by another library. What it gives is given: words of the query
   * may be among it, and `restrict`, `from` and `to` are not looked at. Only for `mostSimilar`.
   */
  indexer?: ((vector: Float32Array, top: number) => Neighbor[]) | undefined;
}

export interface SimilaritiesOptions extends Omit<NeighborOptions, "top" | "indexer"> {
  /** "add": the cosine to the unit mean (default); "mul": what `mostSimilarCosmul` compares. */
  method?: "add" | "mul" | undefined;
}

export interface Neighbor {
  word: string;
  similarity: number;
}

/** The nearest words, best first, without the words of the query. */
export function mostSimilar(vectors: WordVectors, query: Query, options: NeighborOptions = {}): Neighbor[] {
  const { items, mean } = combine(vectors, query);
  const { from, to, top } = range(vectors, options);
  if (options.indexer) return top === 0 ? [] : options.indexer(mean, top);
  const wanted = top + items.length;
  const found =
    vectors.scan?.top(mean, { from, to, top: wanted }) ?? best(rowScores(vectors, mean, { from, to }), wanted, from);
  return neighbors(vectors, found, { top, without: items });
}

/** The similarity of every word of the range, [to - from]; what gensim gives for `topn=None`. */
export function similarities(vectors: WordVectors, query: Query, options: SimilaritiesOptions = {}): Float32Array {
  const { method = "add" } = options;
  if (oneOf("method", method, ["add", "mul"]) === "mul") return products(vectors, query, options).scores;
  return rowScores(vectors, combine(vectors, query).mean, range(vectors, options));
}

/** The words for which Π (1 + cos positive) / 2 is large against Π (1 + cos negative) / 2. Weights are not known here. */
export function mostSimilarCosmul(vectors: WordVectors, query: Query, options: NeighborOptions = {}): Neighbor[] {
  const { items, scores } = products(vectors, query, options);
  const { from, top } = range(vectors, options);
  return neighbors(vectors, best(scores, top + items.length, from), { top, without: items });
}

function products(
  vectors: WordVectors,
  query: Query,
  options: NeighborOptions,
): { items: Item[]; scores: Float32Array } {
  const { positive, negative } = isCombination(query) ? query : { positive: query, negative: [] };
  const [plus, minus] = [listOf(positive), listOf(negative)];
  if (plus.length === 0) throw new SemspaceError("invalid-argument", "3CosMul needs at least one positive word.");
  const { from, to } = range(vectors, options);
  const product = (items: readonly WeightedItem[]): Float64Array => {
    const result = new Float64Array(to - from).fill(1);
    for (const item of items) {
      if (Array.isArray(item)) throw new SemspaceError("invalid-argument", "3CosMul takes no weights.");
      const scores = rowScores(vectors, vectorOf(vectors, item as Item, true), { from, to });
      for (let i = 0; i < result.length; i += 1) result[i] *= (1 + scores[i]) / 2;
    }
    return result;
  };
  const [above, below] = [product(plus), product(minus)];
  const scores = Float32Array.from(above, (value, i) => value / (below[i] + 1e-6));
  return { items: [...plus, ...minus] as Item[], scores };
}

/** The unit mean of a query's items, and the items without their weights. */
function combine(vectors: WordVectors, query: Query): { items: Item[]; mean: Float32Array } {
  const { positive, negative } = isCombination(query) ? query : { positive: query, negative: [] };
  const items: Item[] = [];
  const weights: number[] = [];
  for (const [list, preset] of [[listOf(positive), 1] as const, [listOf(negative), -1] as const]) {
    for (const entry of list) {
      const [item, weight] = Array.isArray(entry) ? (entry as [Item, number]) : [entry as Item, preset];
      items.push(item);
      weights.push(weight);
    }
  }
  return { items, mean: meanVector(vectors, items, { weights, normalize: true, ignoreMissing: false }) };
}

function isCombination(query: Query): query is Combination {
  return typeof query === "object" && !ArrayBuffer.isView(query);
}

function listOf(items: Combination["positive"]): readonly WeightedItem[] {
  if (items === undefined) return [];
  return Array.isArray(items) ? (items as readonly WeightedItem[]) : [items as Item];
}

function range(vectors: WordVectors, options: NeighborOptions): { from: number; to: number; top: number } {
  const { top = 10, restrict, from = 0, to = vectors.size } = options;
  wholeNumber("top", top);
  if (restrict !== undefined) return { from: 0, to: Math.min(wholeNumber("restrict", restrict, 1), vectors.size), top };
  const end = Math.min(wholeNumber("to", to), vectors.size);
  return { from: Math.min(wholeNumber("from", from), end), to: end, top };
}

/** Rows and their scores, best first. */
export interface FoundRows {
  rows: ArrayLike<number>;
  scores: ArrayLike<number>;
}

function best(scores: Float32Array, count: number, from: number): FoundRows {
  const top = topK(scores, Math.min(count, scores.length));
  return { rows: top.indices.map((i) => i + from), scores: top.scores };
}

function neighbors(
  vectors: WordVectors,
  { rows, scores }: FoundRows,
  { top, without }: { top: number; without: readonly Item[] },
): Neighbor[] {
  const left = new Set(without.map((item) => indexOfItem(vectors, item)));
  const found: Neighbor[] = [];
  for (let i = 0; i < rows.length && found.length < top; i += 1) {
    if (!left.has(rows[i])) found.push({ word: vectors.words[rows[i]], similarity: scores[i] });
  }
  return found;
}
