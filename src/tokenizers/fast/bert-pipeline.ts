/**
 * BERT's normalizer and pre-tokenizer: words end at ASCII whitespace, and punctuation and Chinese characters stand alone. Both steps
 * look at one character at a time, or (accents) at a character and the marks after it, so chunks never touch each other.
 */
import { characterTest } from "../unicode.ts";
import { flag } from "../tokenizer-json.ts";
import type { ExactPipeline, FastPipeline } from "./pipeline.ts";
import { UnitClasses } from "./scanner.ts";
import { alone, inWord, separator, WordScanner } from "./word-scanner.ts";

/** The fast pipeline when tokenizer.json has BertPreTokenizer, and BertNormalizer or none. */
export function bertPipeline({ json }: ExactPipeline): FastPipeline | undefined {
  const { normalizer, pre_tokenizer: preTokenizer } = json;
  if (preTokenizer?.type !== "BertPreTokenizer") return undefined;
  if (normalizer && normalizer.type !== "BertNormalizer") return undefined;
  const lower = normalizer ? flag(normalizer, "lowercase", true) : false;
  const spacesChinese = normalizer ? flag(normalizer, "handle_chinese_chars", true) : false;
  const isPunctuation = characterTest("punctuation");
  const classes = new UnitClasses((unit) => {
    if (unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d) return separator;
    if (isPunctuation(unit)) return alone;
    return spacesChinese && unit >= 0x4e00 && unit <= 0x9fff ? alone : inWord;
  });
  return {
    scanner: new WordScanner(classes, false),
    startDiffers: false,
    word: (chunk) => (/^[A-Za-z0-9]+$/.test(chunk) ? (lower ? chunk.toLowerCase() : chunk) : undefined),
    context: () => "",
  };
}
