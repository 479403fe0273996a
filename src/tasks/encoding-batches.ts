/** Encodings of texts or pairs as batches for a model: sorted by length as `encode` does it, with the types of first and second texts. */
import type { Encoding } from "../tokenizers/index.ts";
import { planBatches } from "../texts/batches.ts";
import { padded, type TokenBatch } from "../transformers/index.ts";

/** What a model wants of a batch. */
export interface BatchShape {
  readonly padTokenId: number;
  /** Whether it tells first texts from second ones; otherwise all tokens are of a first text. */
  readonly readsTypes: boolean;
}

export interface EncodingBatch {
  /** Which of the encodings, by row. */
  readonly positions: Uint32Array;
  readonly batch: TokenBatch;
}

/** Batches of at most `batchTokens` tokens, padding included, the longest first. */
export function* encodingBatches(
  encodings: readonly Encoding[],
  { batchTokens, padTokenId, readsTypes }: BatchShape & { batchTokens: number },
): Generator<EncodingBatch> {
  const lengths = encodings.map(({ length }) => length);
  for (const positions of planBatches(lengths, batchTokens)) {
    const chosen = Array.from(positions, (position) => encodings[position]);
    const batch = padded(chosen, padTokenId);
    yield { positions, batch: readsTypes ? batch : { ...batch, typeIds: undefined } };
  }
}
