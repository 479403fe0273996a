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
