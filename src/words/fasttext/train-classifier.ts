/**
 * fastText's text classifier (Joulin et al. 2017, "Bag of Tricks"): the mean of the vectors of a text's words, n-grams and runs
 * of words goes into a linear layer. The exact steps stand in assembly/fasttext.ts.
 */
import type { CorpusSource } from "../corpus/corpus-source.ts";
import { encodeTexts } from "./encode-texts.ts";
import { FastTextModel } from "./fasttext-model.ts";
import { DenseTable } from "./table.ts";
import { longestBlock, trainLanes } from "./train-lanes.ts";
import { classifierRun, type FastTextClassifierOptions } from "./training-options.ts";

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
  const run = classifierRun(options);
  const { settings } = run;
  const texts = await encodeTexts(source, { settings, minCountLabel: options.minCountLabel ?? 0, signal: run.signal });
  try {
    const { dictionary, rows, blocks, store, lines } = texts;
    const outputCounts = dictionary.parts.counts.slice(dictionary.wordCount);
    const tables = { inputRows: rows.count, outputCounts, longestBlock: longestBlock(blocks) };
    const corpus = { place: store.place(), blocks, endOfLine: -1, perEpoch: lines };
    const { input, output } = await trainLanes(run, tables, { corpus });
    return new FastTextModel({
      ...{ settings, dictionary },
      input: new DenseTable(input, settings.dimensions, rows.toArray()),
      output: new DenseTable(output, settings.dimensions),
    });
  } finally {
    await texts.store.dispose();
  }
}
