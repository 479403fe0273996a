/** From a text to counted co-occurrences: the text is encoded, counted and let go. */
import type { CorpusSource } from "../corpus/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus } from "../corpus/encode-corpus.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { type Cooccurrences, countCooccurrences } from "./cooccurrences.ts";
import type { GloveOptions, GloveSettings } from "./glove-options.ts";

export interface CountCorpusOptions extends Omit<GloveOptions, "onProgress"> {
  settings: GloveSettings;
  /** Looks at the vocabulary before anything is counted; may throw. */
  check?: ((vocabulary: Vocabulary) => void) | undefined;
}

/** A corpus that is encoded already stays the caller's. Of the memory, a third is for the text and the rest for counting. */
export async function countCorpus(
  source: CorpusSource | EncodedCorpus,
  { settings, check, onCounting, memoryLimit, ...options }: CountCorpusOptions,
): Promise<Cooccurrences> {
  const given = typeof source === "object" && "vocabulary" in source;
  const textLimit = memoryLimit === undefined ? {} : { memoryLimit: Math.floor(memoryLimit / 3) };
  const corpus = given ? source : await encodeCorpus(source, { ...options, ...textLimit });
  const limit = textLimit.memoryLimit === undefined || given ? memoryLimit : memoryLimit! - textLimit.memoryLimit;
  try {
    check?.(corpus.vocabulary);
    const { threads, signal } = options;
    const counting = { ...settings, ...(threads !== undefined && { threads }), signal, onProgress: onCounting };
    return await countCooccurrences(corpus, { ...counting, ...(limit !== undefined && { memoryLimit: limit }) });
  } finally {
    if (!given) await corpus.dispose();
  }
}
