/** Pre-tokenizers that cut at single characters of a class: WhitespaceSplit, Punctuation, Digits, CharDelimiterSplit, FixedLength. */
import { choice, count, flag, invalid, type Part, text as textField } from "../tokenizer-json.ts";
import { characterTest, forEachCharacter } from "../unicode.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { characterStretches, cut, type SplitBehavior, splitBehaviors } from "./stretches.ts";

export function whitespaceSplit(): PreTokenizer {
  return cutAt(characterTest("space"), "Removed");
}

export function punctuation(json: Part): PreTokenizer {
  const behavior = json["behavior"] === undefined ? "Isolated" : choice(json, "behavior", splitBehaviors);
  return cutAt(characterTest("punctuation"), behavior);
}

export function digits(json: Part): PreTokenizer {
  return cutAt(characterTest("numeric"), flag(json, "individual_digits", false) ? "Isolated" : "Contiguous");
}

export function charDelimiterSplit(json: Part): PreTokenizer {
  const delimiter = textField(json, "delimiter");
  const wanted = delimiter.codePointAt(0);
  if (wanted === undefined || String.fromCodePoint(wanted) !== delimiter)
    throw invalid(`${json.type}.delimiter`, "must be one character", delimiter);
  return cutAt((point) => point === wanted, "Removed");
}

/** Every `length` code points are a word. */
export function fixedLength(json: Part): PreTokenizer {
  const length = count(json, "length", { least: 1, otherwise: 5 });
  return (text) => {
    const cuts = [0];
    let characters = 0;
    forEachCharacter(text.text, (_, at) => {
      if (characters > 0 && characters % length === 0) cuts.push(at);
      characters += 1;
    });
    return cuts.map((start, i) => text.slice(start, cuts[i + 1] ?? text.text.length));
  };
}

function cutAt(test: (point: number) => boolean, behavior: SplitBehavior): PreTokenizer {
  return (text) => cut(text, characterStretches(text.text, test), behavior);
}
