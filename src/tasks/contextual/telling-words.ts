/**
 * The words that tell one group of texts from the others: log-odds ratios with an informative Dirichlet prior, over their standard error
 * (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). What differs: texts that have the word are counted, not words, since the texts are
 * sentences; the prior weighs as much as one of them.
 */
import { englishStopWords } from "../../search/lexical/stop-words.ts";
import { wordsOfText } from "../../texts/words/words-of-text.ts";

export interface TellingOptions {
  /** How many words a group. */
  readonly top: number;
  /** A word that is left out: the one that is asked about. */
  readonly without: string;
}

/** For each group (`labels` are 0, 1, 2 …) the words that its texts have more often than others, the most telling first, in lower case. */
export function tellingWords(
  texts: readonly string[],
  labels: ArrayLike<number>,
  { top, without }: TellingOptions,
): string[][] {
  const sizes = new Uint32Array(Math.max(-1, ...Array.from(labels)) + 1);
  for (const [i] of texts.entries()) sizes[labels[i]] += 1;
  const left = new Set([...englishStopWords, without.toLowerCase()]);
  const counts = new Map<string, Uint32Array>();
  for (const [i, text] of texts.entries()) {
    for (const word of new Set(wordsOfText(text).map((one) => one.toLowerCase()))) {
      if (left.has(word)) continue;
      if (!counts.has(word)) counts.set(word, new Uint32Array(sizes.length));
      counts.get(word)![labels[i]] += 1;
    }
  }
  return Array.from(sizes, (size, group) => {
    const scored: { word: string; score: number }[] = [];
    for (const [word, numbers] of counts) {
      const all = numbers.reduce((sum, count) => sum + count, 0);
      const here = { texts: size, having: numbers[group] };
      const others = { texts: texts.length - size, having: all - numbers[group] };
      if (here.having * others.texts <= others.having * here.texts) continue;
      scored.push({ word, score: surprise(here, others) });
    }
    return (
      scored
        // Of equals the longer first: frequent words, which say little, are short (Zipf).
        .toSorted((a, b) => b.score - a.score || b.word.length - a.word.length)
        .slice(0, top)
        .map(({ word }) => word)
    );
  });
}

interface Share {
  texts: number;
  having: number;
}

/** The log-odds ratio in units of its standard error. */
function surprise(here: Share, others: Share): number {
  const prior = (here.having + others.having + 0.5) / (here.texts + others.texts + 1);
  const odds = ({ texts, having }: Share): number => Math.log((having + prior) / (texts - having + 1 - prior));
  const error = Math.sqrt(1 / (here.having + prior) + 1 / (others.having + prior));
  return (odds(here) - odds(others)) / error;
}
