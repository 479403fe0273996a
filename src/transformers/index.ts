/** Transformer encoders: one vector per token in its context. */
export { type Activation, type TransformerConfig } from "./config.ts";
export { loadTransformer, type TransformerOptions } from "./load.ts";
export type { GraphPooling, HiddenStates, PooledStates, TokenBatch, Transformer } from "./transformer.ts";
