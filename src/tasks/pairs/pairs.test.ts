import { expect, test } from "vitest";
import golden from "../../../test/golden/pairs.json" with { type: "json" };
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { createEmbedder, plainSettings } from "../../texts/index.ts";
import { bitextMining, bitextPairs } from "./bitext-mining.ts";
import { deduplicate, deduplicateStream, nearDuplicates } from "./near-duplicates.ts";
import { paraphraseMining, paraphrasePairs } from "./paraphrase-mining.ts";

const points = new Matrix(Float32Array.from(golden.points), golden.points.length / 8, 8);
const target = new Matrix(Float32Array.from(golden.target), golden.target.length / 8, 8);

/** Texts "x y z …" are their own vectors. */
const numbers = createEmbedder(
  {
    name: "numbers",
    dimensions: 16,
    maxLength: undefined,
    async embed(texts, output, job) {
      for (const [i, text] of texts.entries()) output.set(text.split(" ").map(Number), i * 16);
      await job.advance(texts.length);
    },
    dispose: () => Promise.resolve(),
  },
  plainSettings,
);

/** `count` directions, and for each every third a copy that is a little off. */
function directions(count: number, seed: number): number[][] {
  const random = randomNumbers(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows: number[][] = [];
  while (rows.length < count) {
    const row = Array.from({ length: 16 }, normal);
    rows.push(row);
    if (rows.length % 3 === 0) rows.push(row.map((value) => value + 0.3 * random() * normal()));
  }
  return rows.slice(0, count);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("paraphrases are mined as sentence-transformers mines them", async () => {
  for (const [key, pairs] of Object.entries(golden.mined)) {
    const [topK, maxPairs] = key.split("-").map(Number);
    const mined = await paraphrasePairs(points, { topK, maxPairs });
    expect(mined, key).toHaveLength(golden.counts[key as keyof typeof golden.counts]);
    const best = mined.slice(0, 150);
    expect(best.map(({ first, second }) => [first, second])).toEqual(pairs.slice(0, 150).map(([i, j]) => [i, j]));
    for (const [at, { score }] of best.entries()) expect(score).toBeCloseTo(pairs[at][2], 5);
  }
});

test("translations are mined by the margins of LASER", async () => {
  for (const margin of ["ratio", "distance", "absolute"] as const) {
    const mined = await bitextPairs(points, target, { margin });
    const expected = golden.bitext[margin];
    expect(mined.map(({ source, target }) => [source, target])).toEqual(expected.map(([i, j]) => [i, j]));
    for (const [at, { score }] of mined.entries()) expect(score).toBeCloseTo(expected[at][2], 4);
  }
});

test("pairs that choose each other are among those of the greedy choice", async () => {
  const best = await bitextPairs(points, target, { retrieval: "intersect" });
  const all = new Set((await bitextPairs(points, target)).map(({ source, target }) => `${source} ${target}`));
  expect(best.length).toBeGreaterThan(20);
  for (const { source, target } of best) expect(all.has(`${source} ${target}`)).toBe(true);
  const forward = await bitextPairs(points, target, { retrieval: "forward", minScore: 1.1 });
  expect(forward.every(({ score }) => score >= 1.1)).toBe(true);
});

test("mining of few or no texts gives what there is", async () => {
  expect(await paraphraseMining([], numbers)).toEqual([]);
  const one = `1${" 0".repeat(15)}`;
  expect(await paraphraseMining([one], numbers)).toEqual([]);
  expect(await paraphraseMining([one, one], numbers)).toEqual([{ first: 0, second: 1, score: 1 }]);
  expect(await bitextMining([one], [], { embedder: numbers })).toEqual([]);
  expect(await bitextMining([one], [one], { embedder: numbers })).toEqual([{ source: 0, target: 0, score: 1 }]);
});

test("near-duplicates are those of an exact search, all but a few", async () => {
  const rows = directions(3000, 3);
  const exact = new Map<string, number>();
  for (const [i, a] of rows.entries())
    for (let j = 0; j < i; j += 1) {
      const score = cosine(a, rows[j]);
      if (score >= 0.95) exact.set(`${j} ${i}`, score);
    }
  const texts = rows.map((row) => row.join(" "));
  const found: string[] = [];
  for await (const pairs of nearDuplicates(texts, numbers)) {
    for (const { of, index, similarity } of pairs) {
      found.push(`${of} ${index}`);
      expect(similarity).toBeCloseTo(cosine(rows[of], rows[index]), 4);
    }
  }
  expect(exact.size).toBeGreaterThan(500);
  expect(new Set(found).size).toBe(found.length);
  expect(found.filter((pair) => exact.has(pair)).length / found.length).toBeGreaterThan(0.995);
  expect(found.filter((pair) => exact.has(pair)).length / exact.size).toBeGreaterThan(0.97);
});

test("the first of near-duplicates is kept, equal texts are found by their content", async () => {
  const [a, b] = [`1 0.1${" 0".repeat(14)}`, `0 1${" 0".repeat(14)}`];
  const near = `1 0.12${" 0".repeat(14)}`;
  const { kept, duplicates } = await deduplicate([a, b, near, a, b, near], numbers);
  expect([...kept]).toEqual([0, 1]);
  expect(duplicates.map(({ index, of }) => [index, of])).toEqual([
    [2, 0],
    [3, 0],
    [4, 1],
    [5, 0],
  ]);
  expect(duplicates[1].similarity).toBe(1);
});

test("a stream is deduplicated as a list is, in its order", async () => {
  const texts = directions(5000, 9).map((row) => row.map((value) => value.toFixed(1)).join(" "));
  async function* stream(): AsyncGenerator<string> {
    yield* texts;
  }
  const { kept, duplicates } = await deduplicate(texts, numbers, { threshold: 0.9 });
  const seen: (readonly [number, number | undefined])[] = [];
  for await (const verdicts of deduplicateStream(stream(), numbers, { threshold: 0.9 }))
    for (const { index, duplicate, text } of verdicts) {
      expect(text).toBe(texts[index]);
      seen.push([index, duplicate?.of]);
    }
  expect(seen.map(([index]) => index)).toEqual(texts.map((_, i) => i));
  expect(seen.filter(([, of]) => of === undefined).map(([index]) => index)).toEqual([...kept]);
  expect(seen.filter(([, of]) => of !== undefined)).toEqual(duplicates.map(({ index, of }) => [index, of]));
});

test("equal texts are equal at any threshold, and the zero vector is near to nothing", async () => {
  const zero = `0${" 0".repeat(15)}`;
  const other = `0.0${" 0".repeat(15)}`;
  const { kept } = await deduplicate([zero, other, zero], numbers);
  const alike = [
    `1 2 3${" 0".repeat(13)}`,
    `1.0 2 3${" 0".repeat(13)}`,
    `2 4 6${" 0".repeat(13)}`,
    `2 4 6.1${" 0".repeat(13)}`,
  ];
  expect([...(await deduplicate(alike, numbers, { threshold: 1 })).kept]).toEqual([0, 3]);
  expect([...kept]).toEqual([0, 1]);
  expect(await deduplicate([], numbers)).toEqual({ kept: new Int32Array(), duplicates: [] });
});

test("wrong options and texts are refused, and an abort ends the work", async () => {
  await expect(deduplicate(["a"], numbers, { threshold: 0.5 })).rejects.toThrow(
    "threshold must be a cosine from 0.7 to 1, got 0.5",
  );
  await expect(deduplicate(["a"], numbers, { recall: 1 })).rejects.toThrow("recall must be above 0 and at most 0.9999");
  await expect(deduplicate("abc", numbers)).rejects.toThrow("got one string. Put it into an array.");
  await expect(deduplicate([1 as unknown as string], numbers)).rejects.toThrow("Text 0 must be a string, got 1.");
  await expect(paraphrasePairs(points, { topK: 0 })).rejects.toThrow("topK must be a whole number of at least 1");
  await expect(bitextPairs(points, Matrix.zeros(1, 3))).rejects.toThrow("Vectors of 8 and of 3 dimensions");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(deduplicate(["1"], numbers, { signal })).rejects.toThrow("enough");
  await expect(paraphrasePairs(points, { signal })).rejects.toThrow("enough");
});
