/** One vector per text: the `Embedder` interface, and everything that can stand behind it. */
export type {
  Embedder,
  Encode,
  Encoded,
  EncodedMany,
  EncodeOptions,
  EncodeProgress,
  Output,
  TokenVectors,
  VectorOf,
} from "./embedder.ts";
export { createEmbedder } from "./encode.ts";
export type { EmbedJob, TextBody } from "./text-body.ts";
export { describeModel, loadEmbedder, type ModelDescription } from "./load-embedder.ts";
export type { LoadOptions } from "./load-model.ts";
export { type PoolingMode, poolingModes } from "./modules/pooling.ts";
export { type ModelSettings, plainSettings } from "./settings.ts";
export { embedderOfWords, type WordEmbedderOptions } from "./words/embedder-of-words.ts";
export { maxSim } from "./multi-vector/max-sim.ts";
export {
  type EncodeMultiVectorOptions,
  loadMultiVectorEncoder,
  type MultiVectorEncoder,
} from "./multi-vector/multi-vector-encoder.ts";
export {
  type EncodeSparseOptions,
  loadSparseEncoder,
  type SparseEncoder,
  type WeightedToken,
} from "./sparse/sparse-encoder.ts";
export { dotSparse, type SparseVector } from "./sparse/sparse-vector.ts";
