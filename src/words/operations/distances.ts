/** Cosines between words, and what follows from them: gensim's `distances`, `closer_than`, `rank`, `most_similar_to_given` and their kin. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { dot, norm } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";
import { type Item, meanVector, vectorOf } from "./mean-vector.ts";
import { mostSimilar } from "./most-similar.ts";
import { rowScores } from "./scores.ts";

/** -1 … 1; 0 with a vector of zeros. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = norm(a) * norm(b);
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

/** 1 - cosine to each of `others`, or to every word: [others or size]. */
export function distances(vectors: WordVectors, item: Item, others: readonly Item[] = []): Float32Array {
  const query = vectorOf(vectors, item);
  if (others.length > 0) return Float32Array.from(others, (other) => 1 - cosine(query, vectorOf(vectors, other)));
  const length = norm(query);
  return rowScores(vectors, query).map((score) => 1 - (length > 0 ? score / length : 0));
}

/** The words that are nearer to `a` than `b` is, in the order of the table. */
export function closerThan(vectors: WordVectors, a: string, b: string): string[] {
  const [ia, ib] = [ownIndex(vectors, a), ownIndex(vectors, b)];
  const all = distances(vectors, ia);
  const words: string[] = [];
  for (let i = 0; i < all.length; i += 1) if (all[i] < all[ib] && i !== ia) words.push(vectors.words[i]);
  return words;
}

/** The word of the list that is nearest; the first of equals. */
export function mostSimilarToGiven(vectors: WordVectors, word: Item, list: readonly string[]): string {
  if (list.length === 0) throw new SemspaceError("invalid-argument", "A list of at least one word is needed.");
  const query = vectorOf(vectors, word);
  const scores = list.map((other) => cosine(query, vectorOf(vectors, other)));
  return list[scores.indexOf(Math.max(...scores))];
}

/** The cosine of the means of two sets of words, their vectors as they are. */
export function nSimilarity(vectors: WordVectors, a: readonly string[], b: readonly string[]): number {
  const mean = (words: readonly string[]): Float32Array => meanVector(vectors, words, { normalizeEach: false });
  return cosine(mean(a), mean(b));
}

/**
 * cos(a, b) / Σ cos(a, nearest words of a) (Leeuwenberg et al. 2016, equation 1): above 0.1 with 10 neighbours, a and b are
 * likely synonyms.
 */
export function relativeCosine(vectors: WordVectors, a: string, b: string, top = 10): number {
  wholeNumber("top", top, 1);
  let sum = 0;
  for (const { similarity } of mostSimilar(vectors, a, { top })) sum += similarity;
  return cosine(vectors.vector(a), vectors.vector(b)) / sum;
}

function ownIndex(vectors: WordVectors, word: string): number {
  const index = vectors.indexOf(word);
  if (index >= 0) return index;
  throw new SemspaceError("invalid-argument", `"${word}" has no vector of its own among these ${vectors.size} words.`);
}
