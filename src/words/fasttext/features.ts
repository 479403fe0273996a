/** Which rows of the input matrix a text stands for, by fastText's rules (Dictionary::getLine). */
import { END_OF_LINE, type FastTextDictionary } from "./dictionary.ts";
import { eachNgram, eachWordNgram, hashBytes, marked } from "./ngrams.ts";
import type { FastTextSettings } from "./settings.ts";

const encoder = new TextEncoder();
const endOfLine: Uint8Array = encoder.encode(END_OF_LINE);

/** Turns words and lines into the ids of input rows. */
export class FeatureReader {
  readonly #settings: FastTextSettings;
  readonly #dictionary: FastTextDictionary;
  readonly #prefix: Uint8Array;

  constructor(settings: FastTextSettings, dictionary: FastTextDictionary) {
    this.#prefix = encoder.encode(settings.labelPrefix);
    this.#settings = settings;
    this.#dictionary = dictionary;
  }

  /** Rows of a word's vector: its own, when it is known, and those of its n-grams. */
  wordRows(word: Uint8Array): number[] {
    const rows: number[] = [];
    const id = this.#dictionary.indexOf(word);
    if (id >= 0 && id < this.#dictionary.wordCount) rows.push(id);
    this.#ngrams(word, (row) => rows.push(row));
    return rows;
  }

  /**
   * Rows of a line and the numbers of the labels in it; the end of the line is a word, as everywhere in fastText.
   * Line breaks within the text are spaces.
   */
  lineRows(text: string): { rows: number[]; labels: number[] } {
    const rows: number[] = [];
    const labels: number[] = [];
    const hashes: number[] = [];
    for (const word of wordsOf(text)) {
      // Written in the text, it ends the line too.
      if (equal(word, endOfLine)) break;
      this.#token(word, { rows, labels, hashes });
    }
    this.#token(endOfLine, { rows, labels, hashes });
    this.wordNgrams(hashes, hashes.length, (row) => rows.push(row));
    return { rows, labels };
  }

  /** Rows of the runs of words whose hashes are given. */
  wordNgrams(hashes: ArrayLike<number>, count: number, emit: (row: number) => void): void {
    const { wordNgrams, buckets } = this.#settings;
    if (wordNgrams < 2) return;
    eachWordNgram(hashes, { count, longest: wordNgrams, buckets }, (bucket) => this.#emitBucket(bucket, emit));
  }

  /** Rows of one word of a classifier's line: without character n-grams an unknown word has none. */
  tokenRows(word: Uint8Array, id: number, emit: (row: number) => void): void {
    if (id >= 0) emit(id);
    this.#ngrams(word, emit);
  }

  #token(word: Uint8Array, { rows, labels, hashes }: { rows: number[]; labels: number[]; hashes: number[] }): void {
    const id = this.#dictionary.indexOf(word);
    if (id >= this.#dictionary.wordCount) {
      labels.push(id - this.#dictionary.wordCount);
      return;
    }
    // A label that the model does not know is no word either.
    if (id < 0 && startsWith(word, this.#prefix)) return;
    hashes.push(hashBytes(word));
    this.tokenRows(word, id, (row) => rows.push(row));
  }

  #ngrams(word: Uint8Array, emit: (row: number) => void): void {
    if (this.#settings.maxN < 1 || equal(word, endOfLine)) return;
    eachNgram(marked(word), this.#settings, (bucket) => this.#emitBucket(bucket, emit));
  }

  #emitBucket(bucket: number, emit: (row: number) => void): void {
    const { kept } = this.#dictionary.parts;
    const row = kept ? kept.get(bucket) : bucket;
    if (row !== undefined) emit(this.#dictionary.wordCount + row);
  }
}

/** The words of a text as bytes, cut where fastText cuts: at space, \n, \r, \t, \v, \f and \0. */
export function* wordsOf(text: string): Generator<Uint8Array> {
  const bytes = encoder.encode(text);
  let start = 0;
  for (let i = 0; i <= bytes.length; i += 1) {
    if (i < bytes.length && !isSpace(bytes[i])) continue;
    if (i > start) yield bytes.subarray(start, i);
    start = i + 1;
  }
}

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13) || byte === 0;
}

export function startsWith(word: Uint8Array, prefix: Uint8Array): boolean {
  return word.length >= prefix.length && prefix.every((byte, i) => byte === word[i]);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
