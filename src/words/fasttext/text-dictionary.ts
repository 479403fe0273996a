/** The words and labels of a classifier: those of its text, of a model that goes on, of vectors to begin with. */
import type { TokenTable } from "../corpus/token-table.ts";
import { type DictionaryEntry, dictionaryOf, END_OF_LINE, entriesOf, type FastTextDictionary } from "./dictionary.ts";
import { startsWith } from "./features.ts";
import type { FastTextSettings } from "./settings.ts";

export interface TextDictionaryOptions {
  settings: FastTextSettings;
  minCountLabel: number;
  lines: number;
  /** Of the model that is trained further: its words come first among the words, its labels among the labels. */
  known?: FastTextDictionary | undefined;
  /** Words that are added where the text lacks them. */
  more?: readonly string[] | undefined;
}

/** Words by falling count, then labels by falling count; `</s>` has the count of the lines. */
export function textDictionary(
  table: TokenTable,
  { settings, minCountLabel, lines, known, more = [] }: TextDictionaryOptions,
): FastTextDictionary {
  const encoder = new TextEncoder();
  const prefix = encoder.encode(settings.labelPrefix);
  const old = known ? entriesOf(known) : [];
  const words: DictionaryEntry[] = [];
  const labels: DictionaryEntry[] = [];
  let tokens = lines + (known?.parts.tokens ?? 0);
  const take = (text: Uint8Array, count: number): void => {
    const id = known ? known.indexOf(text) : -1;
    const isLabel = startsWith(text, prefix);
    if (id >= 0) old[id].count += count;
    else if (isLabel && count >= minCountLabel) labels.push({ text, count });
    else if (!isLabel && count >= settings.minCount) words.push({ text, count });
  };
  const endOfLine = encoder.encode(END_OF_LINE);
  take(endOfLine, lines);
  for (let id = 0; id < table.size; id += 1) {
    tokens += table.count(id);
    const text = table.bytes(id);
    if (!(startsWith(text, endOfLine) && text.length === endOfLine.length)) take(text, table.count(id));
  }
  const [newWords, newLabels] = [words, labels].map((entries) => entries.toSorted((a, b) => b.count - a.count));
  const oldWords = known?.wordCount ?? 0;
  const entries = [...old.slice(0, oldWords), ...newWords];
  if (more.length > 0) entries.push(...missing(more, { entries, prefix }));
  return dictionaryOf([...entries, ...old.slice(oldWords), ...newLabels], { words: entries.length, tokens });
}

/** The words that are not among the entries; what looks like a label is none that could be learned. */
function missing(
  words: readonly string[],
  { entries, prefix }: { entries: readonly DictionaryEntry[]; prefix: Uint8Array },
): DictionaryEntry[] {
  const encoder = new TextEncoder();
  const there = dictionaryOf(entries, { words: entries.length, tokens: 0 });
  return words
    .map((word) => ({ text: encoder.encode(word), count: 1 }))
    .filter(({ text }) => there.indexOf(text) < 0 && !startsWith(text, prefix));
}
