/** What texts are good for: words that are missing, texts that go on, entities, labels, a better order of documents, words for images. */
export {
  type ClassifyOptions,
  type LabelScore,
  loadSequenceClassifier,
  type Scoring,
  type SequenceClassifier,
} from "./classify.ts";
export * from "./classification/index.ts";
export * from "./clustering/index.ts";
export type { AttentionMap } from "./contextual/attention-map.ts";
export {
  type AttentionOptions,
  type ContextualEmbedder,
  type ContextualizeOptions,
  loadContextualEmbedder,
} from "./contextual/contextual-embedder.ts";
export type { Sense, SensesOptions, WordSenses } from "./contextual/senses.ts";
export { type Span, spanVector, type TextInContext, tokensAt, type WordInText } from "./contextual/text-in-context.ts";
export type { ContextualOptions } from "./contextual/token-reader.ts";
export type { WordInContext, WordUse } from "./contextual/word-uses.ts";
export {
  type CrossEncoder,
  loadCrossEncoder,
  type PredictOptions,
  type RankedDocument,
  type RerankOptions,
} from "./cross-encoder.ts";
export { type EntitiesOptions, loadTokenClassifier, type TokenClassifier } from "./entities.ts";
export { type Aggregation, aggregations, type Entity } from "./entity-groups.ts";
export { type Filling, type FillMaskOptions, loadMaskedLanguageModel, type MaskedLanguageModel } from "./fill-mask.ts";
export {
  type CausalLanguageModel,
  type Continuation,
  type GeneratedToken,
  type GenerateOptions,
  loadCausalLanguageModel,
  type NextToken,
} from "./generation/causal-language-model.ts";
export type { Finish } from "./generation/generate.ts";
export type { SamplingOptions } from "./generation/next-token.ts";
export { type ClassifyImagesOptions, type ImageTextModel, loadImageTextModel } from "./image-text-model.ts";
export * from "./keywords/index.ts";
export * from "./pairs/index.ts";
export * from "./recommendation/index.ts";
export * from "./summaries/index.ts";
export * from "./tagging/index.ts";
export type { TaskModelOptions } from "./task-model.ts";
export type { TextOrPair } from "./text-logits.ts";
export * from "./routing/index.ts";
