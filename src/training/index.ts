/** How do vectors learn? `semspace/training`. */
export { distill, type DistillOptions } from "./distill.ts";
export { type DistillPooling } from "./distill/token-vectors.ts";
export { pruneTokens, type PruneOptions } from "./pruning.ts";
export {
  distillTokens,
  type DistillTokensOptions,
  type DistillTokensProgress,
} from "./token-learning/distill-tokens.ts";
export { tokenLearningLoss, type TokenLearningLossOptions } from "./token-learning/token-learning-loss.ts";
export { chooseVocabulary, type ChosenWord, type VocabularyOptions } from "./vocabulary-choice.ts";
export {
  saveStaticModel,
  staticModelFiles,
  type StaticModelParts,
  type WriteStaticOptions,
} from "../texts/static/index.ts";
export { train, type TrainResult } from "./train.ts";
export type { TrainingSet, TrainOptions, TrainProgress } from "./train-options.ts";
export type { Learner } from "./learner.ts";
export type { Gradient, Parameter } from "./parameters.ts";
export type { Optimizer, OptimizerName, OptimizerSettings } from "./optimizers/optimizer.ts";
export { createOptimizer } from "./optimizers/create-optimizer.ts";
export { type Dataset, datasetOf, type DatasetOptions } from "./data/dataset.ts";
export { loadDataset, type LoadDatasetOptions } from "./data/load-dataset.ts";
export { staticLearner, type StaticLearner, type StaticLearnerOptions } from "./static/static-learner.ts";
export type { StaticStart } from "./static/static-start.ts";
export { lossCurveSvg, type LossCurveOptions } from "./loss-curve.ts";
export type { LogRecord } from "./training-log.ts";
