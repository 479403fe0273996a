/**
 * fastText's text classifier (Joulin et al. 2017, "Bag of Tricks"): the mean of the vectors of a text's words, n-grams and runs
 * of words goes into a linear layer. The exact steps stand in assembly/fasttext.ts.
 */
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import { encodeTexts } from "./encode-texts.ts";
import { FastTextModel, type FastTextParts } from "./fasttext-model.ts";
import { resumedState } from "./fasttext-state.ts";
import { pretrainedVectors } from "./pretrained-vectors.ts";
import { StoredRows } from "./stored-rows.ts";
import { textDictionary } from "./text-dictionary.ts";
import { trainLanes } from "./train-lanes.ts";
import { classifierRun, type FastTextClassifierOptions, type FastTextRun } from "./training-options.ts";
import { startAtModel, startAtVectors } from "./training-start.ts";

/**
 * Trains on lines that begin with their labels: `__label__spam buy now`. Throws `invalid-argument` when no line has a label and
 * a word or the loss becomes NaN; rejects with the signal's reason.
 *
 * @example
 * const model = await trainFastTextClassifier(["__label__pet my cat purrs", "__label__car the motor hums"], { epochs: 50, learningRate: 1 });
 * model.predict("a cat"); // [{ label: "__label__pet", probability: 0.9… }]
 */
export async function trainFastTextClassifier(
  source: CorpusSource,
  options: FastTextClassifierOptions = {},
): Promise<FastTextModel> {
  return new FastTextModel(await trainTexts(source, { run: classifierRun(options) }));
}

/** @param job `known` is the model that is trained further. */
export async function trainTexts(
  source: CorpusSource,
  { run, known }: { run: FastTextRun; known?: FastTextParts },
): Promise<FastTextParts> {
  const { settings, minCountLabel, signal } = run;
  const resumed = await resumedState(run);
  const vectors = await pretrainedVectors(run);
  const rowsOf = ({ wordCount: words }: FastTextDictionary): StoredRows =>
    known
      ? StoredRows.further(known.input, { words, before: known.dictionary.wordCount })
      : new StoredRows(words, settings.buckets);
  const texts = await encodeTexts(source, {
    ...{ settings, signal },
    count(table, lines) {
      const more = vectors?.words;
      const dictionary = textDictionary(table, { settings, minCountLabel, lines, known: known?.dictionary, more });
      return { dictionary, rows: rowsOf(dictionary) };
    },
  });
  try {
    const { dictionary, rows, corpus } = texts;
    const { wordCount: words, parts } = dictionary;
    const start = known
      ? startAtModel(known, { words, rows, loss: settings.loss })
      : vectors && startAtVectors(vectors, dictionary);
    const tables = { outputCounts: parts.counts.slice(words) };
    return await trainLanes(run, { corpus, dictionary, rows, start, resumed, tables });
  } finally {
    await texts.dispose();
  }
}
