/** From the `pre_tokenizer` part of a tokenizer.json to the function that cuts a text into words. */
import { makePart, type Part, readParts } from "../tokenizer-json.ts";
import { bertPreTokenizer } from "./bert.ts";
import { byteLevel } from "./byte-level.ts";
import { charDelimiterSplit, digits, fixedLength, punctuation, whitespaceSplit } from "./by-character.ts";
import { metaspace } from "./metaspace.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { split } from "./split.ts";
import { unicodeScripts } from "./unicode-scripts.ts";
import { whitespace } from "./whitespace.ts";

/** Throws `unsupported` for an unknown type or pattern, `invalid-file` for a malformed part. */
export function createPreTokenizer(json: Part): PreTokenizer {
  return makePart(json, "pre-tokenizer", {
    BertPreTokenizer: bertPreTokenizer,
    ByteLevel: byteLevel,
    Delimiter: charDelimiterSplit,
    CharDelimiterSplit: charDelimiterSplit,
    Digits: digits,
    FixedLength: fixedLength,
    Metaspace: metaspace,
    Punctuation: punctuation,
    Sequence: sequence,
    Split: split,
    UnicodeScripts: unicodeScripts,
    Whitespace: whitespace,
    WhitespaceSplit: whitespaceSplit,
  });
}

function sequence(json: Part): PreTokenizer {
  const steps = readParts(json, "pretokenizers").map(createPreTokenizer);
  return (text) => {
    let words = [text];
    for (const step of steps) words = words.flatMap((word) => (word.text === "" ? [] : step(word)));
    return words;
  };
}
