import { expect, test } from "vitest";
import golden from "../../../test/golden/keywords.json" with { type: "json" };
import { embedderOf } from "../../../test/embedder-of.ts";
import { keywordCandidates, type KeywordOptions, keywords } from "./index.ts";

const embedder = embedderOf(golden.vectors);

test.each(golden.cases)(
  "phrases and selection equal KeyBERT's for $options",
  async ({ options, candidates, keywords: known }) => {
    const ours: KeywordOptions = {
      ngrams: options.keyphrase_ngram_range as [number, number],
      stopWords: options.stop_words === null ? "none" : "english",
      selection: options.use_mmr ? "mmr" : options.use_maxsum ? "max-sum" : "similarity",
      diversity: options.diversity ?? 0.5,
      nearest: options.nr_candidates ?? 20,
      top: options.top_n ?? 5,
    };
    expect(keywordCandidates(golden.text, ours)).toEqual(candidates);
    const found = await keywords(golden.text, embedder, ours);
    const byScore = known.toSorted((a, b) => (b[1] as number) - (a[1] as number));
    expect(found.map(({ keyword }) => keyword)).toEqual(byScore.map(([keyword]) => keyword));
    for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(byScore[i][1] as number, 4);
  },
);

test("contiguous phrases stand in the text as they are", () => {
  const text = "The state of the art: neural networks, and deep neural nets. Don't over-fit!";
  const found = keywordCandidates(text, { ngrams: [2, 3], contiguous: true });
  expect(found).toEqual(["deep neural", "deep neural nets", "neural nets", "neural networks"]);
  expect(keywordCandidates(text, { ngrams: [2, 2] })).toContain("state art");
});

test("Chinese is cut into words, and words of one's own can be left out", () => {
  expect(keywordCandidates("机器学习是人工智能的一个分支。")).toContain("机器");
  expect(keywordCandidates("Cats chase mice", { stopWords: ["cats"] })).toEqual(["chase", "mice"]);
});

test("a text without words has no keywords, nor has an empty one", async () => {
  expect(await keywords("", embedder)).toEqual([]);
  expect(await keywords("the of !", embedder)).toEqual([]);
});

test.each([
  [{ top: 0 }, "top must be a whole number of at least 1, got 0"],
  [{ diversity: -1 }, "diversity must be from 0 to 1, got -1"],
  [{ ngrams: [3, 2] as const }, "ngrams must be [shortest, longest], got [3, 2]"],
  [{ selection: "max" as "mmr" }, 'Unknown selection "max"'],
  [
    { selection: "max-sum" as const, top: 15, nearest: 40, candidates: Object.keys(golden.vectors) },
    "max-sum compares every choice of 15",
  ],
])("%j is refused in words", async (options, message) => {
  await expect(keywords(golden.text, embedder, options)).rejects.toThrow(message);
});
