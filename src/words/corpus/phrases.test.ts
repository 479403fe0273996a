import { expect, test } from "vitest";
import { encodeCorpus } from "./encode-corpus.ts";
import { PairTable } from "./pair-table.ts";
import { learnPhrases } from "./phrases.ts";

const lines = [
  ...Array.from({ length: 20 }, (_, i) => `we saw new york and the ${"abcdefghij"[i % 10]} house`),
  ...Array.from({ length: 20 }, (_, i) => `the new ${"klmnopqrst"[i % 10]} house`),
];

test("words that stand together more often than chance are a phrase, with word2phrase.c's score", async () => {
  const phrases = await learnPhrases(lines, { minCount: 5, threshold: 4 });
  const newYork = phrases.list.find(({ phrase }) => phrase === "new_york")!;
  // 20 times together, 40 times "new", 20 times "york", 20 × 8 + 20 × 4 tokens.
  expect(newYork.score).toBeCloseTo(((20 - 5) / 40 / 20) * 240, 10);
  expect(newYork.count).toBe(20);
  expect(phrases.list.map(({ phrase }) => phrase)).toContain("we_saw");
  expect(phrases.list.map(({ phrase }) => phrase)).not.toContain("the_new");
});

test("npmi is 1 for words that only occur together, and falls with chance", async () => {
  const { list } = await learnPhrases(lines, { minCount: 5, score: "npmi", threshold: -1 });
  const scores = new Map(list.map(({ phrase, score }) => [phrase, score]));
  expect(scores.get("we_saw")).toBeCloseTo(1, 10);
  expect(scores.get("new_york")).toBeCloseTo(Math.log(20 / 240 / ((40 / 240) * (20 / 240))) / -Math.log(20 / 240), 10);
  expect(list[0].score).toBeGreaterThanOrEqual(list.at(-1)!.score);
});

test("a line is joined from the left, and a word belongs to one phrase", async () => {
  const text = Array.from({ length: 20 }, (_, i) => `a b c x${i % 3}`);
  const phrases = await learnPhrases([...text, ...Array.from({ length: 40 }, () => "y z")], { threshold: 1 });
  expect(phrases.words("a b c y z b c")).toEqual(["a_b", "c", "y_z", "b_c"]);
  expect(phrases.words("")).toEqual([]);
});

test("applied twice, phrases grow longer, and the result is a corpus again", async () => {
  const text = Array.from({ length: 30 }, (_, i) => `in new york city ${"abcdef"[i % 6]} x${i % 7} y${i % 5}`);
  const once = await learnPhrases(text, { threshold: 3, delimiter: " " });
  const first: string[] = [];
  for await (const line of once.apply(text)) first.push(line);
  const joined = await learnPhrases(text, { threshold: 3 });
  const twice = await learnPhrases(joined.apply(text), { threshold: 3 });
  const corpus = await encodeCorpus(twice.apply(joined.apply(text)), { minCount: 5 });
  expect(corpus.vocabulary.words[0]).toBe("in_new_york_city");
});

test("a line break or a rare word keeps a pair apart", async () => {
  const apart = ["end", "of", "end", "of", "end rare1 of", "end rare2 of"].flatMap((line) => [line, line, line]);
  expect((await learnPhrases(apart, { minCount: 4, threshold: 0 })).list).toEqual([]);
});

test("pairs are counted exactly, however many there are", () => {
  const pairs = new PairTable();
  for (let i = 0; i < 60_000; i += 1) pairs.add(i % 300, Math.floor(i / 300) % 100);
  expect(pairs.size).toBe(30_000);
  expect(pairs.count(7, 9)).toBe(2);
  expect(pairs.count(301, 9)).toBe(0);
  let sum = 0;
  pairs.forEach((_, __, count) => (sum += count));
  expect(sum).toBe(60_000);
});

test("an unknown score is refused with what is allowed", async () => {
  await expect(learnPhrases(lines, { score: "pmi" as "npmi" })).rejects.toThrow("Use one of: word2phrase, npmi");
  await expect(learnPhrases(lines, { threshold: Number.NaN })).rejects.toThrow("threshold");
});
