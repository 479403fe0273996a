/**
 * BERT's normalizer: control characters out, every whitespace a space, spaces around Chinese characters, accents off, lowercase;
 * each step can be switched off, accents go with lowercase unless said otherwise. Reference: Rust `tokenizers`, normalizers/bert.
 */
import type { AlignedText } from "../aligned-text.ts";
import { flag, optionalFlag, type Part } from "../tokenizer-json.ts";
import { characterTest } from "../unicode.ts";
import { lowercase } from "./lowercase.ts";
import type { Normalizer } from "./normalizer.ts";
import { unicodeForm } from "./unicode-forms.ts";

/** Nothing to clean, no Chinese, no accents: only the case may change. */
const plainText = /^[ -~]*$/;

export function bertNormalizer(json: Part): Normalizer {
  const lower = flag(json, "lowercase", true);
  const steps: Normalizer[] = [];
  if (flag(json, "clean_text", true)) steps.push(cleanText());
  if (flag(json, "handle_chinese_chars", true)) steps.push(spaceChinese);
  if (optionalFlag(json, "strip_accents") ?? lower) steps.push(stripAccents());
  return (text) => {
    let now = text;
    if (!plainText.test(text.text)) for (const step of steps) now = step(now);
    return lower ? lowercase(now) : now;
  };
}

function cleanText(): Normalizer {
  const isControl = characterTest("control");
  const isSpace = characterTest("space");
  return (text) =>
    text.mapCharacters((point, character) => {
      if (point === 9 || point === 10 || point === 13) return " ";
      if (point === 0 || point === 0xfffd || isControl(point)) return "";
      return isSpace(point) ? " " : character;
    });
}

function spaceChinese(text: AlignedText): AlignedText {
  return text.mapCharacters((point, character) => (isChinese(point) ? ` ${character} ` : character));
}

function stripAccents(): Normalizer {
  const decompose = unicodeForm("NFD");
  const isMark = characterTest("nonspacing");
  return (text) => decompose(text).mapCharacters((point, character) => (isMark(point) ? "" : character));
}

/** The ideographs of BERT's list; 2B820 to 2B91F is missing there, too. */
function isChinese(point: number): boolean {
  if (point < 0x3400) return false;
  return (
    (point >= 0x4e00 && point <= 0x9fff) ||
    (point >= 0x3400 && point <= 0x4dbf) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0x20000 && point <= 0x2a6df) ||
    (point >= 0x2a700 && point <= 0x2b81f) ||
    (point >= 0x2b920 && point <= 0x2ceaf) ||
    (point >= 0x2f800 && point <= 0x2fa1f)
  );
}
