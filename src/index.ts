/** The front door of semspace: load an embedder, turn texts into vectors, compare them. */
export { SemspaceError, type SemspaceErrorCode } from "./errors.ts";
export type { ModelFolder, ModelSource } from "./hub/folder.ts";
export { openHubModel } from "./hub/hub-model.ts";
export type { HubOptions, HubProgress } from "./hub/hub-settings.ts";
export {
  Matrix,
  type MatrixData,
  type Precision,
  normalizeRows,
  pairwiseSimilarity,
  quantizationRanges,
  quantize,
  similarity,
  topK,
} from "./matrix/index.ts";
export {
  describeModel,
  dotSparse,
  embedderOfWords,
  loadEmbedder,
  loadMultiVectorEncoder,
  loadSparseEncoder,
  maxSim,
  type Embedder,
  type Encode,
  type EncodeOptions,
  type EncodeMultiVectorOptions,
  type EncodeProgress,
  type EncodeSparseOptions,
  type LoadOptions,
  type ModelDescription,
  type MultiVectorEncoder,
  type PoolingMode,
  type SparseEncoder,
  type SparseVector,
  type TokenVectors,
  type WeightedToken,
  type WordEmbedderOptions,
} from "./texts/index.ts";
