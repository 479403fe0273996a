import { expect, test } from "vitest";
import golden from "../../test/golden/word_vectors.json" with { type: "json" };
import { Matrix } from "../matrix/index.ts";
import { WordVectors } from "../words/index.ts";
import { type AnalogyOptions, type AnalogyResult, evaluateAnalogies, readAnalogies } from "./analogies.ts";
import { evaluateWordSimilarity, readWordPairs, type WordSimilarityOptions } from "./word-similarity.ts";

const { words, columns } = golden.table;
const matrix = new Matrix(Float32Array.from(golden.table.vectors), words.length, columns);
const vectors = new WordVectors(words, matrix);
const { evaluation } = golden;
const questions = readAnalogies(evaluation.questions);
const pairs = readWordPairs(evaluation.pairs);

test.each<[keyof typeof evaluation & `analogies${string}`, AnalogyOptions]>([
  ["analogies", {}],
  ["analogiesRestricted", { restrict: 15 }],
  ["analogiesCased", { ignoreCase: false }],
  ["analogiesDummy", { unknown: "wrong" }],
])("%s are counted as gensim counts them, section by section", (name, options) => {
  const result = evaluateAnalogies(vectors, questions, options);
  const { score, sections } = evaluation[name];
  expect(result.accuracy).toBeCloseTo(score, 12);
  const got = [...result.sections, { name: "Total accuracy", ...result } as AnalogyResult["sections"][number]];
  expect(got.map((section) => [section.name, section.correct, section.questions - section.correct])).toEqual(sections);
  expect(result.semantic.correct + result.syntactic.correct).toBe(result.correct);
  expect(result.syntactic.questions).toBe(result.sections[2].questions + result.sections[3].questions);
});

test.each<[keyof typeof evaluation & `similarity${string}`, WordSimilarityOptions]>([
  ["similarity", {}],
  ["similarityRestricted", { restrict: 24 }],
  ["similarityCased", { ignoreCase: false }],
  ["similarityDummy", { unknown: "zero" }],
])("%s gives gensim's correlations and unknown words", (name, options) => {
  const result = evaluateWordSimilarity(vectors, pairs, options);
  expect(result.pearson).toBeCloseTo(evaluation[name].pearson, 6);
  expect(result.spearman).toBeCloseTo(evaluation[name].spearman, 12);
  expect((100 * result.unknown) / pairs.length).toBeCloseTo(evaluation[name].oov, 12);
});

/** Two directions: capitals are their country turned by a quarter. The last word points away from all. */
const plane = new WordVectors(
  ["a", "A", "b", "c", "d", "e", "far"],
  Matrix.fromRows([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1], [0, 2, 2.2], [-1, -1, -1]]), // oxfmt-ignore
);
const one = (...question: [string, string, string, string]) => [{ name: "x", questions: [question] }];

test("the conventions differ in unknown words, case, negative answers and lengths", () => {
  const accuracy = (question: Parameters<typeof one>, options: AnalogyOptions) =>
    evaluateAnalogies(plane, one(...question), options);
  // Unknown words: skipped, counted as wrong, or asked with the mean vector.
  const unknown: Parameters<typeof one> = ["a", "zzz", "c", "d"];
  expect(accuracy(unknown, { convention: "gensim" })).toMatchObject({ questions: 0, unknown: 1, accuracy: 0 });
  expect(accuracy(unknown, { convention: "glove" })).toMatchObject({ questions: 0, unknown: 1 });
  expect(accuracy(unknown, { convention: "hyperwords" })).toMatchObject({ questions: 1, unknown: 1, correct: 0 });
  expect(accuracy(unknown, { convention: "web" })).toMatchObject({ questions: 1, unknown: 1 });
  // Upper case finds the first variant; lower case only changes the question.
  expect(accuracy(["A", "B", "C", "D"], { convention: "compute-accuracy" })).toMatchObject({ correct: 1 });
  expect(accuracy(["A", "B", "C", "D"], { convention: "glove" })).toMatchObject({ correct: 1 });
  expect(accuracy(["A", "B", "C", "D"], { convention: "glove", ignoreCase: false })).toMatchObject({ unknown: 1 });
  // Dot products prefer the longer vector.
  expect(accuracy(["a", "b", "c", "d"], { convention: "web" })).toMatchObject({ correct: 0 });
  expect(accuracy(["a", "b", "c", "e"], { convention: "web" })).toMatchObject({ correct: 1 });
  // Where every answer points away, compute-accuracy has none.
  const three = new WordVectors(["a", "b", "c", "d"], Matrix.fromRows([[0, 1], [1, 0], [1, 0.1], [-1, 0]])); // oxfmt-ignore
  const away = (convention: AnalogyOptions["convention"]) =>
    evaluateAnalogies(three, one("a", "b", "c", "d"), { convention }).correct;
  expect([away("gensim"), away("glove"), away("compute-accuracy")]).toEqual([1, 1, 0]);
});

test("3CosMul answers what 3CosAdd does here, in every convention", () => {
  for (const convention of ["gensim", "compute-accuracy", "glove", "hyperwords"] as const) {
    expect(evaluateAnalogies(plane, one("a", "b", "c", "d"), { convention, method: "mul" }).correct, convention).toBe(
      1,
    );
  }
});

test("what is no test set is refused with what is expected", () => {
  expect(() => readAnalogies("a b c d\n")).toThrow(/Line 1: a question stands before the first section/);
  expect(() => readAnalogies(": x\na b c\n")).toThrow(/No question was found/);
  expect(() => readWordPairs("a b 3\n")).toThrow(/No line is a pair/);
  expect(() => evaluateWordSimilarity(vectors, [{ a: "xx", b: "yy", score: 1 }])).toThrow(/None of the 1 pairs/);
  expect(() => evaluateAnalogies(vectors, questions, { convention: "mine" as "web" })).toThrow(
    /Unknown convention "mine"/,
  );
});
