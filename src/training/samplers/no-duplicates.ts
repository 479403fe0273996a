/**
 * Batches in which no text occurs twice, so that no row's positive is another row's negative.
 * Reference: sentence-transformers 6.2 `NoDuplicatesBatchSampler`. Differs: texts are compared by a hash of 53 bits; a smaller last batch is kept.
 */
import { contentKey } from "../../search/content-key.ts";
import type { Dataset } from "../data/dataset.ts";
import { shuffled } from "./shuffled.ts";

/** Rows whose texts are read at once. */
const READ = 8192;

export async function withoutDuplicates(
  data: Dataset,
  { batchSize, random }: { batchSize: number; random: () => number },
): Promise<Int32Array[]> {
  const order = shuffled(data.length, random);
  const hashes = await contentKeys(data);
  const columns = data.columns.length;
  const batches: Int32Array[] = [];
  let waiting = order;
  while (waiting.length > 0) {
    const batch = new Int32Array(Math.min(batchSize, waiting.length));
    const seen = new Set<number>();
    const passed: number[] = [];
    let size = 0;
    let at = 0;
    for (; at < waiting.length && size < batch.length; at += 1) {
      const row = waiting[at];
      const own = hashes.subarray(row * columns, (row + 1) * columns);
      if (own.some((hash) => seen.has(hash))) {
        passed.push(row);
        continue;
      }
      for (const hash of own) seen.add(hash);
      batch[size] = row;
      size += 1;
    }
    batches.push(batch.subarray(0, size));
    // Those that were passed over come first in the next batch; without any, nothing is copied.
    const rest = waiting.subarray(at);
    if (passed.length > 0) {
      const next = new Int32Array(passed.length + rest.length);
      next.set(passed);
      next.set(rest, passed.length);
      waiting = next;
    } else waiting = rest;
  }
  return batches;
}

async function contentKeys(data: Dataset): Promise<Float64Array> {
  const columns = data.columns.length;
  const hashes = new Float64Array(data.length * columns);
  for (let from = 0; from < data.length; from += READ) {
    const rows = Int32Array.from({ length: Math.min(READ, data.length - from) }, (_, i) => from + i);
    // oxlint-disable-next-line no-await-in-loop -- bounded memory
    const texts = await data.texts(rows);
    for (const [c, column] of texts.entries()) {
      for (const [i, text] of column.entries()) hashes[(from + i) * columns + c] = contentKey(text);
    }
  }
  return hashes;
}
