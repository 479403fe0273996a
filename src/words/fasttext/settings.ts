/** The settings that a fastText model carries, and their codes in a file. */

/** How the output is learned: `ova` is one-vs-all, `hs` the hierarchical softmax, `ns` negative sampling. */
export type FastTextLoss = "hs" | "ns" | "softmax" | "ova";

/** What a model was trained for; `supervised` ones classify. */
export type FastTextKind = "cbow" | "skipgram" | "supervised";

/** By their code in a file, from 1 on. */
export const lossCodes: readonly FastTextLoss[] = ["hs", "ns", "softmax", "ova"];
export const kindCodes: readonly FastTextKind[] = ["cbow", "skipgram", "supervised"];

export interface FastTextSettings {
  readonly kind: FastTextKind;
  readonly loss: FastTextLoss;
  readonly dimensions: number;
  /** Words on each side of the centre word, at most. */
  readonly window: number;
  readonly epochs: number;
  readonly minCount: number;
  /** Negative samples a target. */
  readonly negative: number;
  /** Longest run of words that is a feature of its own (classifiers). */
  readonly wordNgrams: number;
  /** Rows that n-grams are hashed into; 0 for a model without any. */
  readonly buckets: number;
  /** Length of character n-grams in code points, with the marks `<` and `>`; a `maxN` of 0 means none. */
  readonly minN: number;
  readonly maxN: number;
  /** Tokens between two looks at the learning rate; kept for the original's sake. */
  readonly learningRateUpdate: number;
  /** Words more frequent than this are skipped now and then. */
  readonly sample: number;
  /** What a label begins with in a text. Files do not keep it; a model that is read has the usual one. */
  readonly labelPrefix: string;
}

export const LABEL_PREFIX = "__label__";
