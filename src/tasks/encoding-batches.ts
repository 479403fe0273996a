/** Encodings of texts or pairs as batches for a model: sorted by length as `encode` does it, with the types of first and second texts. */
import { planBatches } from "../texts/batches.ts";
import type { Encoding } from "../tokenizers/index.ts";
import type { TokenBatch } from "../transformers/index.ts";

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
    yield { positions, batch: padded(chosen, padTokenId, "right") };
  }
}

/** Encodings as a rectangle, short ones padded on one side. */
export function padded(encodings: readonly Encoding[], padTokenId: number, side: "left" | "right"): TokenBatch {
  const rows = encodings.length;
  const columns = encodings.reduce((most, { length }) => Math.max(most, length), 1);
  const ids = new Int32Array(rows * columns).fill(padTokenId);
  const attentionMask = new Int32Array(rows * columns);
  const typeIds = new Int32Array(rows * columns);
  for (const [row, encoding] of encodings.entries()) {
    const start = row * columns + (side === "left" ? columns - encoding.length : 0);
    ids.set(encoding.ids, start);
    typeIds.set(encoding.typeIds, start);
    attentionMask.fill(1, start, start + encoding.length);
  }
  return { ids, attentionMask, typeIds, rows, columns };
}
