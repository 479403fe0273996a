/** How good is it? `semspace/evaluation`. */
export {
  type AnalogyConvention,
  analogyConventions,
  type AnalogyOptions,
  type AnalogyResult,
  type AnalogyScore,
  type AnalogySection,
  evaluateAnalogies,
  readAnalogies,
} from "./analogies.ts";
export type { AnalogyMethod } from "./analogy-solver.ts";
export {
  type ClassificationOptions,
  type ClassificationResult,
  evaluateClassification,
  type LabelledText,
  readLabelledTexts,
} from "./classification.ts";
export { type Confusion, confusion } from "./confusion.ts";
export { pearson, ranks, spearman } from "./correlation.ts";
export { type Grades, type RankingMetrics, rankingMetrics, trecOrder } from "./ranking-metrics.ts";
export {
  embedderRank,
  evaluateRetrieval,
  type Identified,
  type Rank,
  type RetrievalResult,
  type RetrievalTask,
} from "./retrieval.ts";
export { evaluateSts, readStsPairs, type StsPair, type StsResult } from "./sts.ts";
export { readQrels, readTrecDocuments, readTrecTopics } from "./trec.ts";
export {
  evaluateWordSimilarity,
  readWordPairs,
  type WordPair,
  type WordSimilarityOptions,
  type WordSimilarityResult,
} from "./word-similarity.ts";
