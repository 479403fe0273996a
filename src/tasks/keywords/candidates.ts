/**
 * The phrases of a text that may be its keywords: runs of words without stop words, as scikit-learn's CountVectorizer makes them for KeyBERT:
 * in lower case, words of two characters and more, stop words taken out BEFORE words are joined. What differs: on request phrases hold
 * neighbours only, so that every one stands in the text as it is; scripts without spaces are cut by `Intl.Segmenter`.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { englishStopWords } from "./stop-words.ts";

export interface CandidateOptions {
  /** Fewest and most words of a phrase. Default [1, 1]. */
  ngrams?: readonly [number, number];
  /** "english", none, or the words. Default "english". */
  stopWords?: "english" | "none" | readonly string[];
  /** Only words that stand side by side, with no stop word or punctuation between. Default false, as KeyBERT. */
  contiguous?: boolean;
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const word = /[\p{L}\p{M}\p{N}_]+/gu;

/** Distinct phrases, ascending. Throws `invalid-argument` for lengths that are no whole numbers from 1 on. */
export function keywordCandidates(
  text: string,
  { ngrams: [least, most] = [1, 1], stopWords = "english", contiguous = false }: CandidateOptions = {},
): string[] {
  wholeNumber("The shortest n-gram", least, 1);
  wholeNumber("The longest n-gram", most, 1);
  if (least > most)
    throw new SemspaceError("invalid-argument", `ngrams must be [shortest, longest], got [${least}, ${most}].`);
  const stops = new Set(stopWords === "english" ? englishStopWords : stopWords === "none" ? [] : stopWords);
  const found = new Set<string>();
  for (const run of runs(text.toLowerCase(), stops, contiguous)) {
    for (let length = least; length <= most; length += 1)
      for (let i = 0; i + length <= run.length; i += 1) found.add(run.slice(i, i + length).join(" "));
  }
  return [...found].sort();
}

/** The words that may be neighbours in a phrase: all of the text, or the runs between what parts them. */
function runs(text: string, stops: ReadonlySet<string>, contiguous: boolean): string[][] {
  const all: string[][] = [[]];
  let last = 0;
  for (const { token, start, end } of wordsIn(text)) {
    const parts = stops.has(token) || Array.from(token).length < 2;
    if (contiguous && (parts || !/^[\s'’-]*$/u.test(text.slice(last, start)))) all.push([]);
    if (!parts) all[all.length - 1].push(token);
    last = end;
  }
  return all;
}

function* wordsIn(text: string): Generator<{ token: string; start: number; end: number }> {
  if (!unspaced.test(text)) {
    for (const { 0: token, index } of text.matchAll(word)) yield { token, start: index, end: index + token.length };
    return;
  }
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  for (const { segment, index, isWordLike } of segmenter.segment(text))
    if (isWordLike) yield { token: segment, start: index, end: index + segment.length };
}
