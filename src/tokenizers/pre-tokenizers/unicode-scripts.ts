/**
 * UnicodeScripts: cuts where the script changes; Hiragana and Katakana count as Han, spaces and common characters go with what is
 * before. Reference: Rust `tokenizers`, pre_tokenizers/unicode_scripts. Differs: asks the runtime's own Script property.
 */
import { forEachCharacter } from "../unicode.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { scriptOf } from "./script-of.ts";

export function unicodeScripts(): PreTokenizer {
  return (text) => {
    const cuts: number[] = [];
    let before: string | undefined;
    forEachCharacter(text.text, (point, at) => {
      const script = scriptOf(point);
      if (script !== "any" && before !== "any" && before !== script) cuts.push(at);
      if (script !== "any") before = script;
    });
    cuts.push(text.text.length);
    // What stands before the first script (only common characters) is not kept, as in the reference.
    return cuts.slice(1).map((end, i) => text.slice(cuts[i], end));
  };
}
