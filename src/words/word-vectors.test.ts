import { expect, test } from "vitest";
import golden from "../../test/golden/word_vectors.json" with { type: "json" };
import { Matrix } from "../matrix/index.ts";
import { intersect, sortedByCount, subset, withVectors } from "./operations/editing.ts";
import { WordVectors } from "./word-vectors.ts";

const { words, columns, counts } = golden.table;
const matrix = new Matrix(Float32Array.from(golden.table.vectors), words.length, columns);
const vectors = new WordVectors(words, matrix, { counts });
const { operations } = golden;
const raw = Float32Array.from(operations.raw);

function expectNeighbors(got: readonly { word: string; similarity: number }[], wanted: readonly unknown[][]): void {
  expect(got.map(({ word }) => word)).toEqual(wanted.map(([word]) => word));
  for (const [i, { similarity }] of got.entries()) expect(similarity).toBeCloseTo(wanted[i][1] as number, 5);
}

function expectNumbers(got: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-6): void {
  expect(got.length).toBe(wanted.length);
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i])));
  expect(worst).toBeLessThan(tolerance);
}

test("the nearest words are gensim's: of a word, an analogy, weights and vectors, a part of the vocabulary", () => {
  expectNeighbors(vectors.mostSimilar("king", { top: 5 }), operations.mostSimilar);
  const analogy = { positive: ["king", "woman"], negative: ["man"] };
  expectNeighbors(vectors.mostSimilar(analogy, { top: 4 }), operations.analogy);
  const weighted = { positive: [["king", 0.7], "paris", raw], negative: [["man", -0.2], 5] } as const;
  expectNeighbors(vectors.mostSimilar(weighted, { top: 6 }), operations.weighted);
  expectNeighbors(vectors.mostSimilar("king", { top: 4, restrict: 12 }), operations.restricted);
  expectNeighbors(vectors.mostSimilar("king", { top: 4, from: 8, to: 20 }), operations.clipped);
  expectNeighbors(vectors.mostSimilar(raw, { top: 3 }), operations.byVector);
  expectNumbers(vectors.similarities({ positive: ["rome", "france"], negative: ["italy"] }), operations.all);
  expectNeighbors(vectors.mostSimilarCosmul(analogy, { top: 4 }), operations.cosmul);
});

test("similarities and distances are gensim's", () => {
  expect(vectors.similarity("king", "queen")).toBeCloseTo(operations.similarity, 6);
  expect(vectors.distance("king", "banana")).toBeCloseTo(operations.distance, 6);
  expectNumbers(vectors.distances("king", ["queen", "banana", "rome"]), operations.distances);
  expectNumbers(vectors.distances(raw), operations.allDistances);
  expect(vectors.nSimilarity(["king", "queen"], ["paris", "rome", "berlin"])).toBeCloseTo(operations.nSimilarity, 6);
  expect(vectors.relativeCosine("king", "queen", { top: 5 })).toBeCloseTo(operations.relativeCosine, 6);
  expectNumbers(vectors.meanVector(["king", "missing", "rome"], { weights: [0.5, 3, -2] }), operations.mean);
  const scaled = vectors.meanVector(["king", "rome", raw], { normalizeEach: false, normalize: true });
  expectNumbers(scaled, operations.meanRaw);
});

test("ranks, odd ones out and choices are gensim's", () => {
  expectNeighbors(vectors.rankByCentrality("breakfast cereal dinner lunch missing".split(" ")), operations.centrality);
  const plain = vectors.rankByCentrality(["big", "small", "bigger"], { normalize: false });
  expectNeighbors(plain, operations.centralityRaw);
  expect(vectors.doesntMatch("king queen prince banana".split(" "))).toBe(operations.doesntMatch);
  expect(vectors.closerThan("king", "walk")).toEqual(operations.closerThan);
  expect(vectors.rank("king", "walk")).toBe(operations.rank);
  expect(vectors.mostSimilarToGiven("king", ["walk", "queen", "banana"])).toBe(operations.given);
});

test("Word Mover's Distance is POT's, with gensim's edge cases", () => {
  expect(vectors.wordMoversDistance(operations.doc1, operations.doc2)).toBeCloseTo(operations.wmd, 6);
  const plain = vectors.wordMoversDistance(operations.doc1, operations.doc2, { normalize: false });
  expect(plain).toBeCloseTo(operations.wmdRaw, 5);
  expect(vectors.wordMoversDistance(["missing"], ["king"])).toBe(Infinity);
  expect(vectors.wordMoversDistance(["king", "king"], ["king"])).toBe(0);
  const twins = new WordVectors(["a", "b"], Matrix.fromRows([[1, 0], [1, 0]])); // oxfmt-ignore
  expect(twins.wordMoversDistance(["a"], ["b"])).toBe(Infinity);
});

test("word vectors can be added, chosen, replaced and sorted, and the given ones stay as they are", () => {
  expect(subset(vectors, ["rome", "missing", "king", "rome"]).words).toEqual(operations.subset);
  expect(sortedByCount(vectors).words).toEqual(operations.byCount);
  const two = Matrix.fromRows([raw, raw]);
  const kept = withVectors(vectors, ["king", "new"], two);
  expect(kept.size).toBe(words.length + 1);
  expect(kept.vector("king")).toEqual(vectors.vector("king"));
  expect(kept.vector("new")).toEqual(raw);
  expect(kept.counts?.[words.length]).toBe(0);
  expect(withVectors(vectors, ["king", "new"], two, { replace: true }).vector("king")).toEqual(raw);
  const other = new WordVectors(["rome", "elsewhere"], two);
  expect(intersect(vectors, other).vector("rome")).toEqual(raw);
  expect(intersect(vectors, other).words).toEqual(words);
  expect(vectors.vector("rome")).not.toEqual(raw);
});

test("a table of one byte a number gives nearly the same neighbours through the same interface", () => {
  const small = vectors.quantized();
  expect(small.size).toBe(words.length);
  const analogy = { positive: ["king", "woman"], negative: ["man"] };
  expect(small.mostSimilar(analogy, { top: 1 })[0].word).toBe(operations.analogy[0][0]);
  for (const word of words) expect(small.similarity(word, vectors.vector(word))).toBeGreaterThan(0.999);
});

test("a word without a vector gets one from its subwords, and is never among the neighbours by itself", () => {
  const subwords = { vector: (word: string) => (word.startsWith("king") ? vectors.vector("king") : undefined) };
  const open = new WordVectors(words, matrix, { subwords });
  expect(open.has("kingly")).toBe(true);
  expect(open.has("qqq")).toBe(false);
  expect(open.indexOf("kingly")).toBe(-1);
  expect(open.mostSimilar("kingly", { top: 1 })[0].word).toBe("king");
  expect(subset(open, ["kingly", "rome"]).size).toBe(2);
  expect(subset(open, ["kingly", "rome"], { infer: false }).size).toBe(1);
});

test("a row of zeros has the similarity 0 to everything, and never comes first", () => {
  const withZero = new WordVectors(["zero", "x", "y"], Matrix.fromRows([[0, 0], [1, 0], [0.9, 0.1]])); // oxfmt-ignore
  expect(withZero.mostSimilar("x").map(({ word }) => word)).toEqual(["y", "zero"]);
  expect(withZero.similarity("zero", "x")).toBe(0);
  expect([...withZero.distances("zero")]).toEqual([1, 1, 1]);
});

test("the fast scan of a large table gives exactly what comparing every row gives", () => {
  const [rows, dimensions] = [20_003, 13];
  let state = 1;
  const random = () => ((state = (state * 16807) % 2147483647) / 2147483647) * 2 - 1;
  const data = Float32Array.from({ length: rows * dimensions }, random);
  data.fill(0, 5 * dimensions, 6 * dimensions);
  const names = Array.from({ length: rows }, (_, i) => `w${i}`);
  const large = new WordVectors(names, new Matrix(data, rows, dimensions));
  expect(large.scan).toBeDefined();
  for (const options of [{ top: 10 }, { top: 1 }, { top: 25, restrict: 999 }, { top: 7, from: 1234, to: 19_999 }]) {
    const query = { positive: ["w17", "w18000"], negative: ["w400"] };
    const all = large.similarities(query, { from: options.from, to: options.to ?? options.restrict });
    const order = [...all.keys()].map((i) => i + (options.from ?? 0));
    order.sort((a, b) => all[b - (options.from ?? 0)] - all[a - (options.from ?? 0)] || a - b);
    const wanted = order.filter((i) => ![17, 18_000, 400].includes(i)).slice(0, options.top);
    expect(large.mostSimilar(query, options).map(({ word }) => word)).toEqual(wanted.map((i) => `w${i}`));
  }
});

test("wrong questions are refused with what was got", () => {
  expect(() => vectors.mostSimilar("missing")).toThrow(/"missing" has no vector/);
  expect(() => vectors.vector("missing")).toThrow(/not among these 31 words/);
  expect(() => vectors.mostSimilar(new Float32Array(3))).toThrow(/3 dimensions was given, these word vectors have 8/);
  expect(() => vectors.mostSimilar({ positive: [99] })).toThrow(/There is no word 99/);
  expect(() => vectors.mostSimilar({})).toThrow(/at least one/);
  expect(() => vectors.mostSimilarCosmul({ negative: "king" })).toThrow(/at least one positive/);
  expect(() => vectors.mostSimilar("king", { top: -1 })).toThrow(/top must be a whole number/);
  expect(() => vectors.meanVector(["king"], { weights: [1, 2] })).toThrow(/as many weights/);
  expect(() => vectors.doesntMatch(["missing"])).toThrow(/None of the 1 words/);
  expect(() => vectors.rank("missing", "king")).toThrow(/no vector of its own/);
  expect(() => new WordVectors(["a"], matrix)).toThrow(/1 words need one vector/);
  expect(() => withVectors(vectors, ["a"], Matrix.zeros(1, 3))).toThrow(/vectors of 8 dimensions/);
  expect(vectors.mostSimilar("king", { top: 0 })).toEqual([]);
});
