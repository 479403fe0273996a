/** Places in the parameters of a GloVe training, which src/words/glove/glove-memory.ts writes. */
export const WORDS: usize = 0;
export const CONTEXTS: usize = 4;
export const ROW_BYTES: usize = 8;
export const VECTOR_BYTES: usize = 12;
export const RATE: usize = 16;
export const BIAS_RATE: usize = 20;
export const CLIP: usize = 24;
export const ALPHA: usize = 28;
export const LOG_X_MAX: usize = 32;
export const ANCHORS: usize = 36;
