/** What passages are measured in: the tokens of a model, or words. */
import type { Tokenizer } from "../tokenizers/index.ts";

/**
 * Counts a text's tokens as this tokenizer makes them, without special tokens: those take their places beside the passage
 * (2 of the 256 of MiniLM).
 *
 * @example
 * const countTokens = tokenCounter(await loadTokenizer(model));
 * passages(document, { maxTokens: 200, overlap: 30, countTokens });
 */
export function tokenCounter(tokenizer: Pick<Tokenizer, "encodeIds">): (text: string) => number {
  return (text) => tokenizer.encodeIds([text], { addSpecialTokens: false }).ids.length;
}

/** Counts words: runs of letters, digits and what joins them; in writing without spaces each character. */
export function countWords(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(WORD)) count += 1;
  return count;
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}_])+(?:['’.-][\p{L}\p{N}]+)*/gu;
