/** From a text to counted co-occurrences: the text is encoded, counted and let go. */
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus } from "../corpus/encode-corpus.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { type Cooccurrences, countCooccurrences } from "./cooccurrences.ts";
import type { GloveOptions, GloveSettings } from "./glove-options.ts";

const MEMORY = 120 << 20;

export interface CountCorpusOptions extends Omit<GloveOptions, "onProgress"> {
  settings: GloveSettings;
  /** Looks at the vocabulary before anything is counted; may throw. */
  check?: ((vocabulary: Vocabulary) => void) | undefined;
}

/** A corpus that is encoded already stays the caller's. Of the memory, a third is for the text and the rest for counting. */
export async function countCorpus(
  source: CorpusSource | EncodedCorpus,
  { settings, check, onCounting, memoryLimit = MEMORY, ...options }: CountCorpusOptions,
): Promise<Cooccurrences> {
  const given = typeof source === "object" && "vocabulary" in source;
  const forText = given ? 0 : Math.floor(memoryLimit / 3);
  const corpus = given ? source : await encodeCorpus(source, { ...options, memoryLimit: forText });
  try {
    check?.(corpus.vocabulary);
    const { threads = 1, signal } = options;
    const counting = { threads, signal, onProgress: onCounting, memoryLimit: memoryLimit - forText };
    return await countCooccurrences(corpus, { ...settings, ...counting });
  } finally {
    if (!given) await corpus.dispose();
  }
}
