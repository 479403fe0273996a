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
  readonly #k1: number;
  /** k1 * (1 - b + b * |d| / average) of each text. */
  readonly #norms: Float32Array;

  constructor(postings: Postings, terms: TermReader, { k1, b }: { k1: number; b: number }) {
    this.#postings = postings;
    this.#terms = terms;
    this.#k1 = k1;
    const { lengths } = postings;
    const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    this.#norms = Float32Array.from(lengths, (length) => k1 * (1 - b + (b * length) / average));
  }

  /** Number of texts. */
  get size(): number {
    return this.#norms.length;
  }

  /** The `k` best texts that share a term with the query, best first, equal scores by position. */
  search(query: string, k: number): Hit[] {
    return bestHits(this.scores(query), k, 0);
  }

  /** The BM25 score of every text, by position; 0 where no term of the query occurs. */
  scores(query: string): Float32Array {
    const { vocabulary, starts, texts, counts } = this.#postings;
    const norms = this.#norms;
    const scores = new Float32Array(this.size);
    for (const [term, times] of tally(this.#terms(query))) {
      const id = vocabulary.get(term);
      if (id === undefined) continue;
      const weight = times * this.#rarity(id);
      const end = starts[id + 1];
      for (let i = starts[id]; i < end; i += 1) {
        const text = texts[i];
        scores[text] += (weight * counts[i]) / (counts[i] + norms[text]);
      }
    }
    return scores;
  }

  /** The score that a text of average length would have if it held every term of the query once, also terms that no text has. */
  fullMatch(query: string): number {
    let sum = 0;
    for (const [term, times] of tally(this.#terms(query)))
      sum += times * this.#rarity(this.#postings.vocabulary.get(term));
    return sum / (1 + this.#k1);
  }

  /** The inverse document frequency of a term by its id; of one that no text has without. */
  #rarity(id?: number): number {
    const { starts } = this.#postings;
    const frequency = id === undefined ? 0 : starts[id + 1] - starts[id];
    return Math.log(1 + (this.size - frequency + 0.5) / (frequency + 0.5));
  }
}

function tally(terms: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  return times;
}
