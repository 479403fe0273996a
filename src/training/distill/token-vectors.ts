/** One vector a token: each goes through the transformer alone, between the special tokens that a text would have. */
import { Matrix } from "../../matrix/index.ts";
import type { TokenBatch, Transformer } from "../../transformers/index.ts";

export const distillPoolings = ["mean", "first", "last"] as const;
/** Which positions make a token's vector: all with the special tokens (mean), the first, or the last. */
export type DistillPooling = (typeof distillPoolings)[number];

export interface TokenVectorOptions {
  pooling: DistillPooling;
  padId: number;
  signal: AbortSignal | undefined;
  progress: ((progress: { done: number; total: number }) => void) | undefined;
}

const ROWS_AT_ONCE = 256;

/** The vectors of the id sequences, [sequences, dimensions]; values that are not finite become 0. */
export async function tokenVectors(
  transformer: Transformer,
  sequences: readonly Int32Array[],
  options: TokenVectorOptions,
): Promise<Matrix> {
  const vectors = Matrix.zeros(sequences.length, transformer.dimensions);
  const order = [...sequences.keys()].toSorted((a, b) => sequences[a].length - sequences[b].length || a - b);
  for (let start = 0; start < order.length; start += ROWS_AT_ONCE) {
    options.signal?.throwIfAborted();
    const positions = order.slice(start, start + ROWS_AT_ONCE);
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
    const pooled = await pool(
      transformer,
      batchOf(
        positions.map((i) => sequences[i]),
        options.padId,
      ),
      options.pooling,
    );
    for (const [row, position] of positions.entries()) vectors.row(position).set(pooled.row(row));
    options.progress?.({ done: start + positions.length, total: order.length });
  }
  for (let i = 0; i < vectors.data.length; i += 1) if (!Number.isFinite(vectors.data[i])) vectors.data[i] = 0;
  return vectors;
}

function batchOf(sequences: readonly Int32Array[], padId: number): TokenBatch {
  const rows = sequences.length;
  const columns = sequences.reduce((longest, { length }) => Math.max(longest, length), 1);
  const ids = new Int32Array(rows * columns).fill(padId);
  const attentionMask = new Int32Array(rows * columns);
  for (const [row, sequence] of sequences.entries()) {
    ids.set(sequence, row * columns);
    attentionMask.fill(1, row * columns, row * columns + sequence.length);
  }
  return { ids, attentionMask, rows, columns };
}

async function pool(transformer: Transformer, batch: TokenBatch, pooling: DistillPooling): Promise<Matrix> {
  const inGraph = pooling === "first" ? "cls" : pooling;
  if (inGraph !== "last" && transformer.poolings.includes(inGraph)) {
    const { data, rows, dimensions } = await transformer.pool(batch, inGraph);
    return new Matrix(data, rows, dimensions);
  }
  const { data, rows, columns, dimensions } = await transformer.run(batch);
  const pooled = Matrix.zeros(rows, dimensions);
  for (let row = 0; row < rows; row += 1) {
    const padding = batch.attentionMask.subarray(row * columns, (row + 1) * columns).indexOf(0);
    const length = padding < 0 ? columns : padding;
    const last = Math.max(0, length - 1);
    const [from, to] = { mean: [0, length], first: [0, 1], last: [last, last + 1] }[pooling];
    const out = pooled.row(row);
    for (let position = from; position < to; position += 1) {
      const at = (row * columns + position) * dimensions;
      for (let d = 0; d < dimensions; d += 1) out[d] += data[at + d] / (to - from);
    }
  }
  return pooled;
}
