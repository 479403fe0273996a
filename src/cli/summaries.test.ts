import { expect, test } from "vitest";
import { jsonLines, semspace, write } from "../../test/semspace-process.ts";

write(
  "article.md",
  "# Cats\n\nCats sleep all day. Most cats also sleep at night. A cat that sleeps is happy.\n\nThe moon is far away. Dr. Moon has a cat.\n",
);
write("empty.txt", "\n");

test("summarize gives the sentences of a file in its order", async () => {
  const { code, out, err } = await semspace(["summarize", "article.md", "--sentences", "2", "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const sentences = jsonLines(out) as { text: string; start: number }[];
  expect(sentences).toHaveLength(2);
  expect(sentences[0].start).toBeLessThan(sentences[1].start);
  expect(sentences.map(({ text }) => text).join()).toContain("sleep");
  const short = await semspace(["summarize", "article.md", "--tokens", "6", "--method", "textrank"]);
  expect(short.out.trim().split("\n")).toHaveLength(1);
});

test("keywords finds phrases that stand in the text", async () => {
  const { out } = await semspace(["keywords", "article.md", "--top", "3", "--ngrams", "1-2", "--json"]);
  const found = jsonLines(out) as { keyword: string; score: number }[];
  expect(found).toHaveLength(3);
  expect(found[0].keyword).toMatch(/cat/);
});

test.each([
  [["summarize"], 2, "One file is needed"],
  [["summarize", "nowhere.txt"], 1, "nowhere.txt"],
  [["keywords", "article.md", "--ngrams", "3-1"], 2, '--ngrams must be A-B such as 1-3, got "3-1"'],
  [["keywords", "empty.txt"], 0, ""],
])("semspace %j answers or says what is wrong", async (args, code, message) => {
  const result = await semspace(args);
  expect(result.err).toContain(message);
  expect(result.code).toBe(code);
});
