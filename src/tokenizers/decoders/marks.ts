/** Decoders of tokens with marks for spaces, and those that only join or strip. Reference: Rust `tokenizers`, decoders. */
import { readMetaspace } from "../pre-tokenizers/metaspace.ts";
import { count, invalid, type Part, text as textField } from "../tokenizer-json.ts";
import type { Decoder } from "./decoder.ts";

/** Metaspace: "▁" becomes a space, those of the first token nothing (unless none is put before a text). */
export function metaspaceDecoder(json: Part): Decoder {
  const { replacement, scheme } = readMetaspace(json);
  return (tokens) => tokens.map((token, i) => token.replaceAll(replacement, i === 0 && scheme !== "never" ? "" : " "));
}

/** BPEDecoder: the mark of a word's end becomes a space, in the last token nothing. */
export function bpeDecoder(json: Part): Decoder {
  const suffix = textField(json, "suffix", "</w>");
  return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? "" : " "));
}

/** Fuse: all tokens as one text. */
export function fuse(tokens: readonly string[]): string[] {
  return [tokens.join("")];
}

/** Strip: takes up to `start` characters `content` off the start of each token, and up to `stop` off its end. */
export function strip(json: Part): Decoder {
  const content = textField(json, "content");
  if (Array.from(content).length !== 1) throw invalid("Strip.content", "must be one character", content);
  const start = count(json, "start");
  const stop = count(json, "stop");
  return (tokens) =>
    tokens.map((token) => {
      const characters = Array.from(token);
      let from = 0;
      while (from < Math.min(start, characters.length) && characters[from] === content) from += 1;
      let to = characters.length;
      while (to > 0 && characters.length - to < stop && characters[to - 1] === content) to -= 1;
      return characters.slice(from, Math.max(from, to)).join("");
    });
}
