/** fastText's dictionary: words, then labels, as bytes, since a word need not be UTF-8, with their counts and ids. */
import { SemspaceError } from "../../errors.ts";
import { hashBytes } from "./ngrams.ts";

/** The word that fastText reads at the end of each line. */
export const END_OF_LINE = "</s>";

/** What a dictionary is made of: entry i is `bytes[starts[i] … starts[i + 1])`. */
export interface DictionaryParts {
  bytes: Uint8Array;
  /** One more than there are entries. */
  starts: ArrayLike<number>;
  counts: Float64Array;
  /** The first `words` entries are words, the others labels. */
  words: number;
  /** Tokens of the corpus, those of rare words and line ends among them. */
  tokens: number;
  /** Which n-gram buckets are left and in which row behind the words each is; undefined: all, in their place. */
  kept?: ReadonlyMap<number, number> | undefined;
}

export class FastTextDictionary {
  readonly parts: DictionaryParts;
  /** Entries: words and labels. */
  readonly size: number;
  readonly #slots: Int32Array;
  #texts: { words: readonly string[]; labels: readonly string[] } | undefined;

  constructor(parts: DictionaryParts) {
    this.parts = parts;
    this.size = parts.counts.length;
    let slots = 16;
    while (slots * 0.6 < this.size) slots *= 2;
    this.#slots = new Int32Array(slots);
    for (let id = 0; id < this.size; id += 1) {
      const slot = this.#slot(this.bytes(id));
      // Of two equal entries the first one is found.
      if (this.#slots[slot] === 0) this.#slots[slot] = id + 1;
    }
  }

  get wordCount(): number {
    return this.parts.words;
  }

  get labelCount(): number {
    return this.size - this.parts.words;
  }

  get words(): readonly string[] {
    return this.#decoded().words;
  }

  /** As they stand in the text: with their prefix. */
  get labels(): readonly string[] {
    return this.#decoded().labels;
  }

  /** The bytes of an entry; a view. */
  bytes(id: number): Uint8Array {
    return this.parts.bytes.subarray(this.parts.starts[id], this.parts.starts[id + 1]);
  }

  /** The entry with these bytes, -1 when there is none; labels are behind the words. */
  indexOf(bytes: Uint8Array): number {
    return this.#slots[this.#slot(bytes)] - 1;
  }

  #decoded(): { words: readonly string[]; labels: readonly string[] } {
    if (!this.#texts) {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      const all = Array.from({ length: this.size }, (_, id) => decoder.decode(this.bytes(id)));
      this.#texts = { words: all.slice(0, this.parts.words), labels: all.slice(this.parts.words) };
    }
    return this.#texts;
  }

  #slot(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    const hash = hashBytes(bytes);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = this.#slots[slot] - 1;
      if (id < 0 || this.#equals(id, bytes)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(id: number, bytes: Uint8Array): boolean {
    const from = this.parts.starts[id];
    if (this.parts.starts[id + 1] - from !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i += 1) if (this.parts.bytes[from + i] !== bytes[i]) return false;
    return true;
  }
}

export interface DictionaryEntry {
  text: Uint8Array;
  count: number;
}

/** Words, then labels; the bytes are views. */
export function entriesOf(dictionary: FastTextDictionary): DictionaryEntry[] {
  const { counts } = dictionary.parts;
  return Array.from(counts, (count, id) => ({ text: dictionary.bytes(id), count }));
}

/** Makes a dictionary of strings. Throws `invalid-argument` when there is no word. */
export function dictionaryOf(
  entries: readonly DictionaryEntry[],
  { words, tokens, kept }: Pick<DictionaryParts, "words" | "tokens" | "kept">,
): FastTextDictionary {
  if (words === 0) {
    throw new SemspaceError("invalid-argument", "The corpus has no word left. Use a smaller minCount or more text.");
  }
  const starts = new Float64Array(entries.length + 1);
  for (const [i, { text }] of entries.entries()) starts[i + 1] = starts[i] + text.length;
  const bytes = new Uint8Array(starts[entries.length]);
  for (const [i, { text }] of entries.entries()) bytes.set(text, starts[i]);
  const counts = Float64Array.from(entries, ({ count }) => count);
  return new FastTextDictionary({ bytes, starts, counts, words, tokens, kept });
}
