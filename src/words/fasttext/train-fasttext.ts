/**
 * fastText's word vectors (Bojanowski et al. 2017): skip-gram or CBOW in which a word is the mean of a vector of its own and
 * those of its character n-grams. The exact steps and what differs from the original stand in assembly/fasttext.ts; besides,
 * every row begins random, where the original leaves some at zero (its issue 315), and lines are not cut at 1,024 words.
 */
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus, type EncodeOptions } from "../corpus/encode-corpus.ts";
import { keepThresholds } from "../corpus/sampling.ts";
import { FastTextModel, type FastTextParts } from "./fasttext-model.ts";
import { resumedState } from "./fasttext-state.ts";
import { pretrainedVectors } from "./pretrained-vectors.ts";
import { StoredRows } from "./stored-rows.ts";
import { trainLanes } from "./train-lanes.ts";
import { type FastTextOptions, type FastTextRun, wordVectorRun } from "./training-options.ts";
import { startAtModel, startAtVectors } from "./training-start.ts";
import { partsOfWords, vocabularyOf, wordDictionary } from "./word-dictionary.ts";

const LARGEST_BLOCK = 16_384;
const SMALLEST_BLOCK = 1024;

/**
 * Trains word vectors on a corpus with one sentence (or document) a line. Throws `invalid-argument` when no word is frequent
 * enough or the loss becomes NaN, `unavailable` when the vectors do not fit into 4 GB; rejects with the signal's reason.
 *
 * @example
 * const model = await trainFastText("wiki.txt", { threads: 2 });
 * model.wordVectors().mostSimilar("frog", { top: 2 });
 * model.wordVector("frogginess"); // a vector, though the corpus has no such word
 */
export async function trainFastText(
  source: CorpusSource | EncodedCorpus,
  options: FastTextOptions = {},
): Promise<FastTextModel> {
  const { onProgress: _, ...reading } = options;
  return new FastTextModel(await trainWords(source, { run: wordVectorRun(options), reading }));
}

/** @param job `known` is the model that is trained further. */
export async function trainWords(
  source: CorpusSource | EncodedCorpus,
  { run, reading, known }: { run: FastTextRun; reading: EncodeOptions; known?: FastTextParts },
): Promise<FastTextParts> {
  const { settings } = run;
  const resumed = await resumedState(run);
  const vectors = await pretrainedVectors(run);
  const given = typeof source === "object" && "vocabulary" in source;
  const extend = known && vocabularyOf(known.dictionary);
  const corpus = given ? source : await encodeCorpus(source, { ...reading, ...(extend && { extend }) });
  try {
    const { minCount } = settings;
    const words = wordDictionary(corpus, { minCount, known: known?.dictionary, more: vectors?.words });
    const { dictionary, counts, endOfLine, shiftFrom } = words;
    const { wordCount } = dictionary;
    const rows = known
      ? StoredRows.further(known.input, { words: wordCount, before: known.dictionary.wordCount })
      : new StoredRows(wordCount, settings.buckets);
    const parts = partsOfWords(dictionary, settings, rows);
    const start = known
      ? startAtModel(known, { words: wordCount, rows, loss: settings.loss })
      : vectors && startAtVectors(vectors, dictionary);
    // A word's share is that of all tokens, also of those that are too rare for the vocabulary.
    const share = (corpus.tokensRead + corpus.lines) / counts.reduce((sum, count) => sum + count, 0);
    const keep = keepThresholds(counts, settings.sample * share);
    const blocks = evenBlocks(corpus.length);
    return await trainLanes(run, {
      corpus: { place: corpus.place, blocks, endOfLine, shiftFrom, perEpoch: corpus.tokens },
      ...{ dictionary, rows, start, resumed },
      tables: { outputCounts: counts, words: { keep, ...parts } },
    });
  } finally {
    if (!given) await corpus.dispose();
  }
}

/** Small enough that the learning rate falls smoothly in a small corpus too. */
function evenBlocks(length: number): Float64Array {
  const size = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, Math.ceil(length / 64)));
  return Float64Array.from({ length: Math.ceil(length / size) + 1 }, (_, i) => Math.min(length, i * size));
}
