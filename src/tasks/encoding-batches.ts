/** Encodings of texts or pairs as batches for a model: sorted by length as `encode` does it, with the types of first and second texts. */
import { planBatches } from "../texts/batches.ts";
import type { Encoding } from "../tokenizers/index.ts";
import { padded, type TokenBatch } from "../transformers/index.ts";

export interface EncodingBatch {
  /** Which of the encodings, by row. */
  readonly positions: Uint32Array;
  readonly batch: TokenBatch;
}

/** Batches of at most `batchTokens` tokens, padding included, the longest first. */
export function* encodingBatches(
  encodings: readonly Encoding[],
  { batchTokens, padTokenId }: { batchTokens: number; padTokenId: number },
): Generator<EncodingBatch> {
  const lengths = encodings.map(({ length }) => length);
  for (const positions of planBatches(lengths, batchTokens)) {
    const chosen = Array.from(positions, (position) => encodings[position]);
    yield { positions, batch: padded(chosen, padTokenId) };
  }
}
