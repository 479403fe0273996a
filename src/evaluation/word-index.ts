/** Which row a word of a test set has, for words written in another case too. */
import type { WordVectors } from "../words/index.ts";

/** By the word, upper-cased when case is ignored: the row of its first (most frequent) variant among the first `restrict` words. */
export function wordIndex(
  { words }: WordVectors,
  { restrict, ignoreCase }: { restrict: number; ignoreCase: boolean },
): Map<string, number> {
  const index = new Map<string, number>();
  for (let i = Math.min(restrict, words.length) - 1; i >= 0; i -= 1) {
    index.set(ignoreCase ? words[i].toUpperCase() : words[i], i);
  }
  return index;
}
