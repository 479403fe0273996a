/** Where the word2vec kernel finds things: offsets in the parameters that src/words/word2vec/word2vec-memory.ts writes. */

export const INPUT: usize = 0;
export const OUTPUT: usize = 4;
export const TREE: usize = 8;
export const ROW_BYTES: usize = 12;
export const KEEP: usize = 16;
export const ALIAS: usize = 20;
export const WORDS: usize = 24;
export const NEGATIVE: usize = 28;
export const WINDOW: usize = 32;
export const CODES: usize = 36;
export const CBOW: usize = 40;
export const DIVIDE: usize = 44;
export const KEPT: usize = 48;
/** Two lists of row addresses, each for the most words that a window has. */
export const CONTEXTS: usize = 52;
export const GROUPS: usize = 56;
/** Rows for the kernel's own use: two means, two errors. */
export const ROWS: usize = 60;
/** A row of zeros. */
export const NOTHING: usize = 64;
export const DRAWN: usize = 68;

// What comes back: the sum of the losses is -(ln MANTISSA + EXPONENT × ln 2).
export const MANTISSA: usize = 72;
export const EXPONENT: usize = 80;
export const PAIRS: usize = 84;

export const RANDOM: usize = 88;
/** Whether the only group has the labels 1 0 0 0 0 0 and all weights 1, which need not be written again. */
export const PLAIN: usize = 96;
