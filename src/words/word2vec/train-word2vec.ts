/**
 * word2vec (Mikolov et al. 2013): a vector for each word from the company it keeps. The exact steps and what differs from
 * word2vec.c stand in assembly/word2vec.ts.
 */
import { wholeNumber } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus } from "../corpus/encode-corpus.ts";
import { trainState } from "./train-state.ts";
import { checkResumed, Word2VecModel } from "./word2vec-model.ts";
import { type Word2VecOptions, word2VecSettings } from "./word2vec-options.ts";
import { readState } from "./word2vec-state.ts";

/**
 * Trains word vectors on a corpus with one sentence (or document) a line. Throws `invalid-argument` when no word is frequent
 * enough or the loss becomes NaN, `unavailable` when the vectors do not fit into 4 GB; rejects with the signal's reason.
 *
 * @example
 * const { vectors } = await trainWord2Vec("wiki.txt", { threads: 2, onProgress: ({ fraction }) => console.log(fraction) });
 * vectors.mostSimilar("frog", { top: 2 }); // [{ word: "toad", similarity: 0.81 }, …]
 */
export async function trainWord2Vec(
  source: CorpusSource | EncodedCorpus,
  options: Word2VecOptions = {},
): Promise<Word2VecModel> {
  const settings = word2VecSettings(options);
  wholeNumber("threads", options.threads ?? 1, 1);
  const resumed = options.resume === undefined ? undefined : await readState(options.resume);
  const { onProgress: _, ...reading } = options;
  const given = typeof source === "object" && "vocabulary" in source;
  const corpus = given ? source : await encodeCorpus(source, reading);
  try {
    if (resumed) checkResumed(resumed, corpus, settings);
    const fresh = { vocabulary: corpus.vocabulary, settings, epochs: 0, losses: [] };
    const start = resumed ? { ...resumed, known: resumed } : fresh;
    return new Word2VecModel(await trainState(start, { ...options, corpus }));
  } finally {
    if (!given) await corpus.dispose();
  }
}
