import { expect, test } from "vitest";
import golden from "../../../test/golden/word_operations.json" with { type: "json" };
import table from "../../../test/golden/word_vectors.json" with { type: "json" };
import { Matrix } from "../../matrix/index.ts";
import { Vocabulary } from "../corpus/vocabulary.ts";
import { WordVectors } from "../word-vectors.ts";
import { sortedByCount, subset, unitVectors, withCounts, withVectors } from "./editing.ts";
import type { Neighbor } from "./most-similar.ts";

const { words, columns, counts } = table.table;
const matrix = new Matrix(Float32Array.from(table.table.vectors), words.length, columns);
const vectors = new WordVectors(words, matrix, { counts });
const raw = Float32Array.from(table.operations.raw);

function expectNeighbors(got: readonly Neighbor[], wanted: readonly unknown[][]): void {
  expect(got.map(({ word }) => word)).toEqual(wanted.map(([word]) => word));
  // gensim multiplies in float32.
  for (const [i, { similarity }] of got.entries()) expect(similarity / (wanted[i][1] as number)).toBeCloseTo(1, 5);
}

function expectNumbers(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(Math.abs(value - got[i])).toBeLessThan(2e-6);
}

test("repeated words, indices, negative words alone, a weight of 0 are combined as gensim combines them", () => {
  expectNeighbors(vectors.mostSimilar({ positive: ["king", "king", "rome"] }, { top: 4 }), golden.repeated);
  expectNeighbors(vectors.mostSimilar({ positive: [2, "woman"], negative: [4] }, { top: 4 }), golden.indices);
  expectNeighbors(vectors.mostSimilar({ negative: "king" }, { top: 3 }), golden.negativeOnly);
  expectNeighbors(vectors.mostSimilar({ positive: [["king", 0], "rome"] }, { top: 3 }), golden.zeroWeight);
});

test("parts of the table are searched as in gensim: restrict wins over from and to, and may be larger than the table", () => {
  expectNeighbors(vectors.mostSimilar("king", { top: 3, restrict: 1000 }), golden.restrictBeyond);
  expectNeighbors(vectors.mostSimilar("king", { top: 3, restrict: 9, from: 12, to: 20 }), golden.restrictOverClip);
  expectNeighbors(vectors.mostSimilar("king", { top: 10, from: 0, to: 4 }), golden.fewInRange);
  expect(vectors.mostSimilar("king", { top: 0 })).toEqual(golden.topZero);
  expectNumbers(vectors.similarities("king", { from: 3, to: 9 }), golden.allClipped);
});

test("another library's index is asked with the unit mean, and what it gives is given", () => {
  const indexer = (vector: Float32Array, top: number): Neighbor[] => [
    { word: "of", similarity: Math.hypot(...vector) },
    { word: "the", similarity: top },
  ];
  expectNeighbors(vectors.mostSimilar({ positive: ["king", "rome"] }, { top: 7, indexer }), golden.indexer);
  expect(vectors.mostSimilar("king", { top: 0, indexer })).toEqual([]);
});

test("3CosMul is gensim's for one word, for vectors, and for all words", () => {
  expectNeighbors(vectors.mostSimilarCosmul("king", { top: 4 }), golden.cosmulOne);
  const given = { positive: [raw, "rome"], negative: [matrix.row(3)] };
  expectNeighbors(vectors.mostSimilarCosmul(given, { top: 4 }), golden.cosmulVectors);
  const query = { positive: ["rome", "france"], negative: ["italy"] };
  expectNumbers(vectors.similarities(query, { method: "mul" }), golden.cosmulAll);
  expect(() => vectors.similarities(query, { method: "dot" as "mul" })).toThrow('Unknown method "dot"');
});

test("words without a vector and words that come twice count as in gensim", () => {
  expectNumbers(vectors.meanVector(["missing", "absent"]), golden.meanMissing);
  const mean = vectors.meanVector(["king", "rome"], { weights: [-1, -3], normalize: true });
  expectNumbers(mean, golden.meanNegative);
  const similarity = vectors.nSimilarity(["king", "missing"], ["rome", "rome", "absent"]);
  expect(similarity).toBeCloseTo(golden.nSimilarityMissing, 6);
  const repeated = "king king rome banana missing".split(" ");
  expectNeighbors(vectors.rankByCentrality(repeated), golden.centralityRepeated);
  expectNeighbors(vectors.rankByCentrality(["king"]), golden.centralityOne);
  expect(vectors.mostSimilarToGiven("king", ["rome", "king", "king"])).toBe(golden.givenWithItself);
});

test("a word compared with itself is as in gensim", () => {
  expect(vectors.closerThan("king", "king")).toEqual(golden.closerThanSelf);
  expect(vectors.rank("king", "king")).toBe(golden.rankSelf);
  expect(vectors.closerThan("king", "banana").length).toBe(golden.closerThanFar);
  expectNumbers(vectors.distances("king", ["king"]), golden.distancesOfItself);
});

test("Word Mover's Distance of texts that share words, and with words that are not there, is gensim's", () => {
  const [missing, overlap, shared] = [golden.wmdMissing, golden.wmdOverlap, golden.wmdShared];
  expect(vectors.wordMoversDistance(["king", "missing", "rome"], ["queen", "paris", "absent"])).toBeCloseTo(missing, 6);
  expect(vectors.wordMoversDistance(["king", "rome"], ["rome", "king"])).toBeCloseTo(overlap, 6);
  expect(vectors.wordMoversDistance(["king", "king", "rome"], ["king"])).toBeCloseTo(shared, 6);
});

test("where gensim raises an error there is one here", () => {
  const calls: Record<keyof typeof golden.errors, () => unknown> = {
    missing: () => vectors.mostSimilar("missing"),
    nothing: () => vectors.mostSimilar({}),
    cosmulNothing: () => vectors.mostSimilarCosmul({ negative: ["king"] }),
    meanNothing: () => vectors.meanVector([]),
    meanStrict: () => vectors.meanVector(["king", "missing"], { ignoreMissing: false }),
    weights: () => vectors.meanVector(["king"], { weights: [1, 2] }),
    nSimilarityNothing: () => vectors.nSimilarity([], ["king"]),
    centralityNothing: () => vectors.rankByCentrality(["missing"]),
    relativeNothing: () => vectors.relativeCosine("king", "queen", { top: 0 }),
    rankMissing: () => vectors.rank("king", "missing"),
    index: () => vectors.vector(99),
  };
  for (const [name, call] of Object.entries(calls)) {
    expect(golden.errors[name as keyof typeof calls], name).not.toBeNull();
    expect(call, name).toThrow();
  }
});

test("rows of words and indices, of length 1 too", () => {
  expectNumbers(vectors.vectorsOf(["rome", 2, "king"]).data, golden.rows);
  expectNumbers(vectors.vector("rome", { normalize: true }), golden.normedRow);
  expectNumbers(vectors.vectorsOf(["rome"], { normalize: true }).row(0), golden.normedRow);
});

test("words are added, replaced, scaled and chosen as in gensim", () => {
  const times = (factor: number) => raw.map((value) => value * factor);
  const added = withVectors(vectors, ["king", "new", "newer"], Matrix.fromRows([raw, times(2), times(3)]));
  const [last, king, newer] = golden.added as [string[], number[], number[]];
  expect(added.words.slice(-3)).toEqual(last);
  expectNumbers(added.vector("king"), king);
  expectNumbers(added.vector("newer"), newer);
  const replaced = withVectors(added, ["newer", "king"], Matrix.fromRows([raw, times(2)]), { replace: true });
  const [size, ...rows] = golden.replaced as [number, number[], number[]];
  expect(replaced.size).toBe(size);
  expectNumbers(replaced.vector("king"), rows[0]);
  expectNumbers(replaced.vector("newer"), rows[1]);
  expectNumbers(unitVectors(vectors).vectors.data.subarray(0, 3 * columns), golden.unit);
  expect(Array.from(subset(vectors, ["rome", "king"]).counts!)).toEqual(golden.chosenCounts);
});

test("chosen and sorted words stay in the form in which their table stores them", () => {
  for (const small of [vectors.quantized(), vectors.quantized({ subspaces: 4 })]) {
    const chosen = subset(small, ["rome", "king"]);
    expect(chosen.table.constructor).toBe(small.table.constructor);
    expect(chosen.vector("king")).toEqual(small.vector("king"));
    const sorted = sortedByCount(small);
    expect(sorted.words).toEqual(table.operations.byCount);
    expect(sorted.table.constructor).toBe(small.table.constructor);
    expect(sorted.vector("rome")).toEqual(small.vector("rome"));
  }
});

test("counts come from a vocabulary beside the vectors", () => {
  const plain = new WordVectors(["b", "a", "c"], Matrix.zeros(3, 1));
  expect(Array.from(withCounts(plain, new Vocabulary(["a", "b"], [7, 5])).counts!)).toEqual([5, 7, 0]);
});
