/** What adds special tokens around one or two encoded texts. */
import type { Encoding } from "../encoding.ts";

export interface PostProcessor {
  /** How many special tokens are added. */
  added(isPair: boolean): number;
  /** Gives the pieces of the result, in order; one or two encodings come in. */
  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[];
}
