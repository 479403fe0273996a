/**
 * The words that characterise groups of texts: c-TF-IDF (Grootendorst 2022, BERTopic, https://arxiv.org/abs/2203.05794): how often a word is
 * in the group, times ln(1 + words of a group on average / how often it is anywhere). Words of any script (Intl.Segmenter).
 * Differs: a word must be more frequent in the group than outside, and in more than one of its texts where the group has many.
 */
import { englishStopWords } from "../keywords/stop-words.ts";
import { wordsOfText } from "../../texts/words/words-of-text.ts";

export interface ClassWordsOptions {
  /** How many words a group. */
  top: number;
  /** Besides the English ones. */
  stopWords?: Iterable<string> | undefined;
}

/** Texts that a word must be in, where the group has at least this square. */
const SPREAD = 3;

/** For each group (`labels` are 0, 1, 2 …, below 0 in none) its words, the most characteristic first, in lower case. */
export function classWords(
  texts: readonly string[],
  labels: ArrayLike<number>,
  { top, stopWords = [] }: ClassWordsOptions,
): string[][] {
  const groups = Math.max(-1, ...new Set(Array.from(labels))) + 1;
  const left = new Set([...englishStopWords, ...stopWords]);
  const counts = new Map<string, WordCounts>();
  const sizes = new Float64Array(groups);
  const texted = new Uint32Array(groups);
  let outside = 0;
  for (const [i, text] of texts.entries()) {
    const group = labels[i];
    if (group >= 0) texted[group] += 1;
    const seen = new Set<string>();
    for (const given of wordsOfText(text)) {
      const word = given.toLowerCase();
      if (left.has(word) || !says(word)) continue;
      let count = counts.get(word);
      if (!count)
        counts.set(word, (count = { words: new Uint32Array(groups), texts: new Uint32Array(groups), all: 0 }));
      count.all += 1;
      if (group < 0) {
        outside += 1;
        continue;
      }
      count.words[group] += 1;
      sizes[group] += 1;
      if (!seen.has(word)) count.texts[group] += 1;
      seen.add(word);
    }
  }
  const total = outside + sizes.reduce((sum, size) => sum + size, 0);
  const average = total / Math.max(1, groups);
  return Array.from(sizes, (size, group) => {
    const least = texted[group] >= SPREAD ** 2 ? SPREAD : 1;
    const scored: { word: string; score: number }[] = [];
    for (const [word, { words, texts: having, all }] of counts) {
      const here = words[group];
      if (having[group] < least || here * total <= all * size) continue;
      scored.push({ word, score: (here / size) * Math.log(1 + average / all) });
    }
    return scored
      .toSorted((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .slice(0, top)
      .map(({ word }) => word);
  });
}

interface WordCounts {
  /** How often it is in each group, and in how many texts of it. */
  words: Uint32Array;
  texts: Uint32Array;
  /** Anywhere. */
  all: number;
}

/** Single letters of an alphabet and numbers name nothing; a single Han character does. */
function says(word: string): boolean {
  if (!/\p{L}/u.test(word)) return false;
  return word.length > 1 || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);
}
