/** What index-writer.ts writes, and what is therefore in the index after a batch. */
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import type { StoreEntry } from "../src/search/index.ts";

export const ROWS = 100_000;
export const COLUMNS = 256;
export const BATCH = 2000;

/** Batch `n` writes 2,000 entries anew, the next ones with the next batch, and x<n>; negative ones make the index. */
export function entriesOf(batch: number): StoreEntry[] {
  const random = randomNumbers(batch);
  const first = ((batch * BATCH) % ROWS) + (batch < 0 ? ROWS : 0);
  const entries = Array.from({ length: BATCH }, (_, i) => {
    const id = `e${(first + i) % ROWS}`;
    const vector = Float32Array.from({ length: COLUMNS }, () => random() - 0.5);
    return { id, vector, text: `entry ${id} of batch ${batch}`, metadata: { batch } };
  });
  if (batch <= 0) return entries;
  return [...entries, { id: `x${batch}`, vector: entries[0].vector, text: "extra", metadata: { batch } }];
}

/** The batch that wrote an entry last, once `last` is done. */
export function batchOf(id: string, last: number): number {
  if (id.startsWith("x")) return Number(id.slice(1));
  const place = Math.floor(Number(id.slice(1)) / BATCH);
  const turns = ROWS / BATCH;
  const batch = last - ((((last - place) % turns) + turns) % turns);
  return batch > 0 ? batch : place - turns;
}
