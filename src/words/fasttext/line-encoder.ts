/** Turns lines of a classifier's text, as ids of its tokens, into labels and rows; what a token stands for is worked out once. */
import { LINE_END } from "../corpus/encode-corpus.ts";
import type { IdStore } from "../corpus/id-store.ts";
import type { TokenTable } from "../corpus/token-table.ts";
import { END_OF_LINE, type FastTextDictionary } from "./dictionary.ts";
import { FeatureReader, startsWith } from "./features.ts";
import { hashBytes } from "./ngrams.ts";
import type { FastTextSettings } from "./settings.ts";
import type { StoredRows } from "./stored-rows.ts";

export interface LineEncoderParts {
  table: TokenTable;
  dictionary: FastTextDictionary;
  settings: FastTextSettings;
  rows: StoredRows;
}

const WORD = -1;
const UNKNOWN_LABEL = -2;

interface Token {
  /** The label's number, or which other thing the token is. */
  label: number;
  hash: number;
  rows: readonly number[];
}

export class LineEncoder {
  readonly #table: TokenTable;
  readonly #dictionary: FastTextDictionary;
  readonly #prefix: Uint8Array;
  readonly #features: FeatureReader;
  readonly #rows: StoredRows;
  readonly #known: Token[] = [];
  readonly #endOfLine: Token;

  constructor({ table, dictionary, settings, rows }: LineEncoderParts) {
    this.#table = table;
    this.#dictionary = dictionary;
    this.#prefix = new TextEncoder().encode(settings.labelPrefix);
    this.#features = new FeatureReader(settings, dictionary);
    this.#rows = rows;
    this.#endOfLine = this.#token(new TextEncoder().encode(END_OF_LINE));
  }

  /** Appends a line and gives how many words it has, its end included; 0, and nothing, when it has no label or no row. */
  push(line: readonly number[], store: IdStore): number {
    const labels: number[] = [];
    const rows: number[] = [];
    const hashes: number[] = [];
    for (const id of [...line, -1]) {
      const token = id < 0 ? this.#endOfLine : (this.#known[id] ??= this.#token(this.#table.bytes(id)));
      if (token.label >= 0) labels.push(token.label);
      if (token.label === WORD) {
        hashes.push(token.hash);
        for (const row of token.rows) rows.push(row);
      }
    }
    if (labels.length === 0) return 0;
    this.#features.wordNgrams(hashes, hashes.length, (row) => rows.push(this.#rows.store(row)));
    if (rows.length === 0) return 0;
    for (const label of labels) store.push(-2 - label);
    for (const row of rows) store.push(row);
    store.push(LINE_END);
    return hashes.length;
  }

  #token(bytes: Uint8Array): Token {
    const id = this.#dictionary.indexOf(bytes);
    const words = this.#dictionary.wordCount;
    if (id >= words) return { label: id - words, hash: 0, rows: [] };
    if (id < 0 && startsWith(bytes, this.#prefix)) return { label: UNKNOWN_LABEL, hash: 0, rows: [] };
    const rows: number[] = [];
    this.#features.tokenRows(bytes, id, (row) => rows.push(this.#rows.store(row)));
    return { label: WORD, hash: hashBytes(bytes), rows };
  }
}
