/** Text to tokens: `loadTokenizer(folder)`, then `encode`, `encodeBatch`, `encodeIds`, `decode`. */
export { Encoding } from "./encoding.ts";
export { loadTokenizer } from "./load.ts";
export type { PaddingOptions } from "./padding.ts";
export type { TokenIds } from "./fast/fast-ids.ts";
export { specialToken } from "./special-token.ts";
export { sharesTokenizer } from "./tokenizer-files.ts";
export { type EncodeOptions, Tokenizer } from "./tokenizer.ts";
export type { TokenizerJson } from "./tokenizer-json.ts";
export type { TokenizerProgress } from "./training/training-job.ts";
export { type TrainableModel, trainableModels } from "./training/tokenizer-recipes.ts";
export { trainTokenizer, type TokenizerTrainingOptions } from "./training/train-tokenizer.ts";
export type { Side, TruncationOptions, TruncationStrategy } from "./truncation.ts";
