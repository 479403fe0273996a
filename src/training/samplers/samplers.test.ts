import { expect, test } from "vitest";
import { datasetOf } from "../data/dataset.ts";
import { mixBatches } from "./mix.ts";
import { epochBatches, type SamplerName } from "./samplers.ts";

const count = 103;
const texts = Array.from({ length: count }, (_, i) => `text ${i}`);
const data = datasetOf(
  { anchor: texts, positive: texts.map((_, i) => `answer ${i % 30}`) },
  { labels: texts.map((_, i) => i % 7) },
);

async function batches(sampler: SamplerName, epoch = 0, seed = 1): Promise<number[][]> {
  return (await epochBatches(data, { sampler, batchSize: 10, seed, epoch })).map((rows) => Array.from(rows));
}

const everyRow = Array.from({ length: count }, (_, i) => i);

test("shuffled takes every row once, in another order with every epoch and seed, the same one for the same", async () => {
  const first = await batches("shuffled");
  expect(first.map((rows) => rows.length)).toEqual([...Array.from({ length: 10 }, () => 10), 3]);
  expect(first.flat().toSorted((a, b) => a - b)).toEqual(everyRow);
  expect(await batches("shuffled")).toEqual(first);
  expect(await batches("shuffled", 1)).not.toEqual(first);
  expect(await batches("shuffled", 0, 2)).not.toEqual(first);
  expect((await batches("in-order")).flat()).toEqual(everyRow);
});

test("no-duplicates takes every row once and no text twice in a batch", async () => {
  const found = await batches("no-duplicates");
  expect(found.flat().toSorted((a, b) => a - b)).toEqual(everyRow);
  for (const rows of found) expect(new Set(rows.map((row) => row % 30)).size).toBe(rows.length);
});

test("group-by-label gives every class of a batch at least two rows", async () => {
  const found = await batches("group-by-label");
  expect(new Set(found.flat()).size).toBe(found.flat().length);
  expect(found.flat().length).toBeGreaterThanOrEqual(count - 7);
  for (const rows of found)
    for (const row of rows) expect(rows.filter((other) => other % 7 === row % 7).length).toBeGreaterThanOrEqual(2);
});

test("group-by-label needs labels, pairs and an even batch", async () => {
  const sampler = "group-by-label" as const;
  const options = { sampler, seed: 1, epoch: 0 };
  const unlabelled = datasetOf({ text: ["a", "b"] });
  await expect(epochBatches(unlabelled, { ...options, batchSize: 2 })).rejects.toThrow("data has no labels");
  await expect(epochBatches(data, { ...options, batchSize: 3 })).rejects.toThrow("batchSize must be even, got 3");
  const alone = datasetOf({ text: ["a", "b"] }, { labels: [1, 2] });
  await expect(epochBatches(alone, { ...options, batchSize: 2 })).rejects.toThrow("No class of data has two rows");
});

test("several sets alternate by their shares, or one after the other until the first has no more", () => {
  const proportional = mixBatches([3, 9], { mix: "proportional", seed: 1, epoch: 0 });
  expect([...proportional].toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(proportional).not.toEqual(mixBatches([3, 9], { mix: "proportional", seed: 1, epoch: 1 }));
  expect([...mixBatches([3, 2], { mix: "round-robin", seed: 1, epoch: 0 })]).toEqual([0, 1, 0, 1]);
});
