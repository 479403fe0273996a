/**
 * Lexical search: BM25 over an inverted index.
 *
 * The variant is Lucene's (Kamphuis et al. 2020, "Which BM25 do you mean?"), as in `bm25s` with `method="lucene"`:
 *   score(q, d) = sum over terms t of q of  ln(1 + (N - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * |d| / average))
 * with exact text lengths (Lucene itself rounds them to a byte). A term that is twice in the query counts twice.
 * The defaults k1 = 1.5 and b = 0.75 are those of bm25s; Lucene's k1 = 1.2 gives 0.2 points of nDCG@10 less on Cranfield.
 */
import { SemspaceError } from "../errors.ts";
import { bestHits, type Hit } from "./hits.ts";
import type { KnownTerms } from "./lexical/known-terms.ts";
import { buildPostings, type Postings } from "./lexical/postings.ts";
import { type LexicalScores, scoreParts } from "./lexical/score-parts.ts";
import { type TermOptions, type TermReader, termReader } from "./lexical/terms.ts";

export interface LexicalOptions extends TermOptions {
  /** How slowly repetitions of a term saturate, >= 0. */
  k1?: number;
  /** How much long texts are held back, 0 … 1. */
  b?: number;
  /** Cuts texts and queries into terms in place of the built-in reader; `stopWords` and `plurals` are then its own affair. */
  terms?: TermReader;
  /** Texts that were read before, by the built-in reader with its own settings; the others are added. */
  known?: KnownTerms | undefined;
}

/**
 * Reads the texts once and builds the index: about 6 bytes for each different term of each text; the texts are not kept.
 * Throws `invalid-argument` when k1 or b is out of range.
 *
 * @example
 * const index = createLexicalIndex(["a cat sat", "dogs and a cat", "the weather"]);
 * index.search("cats and dogs", 2); // [{ index: 1, score: … }, { index: 0, score: … }]
 */
export function createLexicalIndex(texts: Iterable<string>, options: LexicalOptions = {}): LexicalIndex {
  const { k1 = 1.5, b = 0.75, terms = termReader(options) } = options;
  if (!(k1 >= 0 && k1 < Infinity))
    throw new SemspaceError("invalid-argument", `k1 must be a number of at least 0, got ${k1}.`);
  if (!(b >= 0 && b <= 1)) throw new SemspaceError("invalid-argument", `b must be a number from 0 to 1, got ${b}.`);
  return new LexicalIndex(buildPostings(texts, terms, options.known), terms, { k1, b });
}

/** Made by {@link createLexicalIndex}. */
export class LexicalIndex {
  readonly #postings: Postings;
  readonly #terms: TermReader;
  readonly #settings: { k1: number; b: number };

  constructor(postings: Postings, terms: TermReader, settings: { k1: number; b: number }) {
    this.#postings = postings;
    this.#terms = terms;
    this.#settings = settings;
  }

  /** Number of texts. */
  get size(): number {
    return this.#postings.lengths.length;
  }

  /** The `k` best texts that share a term with the query, best first, equal scores by position. */
  search(query: string, k: number): Hit[] {
    return bestHits(this.scores(query), k, 0);
  }

  /** The BM25 score of every text, by position; 0 where no term of the query occurs. */
  scores(query: string): Float32Array {
    return this.#score(query).scores;
  }

  /** The score that a text of average length would have if it held every term of the query once, also terms that no text has. */
  fullMatch(query: string): number {
    return this.#score(query).fullMatch;
  }

  #score(query: string): LexicalScores {
    const parts = [{ from: 0, postings: this.#postings }];
    return scoreParts({ parts, rows: this.size }, this.#terms(query), this.#settings);
  }
}
