/** Places in the parameters of a lane, as src/words/fasttext/training-memory.ts writes them, and the codes of the losses. */

export const INPUT: usize = 0;
export const OUTPUT: usize = 4;
export const ROW_BYTES: usize = 8;
export const KEEP: usize = 12;
export const ALIAS: usize = 16;
export const OUTPUTS: usize = 20;
export const NEGATIVE: usize = 24;
export const WINDOW: usize = 28;
export const STARTS: usize = 32;
export const ROWS: usize = 36;
export const PATHS: usize = 40;
export const STEPS: usize = 44;
export const LOSS: usize = 48;
export const KEPT: usize = 52;
export const CONTEXTS: usize = 56;
export const GROUPS: usize = 60;
export const HIDDEN: usize = 64;
export const ERROR: usize = 68;
export const RING: usize = 72;
export const SCORES: usize = 76;
export const NOTHING: usize = 80;
/** Whether CBOW's error is divided among the words of the context. */
export const DIVIDE: usize = 84;
export const RANDOM: usize = 88;
/** What comes back: the product of the probabilities given to what is the case, and the number of examples. */
export const LIKELY: usize = 96;
export const EXAMPLES: usize = 112;

export const HIERARCHICAL: i32 = 1;
export const SOFTMAX: i32 = 3;
