/** One vector per word: corpora and vocabularies, training, reading, asking. */
export { corpusLines, type CorpusSource } from "../formats/corpus-source.ts";
export {
  buildVocabulary,
  encodeCorpus,
  type EncodedCorpus,
  type EncodeOptions,
  LINE_END,
} from "./corpus/encode-corpus.ts";
export { learnPhrases, type Phrase, type PhraseOptions, Phrases } from "./corpus/phrases.ts";
export { loadVocabulary, parseVocabulary, Vocabulary } from "./corpus/vocabulary.ts";
export { FastTextModel, type FastTextParts, type Prediction, type PredictOptions } from "./fasttext/fasttext-model.ts";
export type { QuantizeOptions } from "./fasttext/quantize.ts";
export { loadFastText } from "./fasttext/read-model.ts";
export type { FastTextKind, FastTextLoss, FastTextSettings } from "./fasttext/settings.ts";
export { trainFastTextClassifier } from "./fasttext/train-classifier.ts";
export { trainFastText } from "./fasttext/train-fasttext.ts";
export type {
  FastTextClassifierOptions,
  FastTextFurtherOptions,
  FastTextOptions,
} from "./fasttext/training-options.ts";
export { fastTextBytes, saveFastText } from "./fasttext/write-model.ts";
export { loadWordVectors, type LoadWordVectorsOptions, type ReadFormat, readFormats } from "./formats/load.ts";
export {
  saveWordVectors,
  type SaveWordVectorsOptions,
  wordVectorFiles,
  type WriteFormat,
  writeFormats,
} from "./formats/save.ts";
export type { VectorSource } from "./formats/vector-file.ts";
export type { CountProgress } from "./glove/count-progress.ts";
export { type CellBatch, type Cooccurrences, countCooccurrences, type CountOptions } from "./glove/cooccurrences.ts";
export { GloveModel, loadGlove } from "./glove/glove-model.ts";
export type { GloveOptions, GloveSettings } from "./glove/glove-options.ts";
export { trainGlove } from "./glove/train-glove.ts";
export {
  type AddOptions,
  intersect,
  sortedByCount,
  subset,
  unitVectors,
  withCounts,
  withVectors,
} from "./operations/editing.ts";
export type { Item, MeanOptions } from "./operations/mean-vector.ts";
export type {
  Combination,
  Neighbor,
  NeighborOptions,
  Query,
  SimilaritiesOptions,
  WeightedItem,
} from "./operations/most-similar.ts";
export { Int8Table } from "./tables/int8-table.ts";
export { NgramTable } from "./tables/ngram-table.ts";
export { ProductTable } from "./tables/product-table.ts";
export type { QuantizedOptions } from "./tables/quantized-table.ts";
export type { SubwordTable, VectorTable } from "./tables/vector-table.ts";
export { WordVectors, type WordVectorsOptions } from "./word-vectors.ts";
export type { TrainingProgress } from "./training/epochs.ts";
export { trainWord2Vec } from "./word2vec/train-word2vec.ts";
export { loadWord2Vec, Word2VecModel } from "./word2vec/word2vec-model.ts";
export type { Word2VecOptions, Word2VecSettings } from "./word2vec/word2vec-options.ts";
