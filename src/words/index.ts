/** One vector per word: corpora and vocabularies, training. */
export { corpusLines, type CorpusSource } from "./corpus/corpus-source.ts";
export {
  buildVocabulary,
  encodeCorpus,
  type EncodedCorpus,
  type EncodeOptions,
  LINE_END,
} from "./corpus/encode-corpus.ts";
export { loadVocabulary, parseVocabulary, Vocabulary } from "./corpus/vocabulary.ts";
