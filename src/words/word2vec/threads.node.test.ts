import { expect, test } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { trainWord2Vec } from "./train-word2vec.ts";
import type { Word2VecOptions } from "./word2vec-options.ts";

const folder = join(import.meta.dirname, "../../../examples/texts/fables");
const text = readdirSync(folder)
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n")
  .toLowerCase();
/** Two blocks, one for each lane. */
const lines = Array.from({ length: 12 }, () => text.split("\n")).flat();
const options: Word2VecOptions = { dimensions: 20, minCount: 2, epochs: 2, sample: 1e-3 };

test("two threads learn as one does, and on ids in a temporary file too", async () => {
  const one = await trainWord2Vec(lines, options);
  const two = await trainWord2Vec(lines, { ...options, threads: 2, memoryLimit: 0 });
  expect(two.losses[1]).toBeCloseTo(one.losses[1], 1);
});

test("a deterministic training on two threads is repeatable, bit for bit", async () => {
  const [a, b] = [
    await trainWord2Vec(lines, { ...options, threads: 2, deterministic: true }),
    await trainWord2Vec(lines, { ...options, threads: 2, deterministic: true }),
  ];
  expect(a.vectors.vectors.data).toEqual(b.vectors.vectors.data);
  expect(a.losses).toEqual(b.losses);
  const one = await trainWord2Vec(lines, options);
  expect(a.vectors.vectors.data).not.toEqual(one.vectors.vectors.data);
  expect(a.losses[1]).toBeLessThan(a.losses[0]);
});

test("a deterministic training on two threads goes on from within an epoch to the same bits", async () => {
  const many = Array.from({ length: 6 }, () => lines).flat();
  const settings: Word2VecOptions = { ...options, threads: 2, deterministic: true };
  const states: Uint8Array[] = [];
  const checkpoint = (state: Uint8Array): void => void states.push(state);
  const whole = await trainWord2Vec(many, { ...settings, checkpoint, checkpointMinutes: 0 });
  expect(states.length).toBeGreaterThan(2);
  const resumed = await trainWord2Vec(many, { ...settings, resume: states[0] });
  expect(resumed.vectors.vectors.data).toEqual(whole.vectors.vectors.data);
});

test("a training on two threads ends soon when it is aborted", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 300);
  await expect(trainWord2Vec(lines, { ...options, threads: 2, epochs: 100_000, signal: stop.signal })).rejects.toThrow(
    "enough",
  );
});
