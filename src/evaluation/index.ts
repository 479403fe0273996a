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
export { readBeirTexts, readCandidates } from "./beir.ts";
export { type BitextResult, evaluateBitext } from "./bitext.ts";
export {
  bootstrap,
  type BootstrapOptions,
  type Comparison,
  type Interval,
  meanOf,
  pairedBootstrap,
  type Statistic,
} from "./bootstrap.ts";
export { type ClusteringOptions, type ClusteringResult, evaluateClustering } from "./clustering.ts";
export { type Confusion, confusion } from "./confusion.ts";
export { pearson, ranks, spearman } from "./correlation.ts";
export { type EntityScores, entityScores, type LabelledSpan, type SpanScore } from "./entity-f1.ts";
export { type EvaluateOptions, evaluateTask, type TaskResult } from "./evaluate-task.ts";
export { type EvaluationTask, type EvaluationTaskType, evaluationTaskTypes } from "./evaluation-task.ts";
export {
  evaluateFewShot,
  fewShotDraws,
  type FewShotExperiment,
  type FewShotOptions,
  type FewShotResult,
} from "./few-shot.ts";
export { type LabelMetrics, labelMetrics } from "./label-metrics.ts";
export { type MtebResult, mtebResult, type MtebScores } from "./mteb-result.ts";
export {
  evaluatePairClassification,
  type LabelledPair,
  type PairClassificationResult,
  type PairMetrics,
  pairMetrics,
} from "./pair-classification.ts";
export type { PairMeasure, TextPair } from "./pair-scores.ts";
export { type Grades, type RankingMetrics, rankingMetrics, trecOrder } from "./ranking-metrics.ts";
export { readEvaluationTasks } from "./read-tasks.ts";
export {
  evaluateRecommendation,
  type HeldOut,
  type Interaction,
  leaveLastOut,
  type RecommendationResult,
  type RecommendItems,
  sequencesOf,
} from "./recommendation.ts";
export { embedderScores, evaluateReranking, type RerankingTask, type ScoreTexts } from "./reranking.ts";
export {
  embedderRank,
  evaluateRetrieval,
  type Identified,
  type Rank,
  type RetrievalOptions,
  type RetrievalResult,
  type RetrievalTask,
} from "./retrieval.ts";
export { evaluateSts, readStsPairs, type StsPair, type StsResult } from "./sts.ts";
export { readQrels, readTrecDocuments, readTrecTopics } from "./trec.ts";
export { readTextTable, type TextColumn, type TextRow } from "./text-table.ts";
export { type ClusterAgreement, clusterAgreement } from "./v-measure.ts";
export {
  evaluateWordSimilarity,
  readWordPairs,
  type WordPair,
  type WordSimilarityOptions,
  type WordSimilarityResult,
} from "./word-similarity.ts";
