import { expect, test } from "vitest";
import golden from "../../test/golden/lexical.json" with { type: "json" };
import { createLexicalIndex } from "./lexical.ts";

const words = (text: string): string[] => text.split(" ");

test.each(golden.cases)("scores equal those of bm25s with k1 = $k1 and b = $b", ({ k1, b, scores }) => {
  const index = createLexicalIndex(golden.texts, { k1, b, terms: words });
  for (const [i, query] of golden.queries.entries()) {
    const ours = index.scores(query);
    for (const [text, score] of scores[i].entries()) expect(ours[text]).toBeCloseTo(score, 5);
  }
});

test("the worked example of the header comes out as it is written", () => {
  const index = createLexicalIndex(["a cat sat", "dogs and a cat", "the weather"]);
  expect(index.search("cats and dogs", 2).map((hit) => hit.index)).toEqual([1, 0]);
});

test("search gives the best first, equal scores by position, and nothing that shares no term", () => {
  const index = createLexicalIndex(["red", "blue", "red", "green", "red red red blue"]);
  expect(index.search("red", 10).map((hit) => hit.index)).toEqual([4, 0, 2]);
  expect(index.search("red", 1).map((hit) => hit.index)).toEqual([4]);
  expect(index.search("yellow", 10)).toEqual([]);
  expect(index.search("the", 10)).toEqual([]);
  expect(index.search("red", 0)).toEqual([]);
});

test("texts of any iterable, empty ones and no texts at all can be searched", () => {
  function* stream(): Generator<string> {
    for (let i = 0; i < 1000; i += 1) yield i === 777 ? "the needle" : i % 2 ? "" : `straw ${i}`;
  }
  const index = createLexicalIndex(stream());
  expect(index.size).toBe(1000);
  expect(index.search("needles", 3).map((hit) => hit.index)).toEqual([777]);
  expect(createLexicalIndex([]).search("needle", 3)).toEqual([]);
  expect(createLexicalIndex(["", ""]).search("needle", 3)).toEqual([]);
});

test("postings beyond one block keep their texts", () => {
  const texts = Array.from({ length: 30_000 }, (_, i) =>
    Array.from({ length: 12 }, (_, j) => `t${(i * 7 + j * 13) % 5000}`).join(" "),
  );
  const index = createLexicalIndex(texts, { terms: words });
  const holding = texts.flatMap((text, i) => (words(text).includes("t4321") ? [i] : []));
  const found = index.search("t4321", 30_000).map((hit) => hit.index);
  expect(found.toSorted((a, b) => a - b)).toEqual(holding);
});

test("k1, b and the number of hits are checked", () => {
  expect(() => createLexicalIndex([], { k1: -1 })).toThrow("k1 must be a number of at least 0, got -1.");
  expect(() => createLexicalIndex([], { b: 1.5 })).toThrow("b must be a number from 0 to 1, got 1.5.");
  expect(() => createLexicalIndex(["a"]).search("a", -1)).toThrow("k must be a whole number of at least 0, got -1.");
});

test("a full match is the score of an average text that holds each term once, also unknown ones", () => {
  const index = createLexicalIndex(["red fox", "grey wolf", "blue whale"], { k1: 1.5, b: 0.75 });
  expect(index.fullMatch("red fox")).toBeCloseTo(index.scores("red fox")[0]);
  expect(index.fullMatch("red unicorn")).toBeGreaterThan(index.scores("red unicorn")[0]);
  expect(index.fullMatch("")).toBe(0);
});
