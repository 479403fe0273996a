/** The words of a corpus with their counts: word `id` is `words[id]`, the most frequent one first. */
import { readBytes, writeBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";

/** `readBytes` and a decoded string hold the file whole: some 200 million words. */
const LARGEST_FILE = 1 << 29;

export class Vocabulary {
  /** By falling count, words of equal count in the order in which the corpus first has them. */
  readonly words: readonly string[];
  /** How often each word occurs in the corpus. */
  readonly counts: Float64Array;
  /** The sum of the counts. */
  readonly total: number;
  #index: Map<string, number> | undefined;

  /** Throws `mismatch` when there is not one count a word, `invalid-argument` when a word comes twice. */
  constructor(words: readonly string[], counts: ArrayLike<number>) {
    if (words.length !== counts.length) {
      throw new SemspaceError(
        "mismatch",
        `A vocabulary of ${words.length} words needs as many counts, got ${counts.length}.`,
      );
    }
    this.words = words;
    this.counts = Float64Array.from(counts);
    this.total = this.counts.reduce((sum, count) => sum + count, 0);
  }

  get size(): number {
    return this.words.length;
  }

  /** The id of a word, -1 when there is no such word. */
  indexOf(word: string): number {
    return this.#ids().get(word) ?? -1;
  }

  has(word: string): boolean {
    return this.#ids().has(word);
  }

  /** How often the word occurs; 0 when there is no such word. */
  count(word: string): number {
    return this.counts[this.indexOf(word)] ?? 0;
  }

  /** "word count" lines, as word2vec.c's -save-vocab and GloVe's vocab_count write them. */
  toText(): string {
    return this.words.map((word, i) => `${word} ${this.counts[i]}\n`).join("");
  }

  /** Writes {@link toText} to a file. */
  async save(path: string): Promise<void> {
    await writeBytes(path, new TextEncoder().encode(this.toText()));
  }

  #ids(): Map<string, number> {
    this.#index ??= new Map(this.words.map((word, id) => [word, id]));
    return this.#index;
  }
}

/** Reads "word count" lines; the order of the file is kept. Throws `invalid-file` with the number of a line that is none, or has a word again. */
export function parseVocabulary(text: string, name = "The vocabulary"): Vocabulary {
  const words: string[] = [];
  const counts: number[] = [];
  const seen = new Set<string>();
  let line = 0;
  for (const content of text.split("\n")) {
    line += 1;
    const entry = content.trimEnd();
    if (entry === "") continue;
    // A word may hold spaces: the count is behind the last one.
    const space = Math.max(entry.lastIndexOf(" "), entry.lastIndexOf("\t"));
    const digits = entry.slice(space + 1);
    if (space < 1 || !/^\d{1,15}$/.test(digits)) {
      const message = `${name}, line ${line}: a word and its count are expected, got ${shown(entry)}.`;
      throw new SemspaceError("invalid-file", message);
    }
    const word = entry.slice(0, space);
    if (seen.has(word)) throw new SemspaceError("invalid-file", `${name}, line ${line}: ${word} comes a second time.`);
    seen.add(word);
    words.push(word);
    counts.push(Number(digits));
  }
  return new Vocabulary(words, counts);
}

/** Reads what {@link Vocabulary.save}, word2vec.c or GloVe's vocab_count has written. */
export async function loadVocabulary(path: string): Promise<Vocabulary> {
  const bytes = await readBytes(path);
  if (bytes.length > LARGEST_FILE) {
    throw new SemspaceError(
      "invalid-file",
      `${path} has ${bytes.length} bytes; a vocabulary has at most ${LARGEST_FILE}.`,
    );
  }
  return parseVocabulary(new TextDecoder().decode(bytes), path);
}
