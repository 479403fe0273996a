/**
 * fastText's word vectors (Bojanowski et al. 2017): skip-gram or CBOW in which a word is the mean of a vector of its own and
 * those of its character n-grams. The exact steps and what differs from the original stand in assembly/fasttext.ts; besides,
 * every row begins random, where the original leaves some at zero (its issue 315), and lines are not cut at 1,024 words.
 */
import type { CorpusSource } from "../corpus/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus } from "../corpus/encode-corpus.ts";
import { keepThresholds } from "../corpus/sampling.ts";
import { dictionaryOf, END_OF_LINE, type FastTextDictionary } from "./dictionary.ts";
import { FastTextModel } from "./fasttext-model.ts";
import { FeatureReader } from "./features.ts";
import type { FastTextSettings } from "./settings.ts";
import { StoredRows } from "./stored-rows.ts";
import { DenseTable } from "./table.ts";
import { longestBlock, trainLanes } from "./train-lanes.ts";
import { type FastTextOptions, wordVectorRun } from "./training-options.ts";

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
  const run = wordVectorRun(options);
  const { settings } = run;
  const { onProgress: _, ...reading } = options;
  const given = typeof source === "object" && "vocabulary" in source;
  const corpus = given ? source : await encodeCorpus(source, reading);
  try {
    const { dictionary, endOfLine } = wordDictionary(corpus, settings);
    const rows = new StoredRows(dictionary.wordCount, settings.buckets);
    const parts = partsOfWords(dictionary, settings, rows);
    const { counts, tokens } = dictionary.parts;
    const known = counts.reduce((sum, count) => sum + count, 0);
    // A word's share is that of all tokens, also of those that are too rare for the vocabulary.
    const keep = keepThresholds(counts, (settings.sample * tokens) / known);
    const blocks = evenBlocks(corpus.length);
    const tables = {
      inputRows: rows.count,
      outputCounts: counts,
      words: { keep, ...parts },
      longestBlock: longestBlock(blocks),
    };
    const { input, output } = await trainLanes(run, tables, {
      corpus: { place: corpus.place, blocks, endOfLine, perEpoch: corpus.tokens },
    });
    return new FastTextModel({
      ...{ settings, dictionary },
      input: new DenseTable(input, settings.dimensions, rows.toArray()),
      output: new DenseTable(output, settings.dimensions),
    });
  } finally {
    if (!given) await corpus.dispose();
  }
}

/** The corpus's words and, where its count puts it, the end of the line, which is a word to fastText. */
function wordDictionary(
  { vocabulary, lines, tokensRead }: EncodedCorpus,
  { minCount }: FastTextSettings,
): { dictionary: FastTextDictionary; endOfLine: number } {
  const encoder = new TextEncoder();
  const entries = vocabulary.words.map((word, id) => ({ text: encoder.encode(word), count: vocabulary.counts[id] }));
  let endOfLine = -1;
  if (lines >= minCount && !vocabulary.has(END_OF_LINE)) {
    endOfLine = entries.findIndex(({ count }) => count < lines);
    if (endOfLine < 0) endOfLine = entries.length;
    entries.splice(endOfLine, 0, { text: encoder.encode(END_OF_LINE), count: lines });
  }
  const dictionary = dictionaryOf(entries, { words: entries.length, tokens: tokensRead + lines });
  return { dictionary, endOfLine };
}

/** For each word its stored rows: its own, then its n-grams'. */
function partsOfWords(
  dictionary: FastTextDictionary,
  settings: FastTextSettings,
  stored: StoredRows,
): { starts: Uint32Array; rows: Uint32Array } {
  const features = new FeatureReader(settings, dictionary);
  const starts = new Uint32Array(dictionary.wordCount + 1);
  const rows: number[] = [];
  for (let id = 0; id < dictionary.wordCount; id += 1) {
    for (const row of features.wordRows(dictionary.bytes(id))) rows.push(stored.store(row));
    starts[id + 1] = rows.length;
  }
  return { starts, rows: Uint32Array.from(rows) };
}

/** Small enough that the learning rate falls smoothly in a small corpus too. */
function evenBlocks(length: number): Float64Array {
  const size = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, Math.ceil(length / 64)));
  return Float64Array.from({ length: Math.ceil(length / size) + 1 }, (_, i) => Math.min(length, i * size));
}
