/** BERT's words: cut at whitespace, which is dropped, and around each punctuation mark. Reference: Rust `tokenizers`, pre_tokenizers/bert. */
import { characterTest } from "../unicode.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { characterStretches, cut } from "./stretches.ts";

export function bertPreTokenizer(): PreTokenizer {
  const isSpace = characterTest("space");
  const isPunctuation = characterTest("punctuation");
  return (text) =>
    cut(text, characterStretches(text.text, isSpace), "Removed").flatMap((word) =>
      cut(word, characterStretches(word.text, isPunctuation), "Isolated"),
    );
}
