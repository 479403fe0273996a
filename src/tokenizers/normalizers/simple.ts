/** Normalizers of a few lines: Nmt, Prepend, Replace, Strip, StripAccents. Reference: Rust `tokenizers`, normalizers. */
import type { AlignedText } from "../aligned-text.ts";
import { readPattern } from "../pre-tokenizers/split.ts";
import { regexStretches } from "../pre-tokenizers/stretches.ts";
import { flag, type Part, text as textField } from "../tokenizer-json.ts";
import { characterTest } from "../unicode.ts";
import type { Normalizer } from "./normalizer.ts";

const nmtSpaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/;

/** Nmt: control characters out, odd spaces a space. */
export function nmt(text: AlignedText): AlignedText {
  return text.mapCharacters((point, character) => {
    if (isNmtControl(point)) return "";
    return nmtSpaces.test(character) ? " " : character;
  });
}

function isNmtControl(point: number): boolean {
  if (point >= 0x20) return point === 0x7f || point === 0x8f || point === 0x9f;
  return point !== 0 && point !== 9 && point !== 10 && point !== 12 && point !== 13;
}

/** Prepend: a text put before any text that is not empty. */
export function prepend(json: Part): Normalizer {
  const prefix = textField(json, "prepend");
  return (text) => text.prepend(prefix);
}

/** Replace: every match of a text or an Oniguruma pattern becomes a text. */
export function replace(json: Part): Normalizer {
  const pattern = readPattern(json);
  const content = textField(json, "content");
  return (text) => text.replace(regexStretches(text.text, pattern), content);
}

/** Strip: whitespace off the start and end. */
export function strip(json: Part): Normalizer {
  const left = flag(json, "strip_left", true);
  const right = flag(json, "strip_right", true);
  const isSpace = characterTest("space");
  return (text) => {
    let start = 0;
    let end = text.text.length;
    // Every whitespace character is one unit.
    if (left) while (start < end && isSpace(text.text.charCodeAt(start))) start += 1;
    if (right) while (end > start && isSpace(text.text.charCodeAt(end - 1))) end -= 1;
    return text.slice(start, end);
  };
}

/** StripAccents: marks of every kind out; accents that are part of a letter need NFD before. */
export function stripAccents(): Normalizer {
  const isMark = characterTest("mark");
  return (text) => text.mapCharacters((point, character) => (isMark(point) ? "" : character));
}
