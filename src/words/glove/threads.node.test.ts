import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import golden from "../../../test/golden/glove.json" with { type: "json" };
import type { CountProgress } from "./count-progress.ts";
import { encodeCorpus } from "../corpus/encode-corpus.ts";
import { type Cooccurrences, countCooccurrences } from "./cooccurrences.ts";
import type { GloveOptions } from "./glove-options.ts";
import { trainGlove } from "./train-glove.ts";

/** Temporary files of this test alone. */
let folder: string;
const temporaryFiles = (): string[] => readdirSync(folder).filter((name) => name.startsWith("semspace-"));
const before = process.env["TMPDIR"];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "glove-threads-"));
  process.env["TMPDIR"] = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true });
});

const { lines } = golden;
const options: GloveOptions = { dimensions: 12, minCount: 2, epochs: 5 };

async function cellsOf(counts: Cooccurrences): Promise<[number[], number[]]> {
  const pairs: number[] = [];
  const values: number[] = [];
  for await (const batch of counts.read()) {
    for (const [i, row] of batch.rows.entries()) pairs.push(row * 2 ** 20 + batch.columns[i]);
    values.push(...batch.values);
  }
  return [pairs, values];
}

test("counts in files and on two threads are those in memory on one, in the same order; the files are removed", async () => {
  const corpus = await encodeCorpus(lines, { minCount: 1 });
  const memoryLimit = 5000;
  const plain = await countCooccurrences(corpus, { memoryLimit: 1 << 24 });
  const spilled = await countCooccurrences(corpus, { memoryLimit });
  const threads = await countCooccurrences(corpus, { memoryLimit, threads: 2 });
  expect(temporaryFiles().length).toBeGreaterThan(0);
  const files = [...spilled.chunks.places, ...threads.chunks.places].map(({ path }) => path!);
  expect(files.every((path) => existsSync(path))).toBe(true);
  expect(plain.chunks.places[0].path).toBeUndefined();
  const [pairs, values] = await cellsOf(spilled);
  expect(await cellsOf(threads)).toEqual([pairs, values]);
  const [plainPairs, plainValues] = await cellsOf(plain);
  const byPair = new Map(plainPairs.map((pair, i) => [pair, plainValues[i]]));
  expect(pairs.length).toBe(byPair.size);
  const worst = Math.max(...pairs.map((pair, i) => Math.abs(values[i] / byPair.get(pair)! - 1)));
  expect(worst).toBeLessThan(1e-6);
  await Promise.all([plain, spilled, threads].map((counts) => counts.dispose()));
  expect(files.some((path) => existsSync(path))).toBe(false);
});

test("counting tells words, co-occurrences and bytes in files, first of the count and then of bringing it together", async () => {
  const seen: CountProgress[] = [];
  const corpus = await encodeCorpus(lines, { minCount: 1 });
  const counts = await countCooccurrences(corpus, { memoryLimit: 5000, onProgress: (now) => void seen.push(now) });
  const counted = seen.find(({ fraction }) => fraction === 1)!;
  expect(counted).toMatchObject({ phase: "counting", words: corpus.tokens, secondsLeft: 0 });
  expect(counted.cells).toBeGreaterThan(counts.cells);
  const last = seen.at(-1)!;
  expect(last).toMatchObject({
    phase: "merging",
    fraction: 1,
    words: corpus.tokens,
    cells: counts.cells,
    secondsLeft: 0,
  });
  // Both passes were written to files: eight bytes a cell.
  expect(last.spilled).toBe(8 * (counted.cells + counts.cells));
  await counts.dispose();
  const broken = countCooccurrences(corpus, {
    onProgress: () => {
      throw new Error("the listener broke");
    },
  });
  await expect(broken).rejects.toThrow("the listener broke");
});

test("two threads learn as one does", async () => {
  const one = await trainGlove(lines, options);
  const two = await trainGlove(lines, { ...options, threads: 2, memoryLimit: 5000 });
  expect(two.losses[4] / one.losses[4]).toBeCloseTo(1, 1);
});

test("an aborted training on two threads ends soon and leaves no files", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 400);
  const wild = { ...options, threads: 2, memoryLimit: 5000, epochs: 1_000_000, signal: stop.signal };
  await expect(trainGlove(lines, wild)).rejects.toThrow("enough");
  expect(temporaryFiles()).toEqual([]);
});
