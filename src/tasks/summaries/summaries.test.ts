import { expect, test } from "vitest";
import { embedderOf } from "../../../test/embedder-of.ts";
import { countWords } from "../../documents/index.ts";
import { sentencesOf, summarize, summaryMethods } from "./index.ts";

const vectors: Record<string, number[]> = {
  "Cats sleep all day.": [1, 0.1, 0],
  "Cats also sleep at night.": [1, 0.15, 0],
  "A cat that sleeps is a happy cat.": [0.9, 0.3, 0.1],
  "Dogs run in the park.": [0.2, 1, 0],
  "Dogs like the park.": [0.3, 0.9, 0.1],
  "The moon is far away.": [0, 0, 1],
};
const text = Object.keys(vectors).join(" ");
const embedder = embedderOf(vectors);

test("sentences have their places; abbreviations, initials and line breaks end none, empty lines do", () => {
  const article =
    "Dr. J. R. Smith met Mrs. Brown at 5 p.m. on Monday.\nIt rained e.g. in\nParis! Did it?\n\nA heading\n\n***\n";
  const found = sentencesOf(article);
  expect(found.map((one) => one.text)).toEqual([
    "Dr. J. R. Smith met Mrs. Brown at 5 p.m. on Monday.",
    "It rained e.g. in\nParis!",
    "Did it?",
    "A heading",
  ]);
  for (const { text: own, start, end } of found) expect(article.slice(start, end)).toBe(own);
  expect(sentencesOf("你好。今天天气很好！")).toHaveLength(2);
  expect(sentencesOf(" \n\n ")).toEqual([]);
});

test.each(summaryMethods)(
  "%s takes central sentences before those that stand alone, in the order of the text",
  async (method) => {
    const { sentences, text: summary } = await summarize(text, embedder, { sentences: 4, method, diversity: 0 });
    expect(sentences.map((one) => one.text)).not.toContain("The moon is far away.");
    expect(sentences.map(({ start }) => start)).toEqual(sentences.map(({ start }) => start).toSorted((a, b) => a - b));
    expect(summary).toBe(sentences.map((one) => one.text).join(" "));
  },
);

test("with diversity the second sentence is unlike the first", async () => {
  const subjects = async (diversity: number): Promise<string> => {
    const { sentences } = await summarize(text, embedder, { sentences: 2, diversity });
    return sentences.map((one) => one.text.slice(0, 1)).join("");
  };
  expect(await subjects(0)).not.toContain("T");
  const [first, second] = (await summarize(text, embedder, { sentences: 2, diversity: 0.9 })).sentences;
  expect(new Set([first, second].map((one) => one.text.split(" ")[0])).size).toBe(2);
});

test("a length in words or tokens is kept, and the most central sentence is given in any case", async () => {
  for (const words of [9, 13, 20]) {
    const { text: summary } = await summarize(text, embedder, { words });
    expect(countWords(summary)).toBeLessThanOrEqual(words);
  }
  const countTokens = (one: string): number => one.length;
  expect((await summarize(text, embedder, { tokens: 45, countTokens })).text.length).toBeLessThanOrEqual(46);
  expect((await summarize(text, embedder, { words: 1 })).sentences).toHaveLength(1);
});

test("an empty text has no summary, one sentence is its own", async () => {
  expect(await summarize("", embedder)).toEqual({ text: "", sentences: [] });
  expect((await summarize("Dogs like the park.", embedder, { method: "textrank" })).text).toBe("Dogs like the park.");
});

test.each([
  [{ sentences: 0 }, "sentences must be a whole number of at least 1, got 0"],
  [{ tokens: 10 }, "A length in tokens needs countTokens"],
  [{ diversity: 2 }, "diversity must be from 0 to 1, got 2"],
  [{ method: "abstract" as "centroid" }, 'Unknown method "abstract"'],
])("%j is refused in words", async (options, message) => {
  await expect(summarize(text, embedder, options)).rejects.toThrow(message);
});

test("a text of more sentences than can be compared is refused before it is encoded", async () => {
  await expect(summarize("Yes. ".repeat(8001), embedder)).rejects.toThrow("at most 8000 are compared at once");
});
