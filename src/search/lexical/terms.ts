/**
 * Text to the terms that lexical search counts. A word is a run of letters, digits and marks (Unicode), in lower
 * case and without diacritics (NFKD, combining marks U+0300-036F dropped, NFC: "Café" is "cafe").
 *
 * Three kinds of words give more than one term:
 *   identifiers  `maxLength` and `max_length` both give maxlength, max, length, so either finds the other and prose;
 *   elisions     "don't" gives don, "l'eau" gives eau: a single letter beside an apostrophe is dropped;
 *   CJK          scripts without spaces (and Hangul, whose particles stick to the noun) give overlapping pairs of
 *                characters, as Lucene's CJKAnalyzer does; Han characters also alone, so that one of them can be asked for.
 */
import { singular } from "./plural.ts";
import { englishStopWords } from "./stop-words.ts";

export interface TermOptions {
  /** Terms to leave out, `"english"` for the 33 words of Lucene's list (the default), `false` for none. */
  stopWords?: Iterable<string> | "english" | false;
  /** Whether English plurals count as their singulars (the default). */
  plurals?: boolean;
}

/** Cuts a text into terms, in the text's order, with repetitions. The same function must read texts and queries. */
export type TermReader = (text: string) => string[];

/** Longer runs are hashes or base64, not words; keeping them would fill the vocabulary. */
const longestWord = 100;

const words = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{M}]+)*/gu;
const identifierParts = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[^\p{Lu}]+/gu;
const unspaced =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+)/u;
const han = /\p{Script=Han}/u;

/**
 * @example
 * termReader()("The parseHTTPHeaders of the café"); // ["parsehttpheader", "parse", "http", "header", "cafe"]
 */
export function termReader({ stopWords = "english", plurals = true }: TermOptions = {}): TermReader {
  const left = new Set(stopWords === "english" ? englishStopWords : stopWords === false ? [] : stopWords);
  return (text) => {
    const terms: string[] = [];
    for (const word of text.match(words) ?? []) {
      const kind = kindOf(word);
      if (kind === "plain") terms.push(word);
      else if (kind === "capital") terms.push(word.toLowerCase());
      else readWord(word, terms);
    }
    const kept = left.size === 0 ? terms : terms.filter((term) => !left.has(term));
    return plurals ? kept.map(singular) : kept;
  };
}

/** Most words are plain ASCII; only what is left needs the slower rules. */
function kindOf(word: string): "plain" | "capital" | "other" {
  if (word.length > longestWord) return "other";
  let capitals = 0;
  for (let i = 0; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    if (code >= 97 ? code > 122 : code < 48 || (code > 57 && (code < 65 || code > 90))) return "other";
    if (code >= 65 && code <= 90) capitals += 1;
  }
  if (capitals === 0) return "plain";
  const first = word.charCodeAt(0) <= 90;
  return (first && capitals === 1) || capitals === word.length ? "capital" : "other";
}

function readWord(word: string, terms: string[]): void {
  const pieces = word.split(/['’]/);
  for (const piece of pieces) {
    if (pieces.length > 1 && piece.length === 1) continue;
    // With a group in the pattern, split keeps what it splits at: every second part is an unspaced run.
    for (const [i, part] of piece.split(unspaced).entries()) {
      if (i % 2 === 1) readUnspaced(part.normalize("NFKC"), terms);
      else readIdentifier(part, terms);
    }
  }
}

function readIdentifier(word: string, terms: string[]): void {
  const parts = withoutDiacritics(word)
    .split("_")
    .flatMap((part) => part.match(identifierParts) ?? []);
  const whole = parts.join("").toLowerCase();
  if (whole !== "" && whole.length <= longestWord) terms.push(whole);
  if (parts.length === 1) return;
  for (const part of parts) if (part.length <= longestWord) terms.push(part.toLowerCase());
}

function readUnspaced(run: string, terms: string[]): void {
  const characters = Array.from(run);
  for (const [i, character] of characters.entries()) {
    if (characters.length === 1 || han.test(character)) terms.push(character);
    if (i > 0) terms.push(characters[i - 1] + character);
  }
}

function withoutDiacritics(word: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(word)) return word;
  return word
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");
}
