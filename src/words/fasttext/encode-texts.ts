/**
 * A classifier's corpus as ids: for each line its labels (−2 − label), then the rows of its words, n-grams and runs of words,
 * then LINE_END. The text is read once; tokens are kept under the ids of their first appearance until the dictionary is known.
 */
import { SemspaceError } from "../../errors.ts";
import { corpusBytes, type CorpusSource } from "../corpus/corpus-source.ts";
import { LINE_END } from "../corpus/encode-corpus.ts";
import { IdStore, openIds } from "../corpus/id-store.ts";
import { TokenTable } from "../corpus/token-table.ts";
import { dictionaryOf, END_OF_LINE, type FastTextDictionary } from "./dictionary.ts";
import { FeatureReader, startsWith } from "./features.ts";
import { hashBytes } from "./ngrams.ts";
import { StoredRows } from "./stored-rows.ts";
import type { FastTextSettings } from "./settings.ts";

const MOST_WORDS = 20_000_000;
const MEMORY = 80 << 20;
const READ = 1 << 16;
/** Ids of a block, at least; it ends where a line does. */
const BLOCK = 2048;

export interface EncodeTextsOptions {
  settings: FastTextSettings;
  minCountLabel: number;
  /** Of a model that is trained further: nothing is counted, nothing added. */
  dictionary?: FastTextDictionary | undefined;
  signal?: AbortSignal | undefined;
}

export interface EncodedTexts {
  dictionary: FastTextDictionary;
  /** Which row of the input each word and bucket has. */
  rows: StoredRows;
  store: IdStore;
  /** Block i is ids `blocks[i] … blocks[i + 1])`. */
  blocks: Float64Array;
  lines: number;
}

/** Throws `invalid-argument` when no line has a label and a word. */
export async function encodeTexts(source: CorpusSource, options: EncodeTextsOptions): Promise<EncodedTexts> {
  const { settings, signal } = options;
  const table = new TokenTable(MOST_WORDS);
  const tokens = new IdStore(MEMORY);
  const store = new IdStore(MEMORY);
  try {
    const lines = await readTokens(source, { table, tokens, signal });
    const dictionary = options.dictionary ?? countedDictionary(table, { ...options, lines });
    const buckets = dictionary.parts.kept?.size ?? settings.buckets;
    const rows = options.dictionary
      ? StoredRows.all(dictionary.wordCount, buckets)
      : new StoredRows(dictionary.wordCount, buckets);
    const encoder = new LineEncoder({ table, dictionary, settings, rows });
    const starts = [0];
    let kept = 0;
    await eachLine(tokens, async (line) => {
      if (!encoder.push(line, store)) return;
      kept += 1;
      if (store.length - starts.at(-1)! < BLOCK) return;
      starts.push(store.length);
      signal?.throwIfAborted();
      await store.settle();
    });
    if (kept === 0) throw noLabels(lines, settings.labelPrefix);
    if (starts.at(-1) !== store.length) starts.push(store.length);
    await store.finish((id) => id, NOTHING);
    return { dictionary, rows, store, blocks: Float64Array.from(starts), lines: kept };
  } catch (error) {
    await store.dispose();
    throw error;
  } finally {
    await tokens.dispose();
  }
}

/** An id that no line has. */
const NOTHING = -0x80000000;

interface Reading {
  table: TokenTable;
  tokens: IdStore;
  signal: AbortSignal | undefined;
}

async function readTokens(source: CorpusSource, { table, tokens, signal }: Reading): Promise<number> {
  let lines = 0;
  let open = false;
  const emit = (id: number): void => {
    tokens.push(id);
    open = id !== LINE_END;
    if (!open) lines += 1;
  };
  signal?.throwIfAborted();
  for await (const bytes of corpusBytes(source)) {
    table.scan(bytes, emit);
    signal?.throwIfAborted();
    await tokens.settle();
  }
  table.endWord(emit);
  if (open) emit(LINE_END);
  await tokens.finish((id) => id, NOTHING);
  return lines;
}

async function eachLine(tokens: IdStore, take: (line: number[]) => Promise<void>): Promise<void> {
  const reader = await openIds(tokens.place());
  const ids = new Int32Array(READ);
  let line: number[] = [];
  for (let from = 0; from < reader.length; from += READ) {
    const count = await reader.read(from, ids);
    for (let i = 0; i < count; i += 1) {
      if (ids[i] === LINE_END) {
        await take(line);
        line = [];
      } else line.push(ids[i]);
    }
  }
  await reader.close();
}

function countedDictionary(
  table: TokenTable,
  { settings, minCountLabel, lines }: EncodeTextsOptions & { lines: number },
): FastTextDictionary {
  const encoder = new TextEncoder();
  const prefix = encoder.encode(settings.labelPrefix);
  const endOfLine = encoder.encode(END_OF_LINE);
  const words: { text: Uint8Array; count: number }[] = [];
  if (lines >= settings.minCount) words.push({ text: endOfLine, count: lines });
  const labels: typeof words = [];
  let tokens = lines;
  for (let id = 0; id < table.size; id += 1) {
    const entry = { text: table.bytes(id), count: table.count(id) };
    tokens += entry.count;
    if (startsWith(entry.text, prefix)) {
      if (entry.count >= minCountLabel) labels.push(entry);
    } else if (entry.count >= settings.minCount && !isSame(entry.text, endOfLine)) words.push(entry);
  }
  const sorted = [words, labels].flatMap((entries) => entries.toSorted((a, b) => b.count - a.count));
  return dictionaryOf(sorted, { words: words.length, tokens });
}

interface LineEncoderParts {
  table: TokenTable;
  dictionary: FastTextDictionary;
  settings: FastTextSettings;
  rows: StoredRows;
}

/** Turns lines of token ids into labels and rows; what a token stands for is worked out once. */
class LineEncoder {
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

  /** Appends a line; false, and nothing, when it has no label or no row. */
  push(line: readonly number[], store: IdStore): boolean {
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
    if (labels.length === 0) return false;
    this.#features.wordNgrams(hashes, hashes.length, (row) => rows.push(this.#rows.store(row)));
    if (rows.length === 0) return false;
    for (const label of labels) store.push(-2 - label);
    for (const row of rows) store.push(row);
    store.push(LINE_END);
    return true;
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

const WORD = -1;
const UNKNOWN_LABEL = -2;

interface Token {
  /** The label's number, or which other thing the token is. */
  label: number;
  hash: number;
  rows: readonly number[];
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

function noLabels(lines: number, prefix: string): SemspaceError {
  return new SemspaceError(
    "invalid-argument",
    `None of ${lines} lines has a label and a word. A line begins with its labels: "${prefix}spam buy now".`,
  );
}
