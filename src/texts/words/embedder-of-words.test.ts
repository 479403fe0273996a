import { expect, test } from "vitest";
import golden from "../../../test/golden/sif.json" with { type: "json" };
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../../words/index.ts";
import { embedderOfWords } from "./embedder-of-words.ts";
import { wordsOfText } from "./words-of-text.ts";

const words = ["the", "cat", "dog", "car", "London"];
const rows = Matrix.fromRows([[1, 1, 1], [1, 2, 0], [1, 1.8, 0.2], [1, -1, 3], [0, 3, 3]]); // oxfmt-ignore
const vectors = new WordVectors(words, rows, { counts: [900, 40, 30, 20, 10] });

test("a text's vector is the mean of its words', as written or in lower case; without any it is zeros", async () => {
  const embedder = await embedderOfWords(vectors);
  const matrix = await embedder.encode(["The cat!", "london", "London", "nothing known"]);
  expect(matrix.toArray()).toEqual([[1, 1.5, 0.5], [0, 0, 0], [0, 3, 3], [0, 0, 0]]); // oxfmt-ignore
  expect(embedder.dimensions).toBe(3);
  expect([...(await embedder.encode("cat", { truncateDim: 2 }))]).toEqual([1, 2]);
});

test("SIF weighs a word by a / (a + its share), and takes out what the sample shares", async () => {
  const weighted = await embedderOfWords(vectors, { weighting: "sif", a: 0.01 });
  const [the, cat] = [0.01 / 0.91, 0.01 / 0.05];
  const wanted = [1, 2, 0].map((value, k) => (cat * value + the * rows.row(0)[k]) / 2);
  const got = await weighted.encode("the cat");
  for (const [k, value] of wanted.entries()) expect(got[k]).toBeCloseTo(value, 6);

  // The first singular vector of a sample of one direction is that direction.
  const sample = ["cat", "cat cat", "cat cat cat"];
  const removed = await embedderOfWords(vectors, { weighting: "sif", a: 0.01, sample });
  for (const value of await removed.encode("cat")) expect(value).toBeCloseTo(0, 6);
  const dog = await removed.encode("dog");
  expect(dog[0] * 1 + dog[1] * 2).toBeCloseTo(0, 6);
  expect(Math.hypot(...dog)).toBeGreaterThan(0);
});

test("means, SIF's weights and what is taken out are those of its authors' formulas", async () => {
  const table = new Matrix(Float32Array.from(golden.vectors), golden.words.length, 6);
  const wordVectors = new WordVectors(golden.words, table, { counts: golden.counts });
  const { a, texts } = golden;
  const embedders = {
    mean: await embedderOfWords(wordVectors),
    weighted: await embedderOfWords(wordVectors, { weighting: "sif", a }),
    removed: await embedderOfWords(wordVectors, { weighting: "sif", a, sample: texts }),
  };
  for (const [name, embedder] of Object.entries(embedders)) {
    const got = await embedder.encode(texts.slice(0, 10));
    const wanted = golden[name as keyof typeof embedders];
    const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got.data[i])));
    expect(worst, name).toBeLessThan(2e-6);
  }
});

test("words of subwords are found, and without counts Zipf's law stands for them", async () => {
  const subwords = { vector: (word: string) => (word === "cats" ? rows.row(1) : undefined) };
  const open = new WordVectors(words, rows, { subwords });
  const embedder = await embedderOfWords(open, { weighting: "sif" });
  const [cats, cat] = [await embedder.encode("cats"), await embedder.encode("cat")];
  expect(cats[1]).toBeGreaterThan(cat[1]);
});

test("words end where letters and digits do, in scripts without spaces where the segmenter says", () => {
  expect(wordsOfText("It's a well-known song, isn't it? №42 naïve_x")).toEqual(
    ["It's", "a", "well-known", "song", "isn't", "it", "42", "naïve_x"], // oxfmt-ignore
  );
  expect(wordsOfText("我喜欢音乐。")).toContain("音乐");
  expect(wordsOfText(" … ")).toEqual([]);
});

test("wrong options are refused", async () => {
  await expect(embedderOfWords(vectors, { weighting: "tfidf" as "sif" })).rejects.toThrow(/Unknown weighting "tfidf"/);
  await expect(embedderOfWords(vectors, { weighting: "sif", a: 0 })).rejects.toThrow(/a must be a number above 0/);
  await expect(embedderOfWords(vectors, { weighting: "sif", sample: ["xx"] })).rejects.toThrow(/None of the 1 texts/);
});
