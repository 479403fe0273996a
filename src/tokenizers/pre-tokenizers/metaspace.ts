/**
 * Metaspace: SentencePiece's visible space. Spaces become "▁", one is put before the text, and each word starts with its "▁".
 * Reference: Rust `tokenizers`, pre_tokenizers/metaspace.
 */
import { choice, flag, invalid, optionalFlag, type Part, text as textField } from "../tokenizer-json.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { characterStretches, cut } from "./stretches.ts";

/** Where a "▁" is put before a text: before each part between added tokens, before the very first one, or nowhere. */
export type PrependScheme = "always" | "first" | "never";

export function metaspace(json: Part): PreTokenizer {
  const { replacement, scheme } = readMetaspace(json);
  const splits = flag(json, "split", true);
  const point = replacement.codePointAt(0)!;
  return (text) => {
    let marked = text.text.includes(" ")
      ? text.mapCharacters((_, character) => (character === " " ? replacement : character))
      : text;
    const wanted = scheme === "always" || (scheme === "first" && text.origin === 0);
    if (wanted && !marked.text.startsWith(replacement)) marked = marked.prepend(replacement);
    if (!splits) return [marked];
    return cut(
      marked,
      characterStretches(marked.text, (found) => found === point),
      "MergedWithNext",
    );
  };
}

/** The fields that the pre-tokenizer and the decoder share, with the older `add_prefix_space`. */
export function readMetaspace(json: Part): { replacement: string; scheme: PrependScheme } {
  const replacement = textField(json, "replacement", "▁");
  if (Array.from(replacement).length !== 1)
    throw invalid(`${json.type}.replacement`, "must be one character", replacement);
  const declared =
    json["prepend_scheme"] === undefined ? undefined : choice(json, "prepend_scheme", ["always", "first", "never"]);
  const addsSpace = optionalFlag(json, "add_prefix_space");
  if (addsSpace === false && declared !== undefined && declared !== "never") {
    throw invalid(`${json.type}.add_prefix_space`, `must fit prepend_scheme "${declared}"`, false);
  }
  return { replacement, scheme: addsSpace === false ? "never" : (declared ?? "always") };
}
