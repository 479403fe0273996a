/** Whitespace: words (\w+) and runs of other visible characters ([^\w\s]+). Reference: Rust `tokenizers`, pre_tokenizers/whitespace. */
import { classSource } from "../unicode.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { cut, inverted, regexStretches } from "./stretches.ts";

export function whitespace(): PreTokenizer {
  const word = classSource("word");
  const pattern = new RegExp(`[${word}]+|[^${word}${classSource("space")}]+`, "gu");
  return (text) => cut(text, inverted(regexStretches(text.text, pattern)), "Removed");
}
