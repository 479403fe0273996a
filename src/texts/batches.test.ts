import { expect, test } from "vitest";
import { padBatch, planBatches } from "./batches.ts";

test("batches hold neighbours in length, the longest first, within the budget of padded tokens", () => {
  const lengths = [3, 9, 4, 4, 0, 30, 9];
  const batches = planBatches(lengths, 20).map((batch) => Array.from(batch));
  expect(batches).toEqual([[5], [1, 6], [2, 3, 0, 4]]);
});

test("every text is in exactly one batch, equal lengths in their order", () => {
  const lengths = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 300);
  const batches = planBatches(lengths, 1000);
  const all = batches.flatMap((batch) => Array.from(batch));
  expect(all.toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
  for (const batch of batches) expect(batch.length === 1 || batch.length * lengths[batch[0]] <= 1000).toBe(true);
  expect(
    all.every(
      (position, i) =>
        i === 0 ||
        lengths[all[i - 1]] > lengths[position] ||
        (lengths[all[i - 1]] === lengths[position] && all[i - 1] < position),
    ),
  ).toBe(true);
});

test("a batch is padded at the end with the model's padding id", () => {
  const flat = { ids: Int32Array.of(7, 8, 9, 5, 6), starts: Int32Array.of(0, 3, 3, 5) };
  expect(padBatch(flat, Uint32Array.of(0, 2, 1), 1)).toEqual({
    ids: Int32Array.of(7, 8, 9, 5, 6, 1, 1, 1, 1),
    attentionMask: Int32Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0),
    rows: 3,
    columns: 3,
  });
  expect(padBatch(flat, Uint32Array.of(1), 1).columns).toBe(1);
});
