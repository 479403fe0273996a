/** The words that fastText's word vectors are trained on: those of the corpus, of a model that goes on, of vectors to begin with. */
import type { EncodedCorpus } from "../corpus/encode-corpus.ts";
import { Vocabulary } from "../corpus/vocabulary.ts";
import { type DictionaryEntry, dictionaryOf, END_OF_LINE, entriesOf, type FastTextDictionary } from "./dictionary.ts";
import { FeatureReader } from "./features.ts";
import type { FastTextSettings } from "./settings.ts";
import type { StoredRows } from "./stored-rows.ts";

export interface WordDictionary {
  dictionary: FastTextDictionary;
  /** How often each word occurs in this corpus. */
  counts: Float64Array;
  /** Id of `</s>`, which stands at the end of every line; -1 where it is no word. */
  endOfLine: number;
  /** The corpus's ids from here on are one lower than the dictionary's. */
  shiftFrom: number;
}

export interface WordDictionaryOptions {
  minCount: number;
  /** Words, under their ids, of the model that is trained further; the corpus was encoded with them. */
  known?: FastTextDictionary | undefined;
  /** Words that are added where the corpus lacks them. */
  more?: readonly string[];
}

const encoder = new TextEncoder();

/** The words of a model for `encodeCorpus`; they keep their ids. */
export function vocabularyOf({ words, parts }: FastTextDictionary): Vocabulary {
  return new Vocabulary(words, parts.counts.subarray(0, words.length));
}

/** The line's end is a word where its count puts it; of a model that goes on it stays where it is, or comes last. */
export function wordDictionary(
  corpus: EncodedCorpus,
  { minCount, known, more = [] }: WordDictionaryOptions,
): WordDictionary {
  const { vocabulary, lines, tokensRead } = corpus;
  const old = known ? entriesOf(known).slice(0, known.wordCount) : [];
  const entries: DictionaryEntry[] = vocabulary.words.map((word, id) => ({
    text: old[id]?.text ?? encoder.encode(word),
    count: vocabulary.counts[id],
  }));
  let endOfLine = known ? vocabulary.indexOf(END_OF_LINE) : -1;
  let shiftFrom = Infinity;
  if (endOfLine >= 0 && endOfLine < old.length) entries[endOfLine].count += lines;
  else if (lines >= minCount && !vocabulary.has(END_OF_LINE)) {
    endOfLine = known ? -1 : entries.findIndex(({ count }) => count < lines);
    if (endOfLine < 0) endOfLine = entries.length;
    entries.splice(endOfLine, 0, { text: encoder.encode(END_OF_LINE), count: lines });
    shiftFrom = endOfLine;
  } else endOfLine = -1;
  const there = new Set(vocabulary.words);
  for (const word of more)
    if (!there.has(word) && word !== END_OF_LINE) entries.push({ text: encoder.encode(word), count: 1 });
  const counts = Float64Array.from(entries, ({ count }) => count);
  const total = entries.map(({ text, count }, id) => ({ text, count: count + (old[id]?.count ?? 0) }));
  const tokens = tokensRead + lines + (known?.parts.tokens ?? 0);
  return { dictionary: dictionaryOf(total, { words: total.length, tokens }), counts, endOfLine, shiftFrom };
}

/** For each word its stored rows: its own, then its n-grams'. */
export function partsOfWords(
  dictionary: FastTextDictionary,
  settings: FastTextSettings,
  stored: StoredRows,
): { starts: Uint32Array; rows: Uint32Array } {
  const features = new FeatureReader(settings, dictionary);
  const starts = new Uint32Array(dictionary.wordCount + 1);
  let rows = new Uint32Array(dictionary.wordCount * 8);
  let end = 0;
  for (let id = 0; id < dictionary.wordCount; id += 1) {
    const parts = features.wordRows(dictionary.bytes(id));
    if (end + parts.length > rows.length) {
      const larger = new Uint32Array(rows.length * 2 + parts.length);
      larger.set(rows);
      rows = larger;
    }
    for (const row of parts) rows[end++] = stored.store(row);
    starts[id + 1] = end;
  }
  return { starts, rows: rows.subarray(0, end) };
}
