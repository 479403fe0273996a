/** From the `normalizer` part of a tokenizer.json to the function that changes a text. */
import { toByteCharacters } from "../pre-tokenizers/byte-level.ts";
import { makePart, type Part, readParts } from "../tokenizer-json.ts";
import { bertNormalizer } from "./bert.ts";
import { lowercase } from "./lowercase.ts";
import type { Normalizer } from "./normalizer.ts";
import { precompiled } from "./precompiled.ts";
import { nmt, prepend, replace, strip, stripAccents } from "./simple.ts";
import { unicodeForm } from "./unicode-forms.ts";

/** Throws `unsupported` for an unknown type or pattern, `invalid-file` for a malformed part. */
export function createNormalizer(json: Part): Normalizer {
  return makePart<Normalizer>(json, "normalizer", {
    BertNormalizer: bertNormalizer,
    ByteLevel: () => toByteCharacters,
    Lowercase: () => lowercase,
    NFC: () => unicodeForm("NFC"),
    NFD: () => unicodeForm("NFD"),
    NFKC: () => unicodeForm("NFKC"),
    NFKD: () => unicodeForm("NFKD"),
    Nmt: () => nmt,
    Precompiled: precompiled,
    Prepend: prepend,
    Replace: replace,
    Sequence: sequence,
    Strip: strip,
    StripAccents: stripAccents,
  });
}

function sequence(json: Part): Normalizer {
  const steps = readParts(json, "normalizers").map(createNormalizer);
  return (text) => steps.reduce((now, step) => step(now), text);
}
