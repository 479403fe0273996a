/**
 * ByteLevel: GPT-2's words, their UTF-8 bytes written as 256 visible characters, so that a vocabulary needs no unknown token.
 * Reference: Rust `tokenizers`, pre_tokenizers/byte_level; openai/gpt-2, encoder.py.
 */
import type { AlignedText } from "../aligned-text.ts";
import { bytesAsCharacters } from "../byte-characters.ts";
import { oniguruma } from "../oniguruma.ts";
import { flag, type Part } from "../tokenizer-json.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { cut, regexStretches } from "./stretches.ts";

/** GPT-2's pattern: English contractions, letters, numbers, other characters, each with one space before; spaces at a line's end. */
const gpt2Pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

export function byteLevel(json: Part): PreTokenizer {
  const addPrefixSpace = flag(json, "add_prefix_space", true);
  const pattern = flag(json, "use_regex", true) ? oniguruma(gpt2Pattern) : undefined;
  return (text) => {
    const spaced = addPrefixSpace && !text.text.startsWith(" ") ? text.prepend(" ") : text;
    const words = pattern ? cut(spaced, regexStretches(spaced.text, pattern), "Isolated") : [spaced];
    return words.map(toByteCharacters);
  };
}

/** Every character becomes the visible characters of its UTF-8 bytes. */
export function toByteCharacters(text: AlignedText): AlignedText {
  // The visible characters of ASCII stand for themselves.
  if (/^[!-~]*$/.test(text.text)) return text;
  return text.mapCharacters((_, character) => bytesAsCharacters(character));
}
