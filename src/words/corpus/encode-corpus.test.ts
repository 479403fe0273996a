import { expect, test } from "vitest";
import { SemspaceError } from "../../errors.ts";
import { buildVocabulary, encodeCorpus, type EncodedCorpus, LINE_END } from "./encode-corpus.ts";
import { parseVocabulary, Vocabulary } from "./vocabulary.ts";

async function idsOf(corpus: EncodedCorpus): Promise<number[]> {
  const ids = new Int32Array(corpus.length);
  const reader = await corpus.open();
  expect(await reader.read(0, ids)).toBe(corpus.length);
  await reader.close();
  return [...ids];
}

async function text(corpus: EncodedCorpus): Promise<string> {
  const ids = await idsOf(corpus);
  return ids.map((id) => (id === LINE_END ? "|" : corpus.vocabulary.words[id])).join(" ");
}

test("words are sorted by count, ties by first appearance, and rare ones vanish from the text", async () => {
  const corpus = await encodeCorpus(["b a c", "a b rare a"], { minCount: 2 });
  expect(corpus.vocabulary.words).toEqual(["a", "b"]);
  expect([...corpus.vocabulary.counts]).toEqual([3, 2]);
  expect(await text(corpus)).toBe("b a | a b a |");
  expect(corpus).toMatchObject({ tokens: 5, tokensRead: 7, lines: 2, length: 7 });
  await corpus.dispose();
});

test("words that lie across the borders of what is read at once are whole", async () => {
  const words = Array.from({ length: 40_000 }, (_, i) => `wörd${i % 997}`);
  const corpus = await encodeCorpus([words.join(" ")], { minCount: 1 });
  expect(corpus.vocabulary.size).toBe(997);
  expect((await text(corpus)).slice(0, -2).split(" ")).toEqual(words);
});

test("ids beyond the memory limit are the same ids", async () => {
  const lines = Array.from({ length: 1500 }, (_, i) =>
    Array.from({ length: 200 }, (_, j) => `w${(i * j) % 613}`).join(" "),
  );
  const [small, large] = await Promise.all([
    encodeCorpus(lines, { minCount: 400, memoryLimit: 0 }),
    encodeCorpus(lines, { minCount: 400 }),
  ]);
  const [few, many] = [await idsOf(small), await idsOf(large)];
  expect(few.length).toBe(many.length);
  expect(few.every((id, i) => id === many[i])).toBe(true);
  await small.dispose();
});

test("an own function cuts Chinese, which has no spaces, into words", async () => {
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  const tokenize = (line: string): string[] => Array.from(segmenter.segment(line), (part) => part.segment);
  const corpus = await encodeCorpus(["我喜欢学习中文", "学习 中文 很有意思"], { minCount: 2, tokenize });
  expect(corpus.vocabulary.words).toEqual(["学习", "中文"]);
  expect(await text(corpus)).toBe("学习 中文 | 学习 中文 |");
});

test("a given vocabulary is kept as it is, an extended one keeps its ids and gets new words", async () => {
  const known = new Vocabulary(["dog", "cat"], [7, 5]);
  const kept = await encodeCorpus(["cat bird cat"], { vocabulary: known });
  expect(kept.vocabulary).toBe(known);
  expect(await idsOf(kept)).toEqual([1, 1, LINE_END]);
  const extended = await encodeCorpus(["cat bird cat owl owl bird bird"], { extend: known, minCount: 2 });
  expect(extended.vocabulary.words).toEqual(["dog", "cat", "bird", "owl"]);
  expect([...extended.vocabulary.counts]).toEqual([0, 2, 3, 2]);
});

test("a limit of distinct words forgets rare ones and keeps the frequent", async () => {
  const lines = Array.from({ length: 500 }, (_, i) => `the of rare${i}`);
  const vocabulary = await buildVocabulary(lines, { minCount: 2, maxDistinct: 50 });
  expect(vocabulary.words).toEqual(["the", "of"]);
  expect([...vocabulary.counts]).toEqual([500, 500]);
});

test("maxVocabulary keeps the most frequent words", async () => {
  const vocabulary = await buildVocabulary(["a b b c c c"], { minCount: 1, maxVocabulary: 2 });
  expect(vocabulary.words).toEqual(["c", "b"]);
});

test("a word of more than 1,000 bytes is cut on the border of a character", async () => {
  const vocabulary = await buildVocabulary([`a${"ä".repeat(2000)} b`], { minCount: 1 });
  expect(vocabulary.words).toEqual([`a${"ä".repeat(499)}`, "b"]);
});

test("a corpus without words, or without frequent ones, says so", async () => {
  await expect(encodeCorpus([])).rejects.toThrow("has no words");
  await expect(encodeCorpus(["a b c"])).rejects.toThrow("3 tokens is a word that occurs 5 times");
  await expect(encodeCorpus([1 as unknown as string])).rejects.toThrow("lines as strings");
});

test("an aborted reading rejects with the signal's reason", async () => {
  await expect(encodeCorpus(["a"], { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

test("a vocabulary survives being written and read, words with spaces included", () => {
  const vocabulary = new Vocabulary(["the", "new york", "é"], [12, 3, 1]);
  const again = parseVocabulary(vocabulary.toText());
  expect(again.words).toEqual(vocabulary.words);
  expect([...again.counts]).toEqual([12, 3, 1]);
  expect(again.total).toBe(16);
});

test("a broken vocabulary names the line", () => {
  const broken = ["the 3\nof\n", "the 3\nof x\n", "the 3\n 5\n", "a 1\na 2\n", "a 1e3"];
  for (const content of broken) expect(() => parseVocabulary(content)).toThrow(SemspaceError);
  expect(() => parseVocabulary("the 3\nof\n")).toThrow("line 2");
});
