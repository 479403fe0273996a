/** Texts as batches of token ids for a graph that trains. */
import type { Encoding, TokenIds, Tokenizer } from "../../tokenizers/index.ts";
import type { OnnxGraph } from "../../formats/onnx-writer.ts";
import type { SessionTensor } from "../../transformers/session.ts";
import type { TokenBatch } from "../../transformers/index.ts";

/** Columns are rounded up to a multiple of this, so that few shapes occur and memory is used again. */
const BUCKET = 8;

/** The rows of `positions`, padded at their end to a rounded length of at most `most`. */
export function paddedBatch(
  { ids, starts }: TokenIds,
  positions: ArrayLike<number>,
  { padId, most }: { padId: number; most: number },
): TokenBatch {
  const rows = positions.length;
  const longest = Array.from(positions).reduce((length, i) => Math.max(length, starts[i + 1] - starts[i]), 1);
  const columns = Math.min(Math.max(most, longest), Math.ceil(longest / BUCKET) * BUCKET);
  const batch = new Int32Array(rows * columns).fill(padId);
  const attentionMask = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const tokens = ids.subarray(starts[positions[row]], starts[positions[row] + 1]);
    batch.set(tokens, row * columns);
    attentionMask.fill(1, row * columns, row * columns + tokens.length);
  }
  return { ids: batch, attentionMask, rows, columns };
}

/** The inputs of a drawn graph for a batch. */
export function batchFeeds(
  { ids, attentionMask, typeIds, rows, columns }: TokenBatch,
  { inputs }: OnnxGraph,
): Record<string, SessionTensor> {
  const tensor = (data: Int32Array): SessionTensor => ({ type: "int32", data, shape: [rows, columns] });
  const all: Readonly<Record<string, () => SessionTensor>> = {
    input_ids: () => tensor(ids),
    attention_mask: () => tensor(attentionMask),
    token_type_ids: () => tensor(typeIds ?? new Int32Array(ids.length)),
  };
  const read = inputs.filter(({ name }) => Object.hasOwn(all, name));
  return Object.fromEntries(read.map(({ name }) => [name, all[name]()]));
}

/** Texts as flat ids, cut to `maxLength`. */
export function flatIds(tokenizer: Tokenizer, texts: readonly string[], maxLength: number | undefined): TokenIds {
  return tokenizer.encodeIds(texts, { maxLength });
}

/** Encodings as a rectangle of a rounded length, padded at their end. */
export function encodingBatch(
  encodings: readonly Encoding[],
  { padId, most }: { padId: number; most: number },
): TokenBatch & { typeIds: Int32Array } {
  const rows = encodings.length;
  const longest = encodings.reduce((length, encoding) => Math.max(length, encoding.length), 1);
  const columns = Math.min(Math.max(most, longest), Math.ceil(longest / BUCKET) * BUCKET);
  const ids = new Int32Array(rows * columns).fill(padId);
  const attentionMask = new Int32Array(rows * columns);
  const typeIds = new Int32Array(rows * columns);
  for (const [row, encoding] of encodings.entries()) {
    ids.set(encoding.ids, row * columns);
    attentionMask.set(encoding.attentionMask, row * columns);
    typeIds.set(encoding.typeIds, row * columns);
  }
  return { ids, attentionMask, typeIds, rows, columns };
}
