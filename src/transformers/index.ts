/** Transformer encoders: one vector per token in its context. */
export { type Activation, type TransformerConfig } from "./config.ts";
export type { EncoderOutputs } from "./encoder-graph.ts";
export { loadTransformer, type TransformerOptions } from "./load.ts";
export type {
  GraphPooling,
  FetchedTensor,
  HiddenStates,
  PooledStates,
  TokenBatch,
  Transformer,
} from "./transformer.ts";
