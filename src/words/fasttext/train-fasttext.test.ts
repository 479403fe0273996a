import { describe, expect, test } from "vitest";
import type { DenseTable } from "./table.ts";
import { trainFastText } from "./train-fasttext.ts";
import type { FastTextOptions } from "./training-options.ts";

/** Two worlds of words that never meet, each word with an ending of its own. */
function corpus(lines: number): string[] {
  let state = 3;
  const draw = <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from[(state >>> 8) % from.length];
  };
  const sea = "sailing boating fishing swimming diving rowing".split(" ");
  const land = "walker climber hiker runner rider driver".split(" ");
  return Array.from({ length: lines }, () => {
    const world = draw([sea, land]);
    return Array.from({ length: 8 }, () => draw(world)).join(" ");
  });
}

const options = { dimensions: 16, minCount: 1, sample: 0, epochs: 8, buckets: 2000, window: 3 } as const;

describe.each([
  ["skip-gram", "ns"],
  ["skip-gram", "hs"],
  ["skip-gram", "softmax"],
  ["cbow", "ns"],
  ["cbow", "hs"],
] as const)("%s with the loss %s", (architecture, loss) => {
  test("words of one world are nearer to each other than to those of the other", async () => {
    const model = await trainFastText(corpus(400), { ...options, architecture, loss });
    const near = model
      .wordVectors()
      .mostSimilar("sailing", { top: 5 })
      .map(({ word }) => word);
    expect(near.filter((word) => word.endsWith("ing"))).toHaveLength(5);
  });
});

test("a word that is not in the corpus gets a vector of its n-grams, like its relatives'", async () => {
  const model = await trainFastText(corpus(400), options);
  const vectors = model.wordVectors();
  expect(vectors.indexOf("sailings")).toBe(-1);
  expect(vectors.similarity("sailings", "sailing")).toBeGreaterThan(vectors.similarity("sailings", "climber"));
  expect([...model.wordVector("")]).toEqual(Array.from({ length: 16 }, () => 0));
});

test("without n-grams a word has only its own row", async () => {
  const model = await trainFastText(corpus(20), { ...options, maxN: 0 });
  expect(model.parts.input.rows).toBe(model.words.length);
  expect(model.wordVectors().subwords).toBeUndefined();
});

test("one thread and one seed give the same vectors", async () => {
  const train = async (seed: number): Promise<number[]> => [
    ...(await trainFastText(corpus(40), { ...options, seed })).wordVector("sailing"),
  ];
  expect(await train(5)).toEqual(await train(5));
  expect(await train(6)).not.toEqual(await train(5));
});

test("the vectors are the same bits in Node and in a browser", async () => {
  const { input } = (await trainFastText(corpus(40), { ...options, architecture: "cbow", loss: "hs" })).parts;
  const bits = new Int32Array((input as DenseTable).data.buffer);
  expect(bits.reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 0)).toBe(-1_736_984_760);
});

test("CBOW's error divided among the context words leaves their rows nearer to where they began", async () => {
  const begin = { ...options, architecture: "cbow", epochs: 1, seed: 3 } as const;
  const trained = async (more: FastTextOptions): Promise<Float32Array> =>
    ((await trainFastText(corpus(40), { ...begin, ...more })).parts.input as DenseTable).data;
  const [start, whole, divided] = [
    await trained({ learningRate: 1e-12 }),
    await trained({ cbowGradient: "word2vec" }),
    await trained({ cbowGradient: "mean", learningRate: 0.05 }),
  ];
  const moved = (rows: Float32Array): number => Math.hypot(...rows.map((x, i) => x - start[i]));
  expect(moved(divided)).toBeGreaterThan(0);
  expect(moved(divided)).toBeLessThan(moved(whole) / 2);
  expect(await trained({})).toEqual(whole);
});

test("the end of a line is a word where the counts put it", async () => {
  const model = await trainFastText(["a a a b", "a b"], { ...options, window: 1 });
  expect(model.words).toEqual(["a", "b", "</s>"]);
  expect([...model.parts.dictionary.parts.counts]).toEqual([4, 2, 2]);
});

test("what cannot be is refused", async () => {
  await expect(trainFastText(corpus(5), { minN: 5, maxN: 3 })).rejects.toThrow("minN is 5");
  await expect(trainFastText(corpus(5), { loss: "ova" as "ns" })).rejects.toThrow('Unknown loss "ova"');
  await expect(trainFastText(["a b"])).rejects.toThrow("Use a smaller minCount");
});
