/**
 * GloVe (Pennington, Socher and Manning 2014): word vectors whose products are the logarithms of co-occurrence counts. The
 * steps stand in assembly/glove-steps.ts, the counting in cooccurrences.ts.
 *
 * What differs from the C tools: float32; cells in tiles of 512 × 512 words, cut into chunks of up to 8,192, so that their rows
 * stay in the cache; chunks and the cells within them are shuffled every epoch, not once. No row for unknown words.
 */
import { SemspaceError } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { EncodedCorpus } from "../corpus/encode-corpus.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { checkSameSettings } from "../training/state-file.ts";
import { anchorsOf, checkAnchors } from "./anchors.ts";
import { countCorpus } from "./count-corpus.ts";
import { GloveModel } from "./glove-model.ts";
import { type GloveOptions, type GloveSettings, gloveSettings } from "./glove-options.ts";
import { type GloveState, readState } from "./glove-state.ts";
import { trainCells } from "./train-cells.ts";

/**
 * Trains word vectors on a corpus with one sentence (or document) a line. Throws `invalid-argument` when no word is frequent
 * enough or the cost becomes NaN, `unavailable` when the vectors do not fit into 4 GB; rejects with the signal's reason.
 *
 * @example
 * const { vectors } = await trainGlove("wiki.txt", { threads: 2, onProgress: ({ fraction }) => console.log(fraction) });
 * vectors.mostSimilar("frog", { top: 2 }); // [{ word: "toad", similarity: 0.81 }, …]
 */
export async function trainGlove(
  source: CorpusSource | EncodedCorpus,
  options: GloveOptions = {},
): Promise<GloveModel> {
  const settings = gloveSettings(options);
  const resumed = options.resume === undefined ? undefined : await readState(options.resume);
  const { onProgress: _, initial, ...counting } = options;
  const check = (vocabulary: Vocabulary): void => {
    if (resumed) checkResumed(resumed, vocabulary, settings);
    if (initial) checkAnchors(initial, settings.dimensions);
  };
  const counts = await countCorpus(source, { ...counting, settings, check });
  try {
    const { vocabulary } = counts;
    const anchors = initial && anchorsOf(initial, vocabulary);
    const start = resumed ? { ...resumed, known: resumed } : { vocabulary, settings, epochs: 0, losses: [] };
    return new GloveModel(await trainCells(start, counts, { ...options, anchors }));
  } finally {
    await counts.dispose();
  }
}

/** Throws `mismatch` when a checkpoint is of another corpus or of other settings. */
function checkResumed(state: GloveState, vocabulary: Vocabulary, settings: GloveSettings): void {
  checkSameSettings(state.settings, settings);
  if (state.vocabulary.toText() !== vocabulary.toText()) {
    const message = `The checkpoint's ${state.vocabulary.size} words are not this corpus's ${vocabulary.size}, or occur differently often. Resume with the same corpus, or use train() to go on with another.`;
    throw new SemspaceError("mismatch", message);
  }
}
