/**
 * The words that tell one group of texts from the others: log-odds ratios with an informative Dirichlet prior, over their standard error
 * (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). What differs: a word counts once a text, since the texts are sentences; the prior
 * weighs as much as one of them.
 */
import { englishStopWords } from "../../search/lexical/stop-words.ts";
import { wordsOfText } from "../../texts/words/words-of-text.ts";

export interface TellingOptions {
  /** How many words a group. */
  readonly top: number;
  /** A word that is left out: the one that is asked about. */
  readonly without: string;
}

/** For each group the words that are its own, the most telling first; fewer where the group has no more. */
export function tellingWords(
  texts: readonly string[],
  labels: ArrayLike<number>,
  { top, without }: TellingOptions,
): string[][] {
  const left = new Set([...englishStopWords, without.toLowerCase()]);
  const counts = new Map<string, number[]>();
  const groups = Math.max(-1, ...Array.from(labels)) + 1;
  const sizes = new Float64Array(groups);
  for (const [i, text] of texts.entries()) {
    const words = new Set(wordsOfText(text).map((word) => word.toLowerCase()));
    for (const word of words) {
      if (left.has(word)) continue;
      if (!counts.has(word))
        counts.set(
          word,
          Array.from({ length: groups }, () => 0),
        );
      counts.get(word)![labels[i]] += 1;
      sizes[labels[i]] += 1;
    }
  }
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const weight = all / Math.max(1, texts.length);
  return Array.from(sizes, (size, group) => {
    const scored: { word: string; score: number }[] = [];
    for (const [word, numbers] of counts) {
      const own = numbers[group];
      if (own === 0) continue;
      const whole = numbers.reduce((sum, count) => sum + count, 0);
      const prior = (weight * whole) / all;
      const others = { count: whole - own + prior, of: all - size + weight };
      const here = { count: own + prior, of: size + weight };
      const odds = ({ count, of }: { count: number; of: number }) => Math.log(count / Math.max(of - count, 1e-9));
      const error = Math.sqrt(1 / here.count + 1 / others.count);
      const score = (odds(here) - odds(others)) / error;
      if (score > 0) scored.push({ word, score });
    }
    return scored
      .toSorted((a, b) => b.score - a.score)
      .slice(0, top)
      .map(({ word }) => word);
  });
}
