/** Encodings of a tokenizer as a batch for a model. */
import type { Encoding } from "../tokenizers/index.ts";
import type { TokenBatch } from "./transformer.ts";

/** Encodings as a rectangle, short ones padded on one side. */
export function padded(
  encodings: readonly Encoding[],
  padTokenId: number,
  side: "left" | "right" = "right",
): TokenBatch {
  const rows = encodings.length;
  const columns = encodings.reduce((most, { length }) => Math.max(most, length), 1);
  const ids = new Int32Array(rows * columns).fill(padTokenId);
  const attentionMask = new Int32Array(rows * columns);
  const typeIds = new Int32Array(rows * columns);
  for (const [row, encoding] of encodings.entries()) {
    const start = row * columns + (side === "left" ? columns - encoding.length : 0);
    ids.set(encoding.ids, start);
    typeIds.set(encoding.typeIds, start);
    attentionMask.set(encoding.attentionMask, start);
  }
  return { ids, attentionMask, typeIds, rows, columns };
}
