/** The characters that a tokenizer starts from: those of the corpus, the most frequent ones where there is a limit, and given ones. */
import type { WordCounts } from "./word-counts.ts";

export interface AlphabetOptions {
  /** Most characters; the rest is unknown to the tokenizer. Default: all. */
  limit?: number | undefined;
  /** Characters that are in it whether or not the corpus has them. */
  initial?: readonly string[] | undefined;
}

/** The characters in the order of their code points. Of equally frequent ones at the limit the first by code point stay (in Rust: any). */
export function alphabetOf({ words, counts }: WordCounts, { limit, initial = [] }: AlphabetOptions = {}): string[] {
  const frequencies = new Map<string, number>();
  words.forEach((word, i) => {
    for (const character of word) frequencies.set(character, (frequencies.get(character) ?? 0) + counts[i]);
  });
  for (const character of initial) frequencies.set(character, Infinity);
  const characters = [...frequencies.keys()].toSorted(byCodePoint);
  if (limit === undefined || characters.length <= limit) return characters;
  return characters
    .toSorted((a, b) => frequencies.get(b)! - frequencies.get(a)! || byCodePoint(a, b))
    .slice(0, limit)
    .toSorted(byCodePoint);
}

/** Compares two single characters. */
export function byCodePoint(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}
