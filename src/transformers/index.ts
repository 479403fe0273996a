/** Transformers: one vector per token in its context, and the heads that make something of it. */
export type { RawImage } from "./clip/image-processor.ts";
export { type ClipModel, loadClip } from "./clip/load-clip.ts";
export { type Dtype, type DtypeOptions, dtypes } from "./dtype.ts";
export { type Activation, type TransformerConfig } from "./config.ts";
export type { EncoderOutputs } from "./encoder-graph.ts";
export { type Decoder, type DecoderRun, loadDecoder } from "./heads/load-decoder.ts";
export { labelsOf } from "./heads/labels.ts";
export { type HeadedTransformer, type HeadTask, loadHeadedTransformer, type Logits } from "./heads/load-head.ts";
export { spladeActivations, type SpladeOptions, spladePoolings } from "./heads/splade.ts";
export { padded } from "./padded.ts";
export { tokenizerMismatch, type TokenizerSide } from "./tokenizer-mismatch.ts";
export { loadTransformer, type TransformerOptions } from "./load.ts";
export type { Device, SessionOptions, WasmPaths } from "./session.ts";
export type {
  GraphPooling,
  FetchedTensor,
  HiddenStates,
  PooledStates,
  TokenBatch,
  Transformer,
} from "./transformer.ts";
