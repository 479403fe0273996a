/** The options of `words train` that say how the text is read: cut into words, joined to phrases, with which vocabulary. */
import type { CorpusSource, PhraseOptions } from "../../words/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import type { Progress } from "../progress.ts";

type Tokenize = (line: string) => Iterable<string>;

export const textOptions = {
  tokenizer: {
    type: "string",
    value: "NAME",
    describe:
      "spaces: words as they stand between white space (default); words: runs of letters and digits in lower case; segmenter:zh (or any language): by Intl.Segmenter, for texts without spaces",
  },
  phrases: { type: "flag", describe: "Write pairs that stand together often as one word: new_york" },
  "phrase-rounds": {
    type: "whole",
    value: "N",
    least: 1,
    describe: "With --phrases: 2 makes phrases of up to four words (default 1)",
  },
  "phrase-score": {
    type: "string",
    value: "NAME",
    choices: ["word2phrase", "npmi"] as const,
    describe: "With --phrases (default word2phrase)",
  },
  "phrase-threshold": {
    type: "number",
    value: "X",
    describe: "With --phrases: pairs that score more are phrases (default 100; npmi .5)",
  },
  vocabulary: {
    type: "string",
    value: "FILE",
    describe: 'Only these words: "word count" lines, as --save-vocabulary, word2vec.c and GloVe write them',
  },
  "save-vocabulary": { type: "string", value: "FILE", describe: "Write the words and their counts" },
} as const;

/** Throws {@link UsageError} for options that do not go together. */
export function checkTextOptions(
  input: string,
  options: Values<typeof textOptions> & Readonly<Record<string, unknown>>,
): void {
  tokenizerOf(options.tokenizer);
  const about = (["phrase-rounds", "phrase-score", "phrase-threshold"] as const).find(
    (name) => options[name] !== undefined,
  );
  if (about && !options.phrases) throw new UsageError(`--${about} is for --phrases. Add --phrases, or leave it out.`);
  if (options.phrases && input === "-")
    throw new UsageError("--phrases reads the text twice, which standard input cannot be. Give a file as --input.");
  if (options.vocabulary === undefined) return;
  for (const name of ["min-count", "max-vocabulary"] as const)
    if (options[name] !== undefined)
      throw new UsageError(`--vocabulary says which words there are: leave --${name} out, or shorten the file.`);
}

/** What cuts a line into words; undefined is the library's own way, at white space. Throws {@link UsageError} for a name that is none. */
export function tokenizerOf(name: string | undefined): Tokenize | undefined {
  if (name === undefined || name === "spaces") return undefined;
  if (name === "words") return (line) => line.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
  const locale = /^segmenter:(.+)$/.exec(name)?.[1];
  const known = locale !== undefined && isLocale(locale);
  if (!known)
    throw new UsageError(
      `--tokenizer must be spaces, words or segmenter:LANGUAGE such as segmenter:zh, got "${name}".`,
    );
  const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
  return (line) => wordsOf(segmenter.segment(line.toLocaleLowerCase(locale)));
}

export interface Text {
  source: CorpusSource;
  tokenize?: Tokenize;
}

/** The text with its phrases joined, and what cuts its lines. It can be read more than once where the input is a file. */
export async function openText(
  input: string,
  options: Values<typeof textOptions> & { signal: AbortSignal; minCount: number | undefined; progress: Progress },
): Promise<Text> {
  const tokenize = tokenizerOf(options.tokenizer);
  if (!options.phrases) return { source: input, ...(tokenize && { tokenize }) };
  const { learnPhrases } = await import("../../words/index.ts");
  const { "phrase-rounds": rounds = 1, "phrase-score": score, "phrase-threshold": threshold } = options;
  let source: CorpusSource = input;
  for (let round = 1; round <= rounds; round += 1) {
    const phrases = await learnPhrases(source, {
      ...given({ score, threshold, minCount: options.minCount }),
      ...(round === 1 && tokenize && { tokenize }),
      signal: options.signal,
      onProgress: (tokens) => options.progress.update(`finding phrases, round ${round} of ${rounds}, words`, tokens, 0),
    });
    const before: CorpusSource = source;
    source = { [Symbol.asyncIterator]: () => phrases.apply(before) };
  }
  return { source };
}

function given({
  score,
  threshold,
  minCount,
}: { [K in keyof PhraseOptions]: PhraseOptions[K] | undefined }): PhraseOptions {
  return {
    ...(score !== undefined && { score }),
    ...(threshold !== undefined && { threshold }),
    ...(minCount !== undefined && { minCount }),
  };
}

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}

/** Without punctuation and spaces. */
function* wordsOf(segments: Intl.Segments): Generator<string> {
  for (const { segment, isWordLike } of segments) if (isWordLike) yield segment;
}
