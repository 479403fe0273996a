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
export { gradCache } from "./losses/grad-cache.ts";
export { losses } from "./losses/index.ts";
export type { Labels, Loss, LossResult } from "./losses/loss.ts";
export type { Gradient, Parameter } from "./parameters.ts";
export type { Optimizer, OptimizerName, OptimizerSettings } from "./optimizers/optimizer.ts";
export { createOptimizer } from "./optimizers/create-optimizer.ts";
export { type Dataset, datasetOf, type DatasetOptions } from "./data/dataset.ts";
export { loadDataset, type LoadDatasetOptions } from "./data/load-dataset.ts";
export { staticLearner, type StaticLearner, type StaticLearnerOptions } from "./static/static-learner.ts";
export type { StaticStart } from "./static/static-start.ts";
export { type MineOptions, mineHardNegatives } from "./mine-hard-negatives.ts";
export type { MinedRows } from "./negatives-format.ts";
export { loadSetFit, saveSetFit, setFit, SetFitClassifier, type SetFitOptions } from "./set-fit.ts";
export { lossCurveSvg, type LossCurveOptions } from "./loss-curve.ts";
export type { LogRecord } from "./training-log.ts";
export { crossEncoderLearner, type LabelledText } from "./transformer/cross-encoder-learner.ts";
export type { HeadLearner, HeadLearnerOptions } from "./transformer/head-learner.ts";
export { languageModel, type LanguageModel, type LanguageModelBatch } from "./transformer/language-model.ts";
export type { TransformerLearnerOptions, TransformerStart } from "./transformer/learner-options.ts";
export type { LoraOptions } from "./transformer/lora.ts";
export type { StepTraining, StepTrainingOptions } from "./transformer/step-training.ts";
export { type LabelledWords, tokenClassifierLearner } from "./transformer/token-classifier-learner.ts";
export { type HeadTrainingOptions, trainHead } from "./transformer/train-head.ts";
export { type LanguageModelTrainingOptions, trainLanguageModel } from "./transformer/train-language-model.ts";
export type { TrainedPartOptions } from "./transformer/trained-part.ts";
export { transformerLearner } from "./transformer/transformer-learner.ts";
