/** What stands behind an embedder: a body that turns texts into vectors. The driver (encode.ts) does everything else. */
import type { TokenVectors } from "./embedder.ts";

/** What an embedder's body does: texts to vectors, nothing else. */
export interface TextBody {
  readonly name: string;
  /** Length of a whole vector. */
  readonly dimensions: number;
  /** Most tokens of a text that count, special tokens included; undefined where there is no limit. */
  readonly maxLength: number | undefined;
  /** Writes the vector of `texts[i]` (prompt already in front) to `output[i * dimensions …]`. */
  embed(texts: readonly string[], output: Float32Array, job: EmbedJob): Promise<void>;
  /** The vectors of each text's tokens. Absent where a text's vector is not made of token vectors in context. */
  embedTokens?(texts: readonly string[], job: EmbedJob): Promise<TokenVectors[]>;
  dispose(): Promise<void>;
}

/** What the body needs to know of the call besides the texts. */
export interface EmbedJob {
  /** The prompt in front of every text, for a body that leaves it out of the vector. */
  prompt: string;
  /** Most tokens, padding included, to compute at once. */
  batchTokens: number;
  /** To be awaited when that many more texts are ready: reports progress, lets timers run now and then, throws when aborted. */
  advance(texts: number): Promise<void>;
}
