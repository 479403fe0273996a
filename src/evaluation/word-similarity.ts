/**
 * Do the cosines of pairs of words order like the scores that people gave them (WordSim-353, SimLex-999, …)?
 * Reference: gensim 4.4's `evaluate_word_pairs`, whose conventions are the defaults here: the first 300,000 words, case ignored (the
 * first, most frequent variant of a word counts), pairs with an unknown word left out.
 */
import { SemspaceError } from "../errors.ts";
import type { WordVectors } from "../words/index.ts";
import { pearson, spearman } from "./correlation.ts";
import { wordIndex } from "./word-index.ts";

export interface WordPair {
  a: string;
  b: string;
  /** Higher is more alike. */
  score: number;
}

export interface WordSimilarityOptions {
  /** Only the first words of the table are known. Default 300,000. */
  restrict?: number | undefined;
  /** Default true. */
  ignoreCase?: boolean | undefined;
  /** Pairs with an unknown word: left out, or counted with the similarity 0. Default "skip". */
  unknown?: "skip" | "zero" | undefined;
}

export interface WordSimilarityResult {
  /** -1 … 1; NaN when fewer than two pairs are known. */
  spearman: number;
  pearson: number;
  /** Pairs that were counted. */
  pairs: number;
  /** Pairs with a word that has no vector. */
  unknown: number;
}

/** Throws `invalid-argument` when no pair is known. */
export function evaluateWordSimilarity(
  vectors: WordVectors,
  pairs: readonly WordPair[],
  { restrict = 300_000, ignoreCase = true, unknown = "skip" }: WordSimilarityOptions = {},
): WordSimilarityResult {
  const index = wordIndex(vectors, { restrict, ignoreCase });
  const ours: number[] = [];
  const people: number[] = [];
  let missing = 0;
  const rowOf = (word: string): number | undefined => index.get(ignoreCase ? word.toUpperCase() : word);
  for (const { a, b, score } of pairs) {
    const [i, j] = [rowOf(a), rowOf(b)];
    const known = i !== undefined && j !== undefined;
    if (!known) missing += 1;
    if (!known && unknown === "skip") continue;
    ours.push(known ? vectors.similarity(i, j) : 0);
    people.push(score);
  }
  if (ours.length === 0) {
    throw new SemspaceError("invalid-argument", `None of the ${pairs.length} pairs has vectors for both of its words.`);
  }
  const counted = { pairs: ours.length, unknown: missing };
  if (ours.length < 2) return { spearman: Number.NaN, pearson: Number.NaN, ...counted };
  return { spearman: spearman(people, ours), pearson: pearson(people, ours), ...counted };
}

/**
 * Reads pairs a line: two words and a score between tabs (or the given separator). Lines that begin with "#" and lines that are no such
 * pair (a heading) are passed over, as gensim does; further columns are allowed. Throws `invalid-file` when no line is one.
 */
export function readWordPairs(table: string, separator: string | RegExp = "\t"): WordPair[] {
  const pairs: WordPair[] = [];
  for (const line of table.split("\n")) {
    if (line.startsWith("#")) continue;
    const [a, b, field = ""] = line.replace(/\r$/, "").split(separator);
    const score = field.trim() === "" ? Number.NaN : Number(field);
    if (a && b && Number.isFinite(score)) pairs.push({ a, b, score });
  }
  if (pairs.length > 0) return pairs;
  throw new SemspaceError("invalid-file", "No line is a pair: two words and a number between tabs are expected.");
}
