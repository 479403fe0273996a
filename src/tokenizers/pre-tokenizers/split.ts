/** Split: cuts at the matches of a text or an Oniguruma pattern. Reference: Rust `tokenizers`, pre_tokenizers/split. */
import { oniguruma } from "../oniguruma.ts";
import { choice, flag, invalid, isObject, type Part } from "../tokenizer-json.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { cut, inverted, regexStretches, splitBehaviors } from "./stretches.ts";

export function split(json: Part): PreTokenizer {
  const pattern = readPattern(json);
  const behavior = choice(json, "behavior", splitBehaviors);
  const invert = flag(json, "invert", false);
  return (text) => {
    const stretches = regexStretches(text.text, pattern);
    return cut(text, invert ? inverted(stretches) : stretches, behavior);
  };
}

/** The `pattern` of a Split or Replace, {"String": …} or {"Regex": …}, as a global regular expression. */
export function readPattern(json: Part): RegExp {
  const { pattern } = json;
  if (isObject(pattern)) {
    const { String: literal, Regex: regex } = pattern;
    if (typeof literal === "string") return new RegExp(literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gu");
    if (typeof regex === "string") return oniguruma(regex);
  }
  throw invalid(`${json.type}.pattern`, 'must be {"String": …} or {"Regex": …}', pattern);
}
