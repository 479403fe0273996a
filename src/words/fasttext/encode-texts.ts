/**
 * A classifier's corpus as ids: for each line its labels (−2 − label), then the rows of its words, n-grams and runs of words,
 * then LINE_END. The text is read once; tokens are kept under the ids of their first appearance until the dictionary is known.
 */
import { SemspaceError } from "../../errors.ts";
import { corpusBytes, type CorpusSource } from "../../formats/corpus-source.ts";
import { LINE_END } from "../corpus/encode-corpus.ts";
import { IdStore, openIds } from "../corpus/id-store.ts";
import { TokenTable } from "../corpus/token-table.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import { LineEncoder } from "./line-encoder.ts";
import type { FastTextSettings } from "./settings.ts";
import type { StoredRows } from "./stored-rows.ts";
import type { LaneCorpus } from "./train-lanes.ts";

const MOST_WORDS = 20_000_000;
const MEMORY = 80 << 20;
const READ = 1 << 16;
/** Ids of a block, at least; it ends where a line does. */
const BLOCK = 2048;

export interface EncodeTextsOptions {
  settings: FastTextSettings;
  /** Which words and labels there are, and which row of the input each word and bucket has, once the text has been counted. */
  count: (table: TokenTable, lines: number) => { dictionary: FastTextDictionary; rows: StoredRows };
  signal?: AbortSignal | undefined;
}

export interface EncodedTexts {
  dictionary: FastTextDictionary;
  rows: StoredRows;
  corpus: LaneCorpus;
  dispose(): Promise<void>;
}

/** Throws `invalid-argument` when no line has a label and a word. */
export async function encodeTexts(source: CorpusSource, options: EncodeTextsOptions): Promise<EncodedTexts> {
  const { settings, count, signal } = options;
  const table = new TokenTable(MOST_WORDS);
  const tokens = new IdStore(MEMORY);
  const store = new IdStore(MEMORY);
  try {
    const lines = await readTokens(source, { table, tokens, signal });
    const { dictionary, rows } = count(table, lines);
    const encoder = new LineEncoder({ table, dictionary, settings, rows });
    const starts = [0];
    const blockWords = [0];
    await eachLine(tokens, async (line) => {
      blockWords[blockWords.length - 1] += encoder.push(line, store);
      if (store.length - starts.at(-1)! < BLOCK) return;
      starts.push(store.length);
      blockWords.push(0);
      signal?.throwIfAborted();
      await store.settle();
    });
    const perEpoch = blockWords.reduce((sum, words) => sum + words, 0);
    if (perEpoch === 0) throw noLabels(lines, settings.labelPrefix);
    if (starts.at(-1) !== store.length) starts.push(store.length);
    await store.finish((id) => id, NOTHING);
    const blocks = { blocks: Float64Array.from(starts), blockWords: Float64Array.from(blockWords) };
    const corpus = { place: store.place(), ...blocks, endOfLine: -1, shiftFrom: Infinity, perEpoch };
    return { dictionary, rows, corpus, dispose: () => store.dispose() };
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

function noLabels(lines: number, prefix: string): SemspaceError {
  return new SemspaceError(
    "invalid-argument",
    `None of ${lines} lines has a label and a word. A line begins with its labels: "${prefix}spam buy now".`,
  );
}
