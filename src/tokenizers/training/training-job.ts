/** How a tokenizer's training is watched and stopped. */

export interface TokenizerProgress {
  /** Counting the corpus's words, learning merges (WordPiece, BPE), or choosing pieces (Unigram). */
  stage: "words" | "merges" | "pieces";
  /** Texts read, tokens learned, or rounds of choosing. */
  done: number;
  /** 0 where it is not known. */
  total: number;
}

export interface TrainingJob {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TokenizerProgress) => void) | undefined;
}
