import { expect, test } from "vitest";
import type { StaticModelParts } from "../texts/static/index.ts";
import { createStaticModel } from "../texts/static/index.ts";
import { loadTokenizer } from "../tokenizers/index.ts";
import { pruneTokens } from "./pruning.ts";
import { chooseVocabulary } from "./vocabulary-choice.ts";

const words = ["[UNK]", "the", "cat", "dog", "##s", "c", "##a", "##t", "d", "##o", "##g", "cats"];
const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

function tokenizerFile(model: object): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      version: "1.0",
      added_tokens: [{ id: 0, content: "[UNK]", ...special }],
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: null,
      decoder: null,
      model,
    }),
  );
}

const tokenizer = tokenizerFile({
  ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
  vocab: Object.fromEntries(words.map((word, id) => [word, id])),
});
const parts: StaticModelParts = {
  rows: Float32Array.from({ length: 2 * words.length }, (_, i) => i),
  dimensions: 2,
  weightOf: Float32Array.from(words, (_, i) => (i === 0 ? 0 : 1)),
  tokenizer,
  config: { normalize: false },
};
const model = (which: StaticModelParts) => createStaticModel(which, { reading: "model2vec", name: "test" });

test("tokens that the texts do not have go, and texts without them keep their vectors", async () => {
  const fewer = await pruneTokens(parts, { texts: ["The cat and the cat"] });
  const left = await loadTokenizer({ "tokenizer.json": fewer.tokenizer });
  expect([...left.vocabulary().keys()]).toEqual(["[UNK]", "the", "cat", "##s", "c", "##a", "##t", "d", "##o", "##g"]);
  expect(left.encode("cats dog").tokens).toEqual(["cat", "##s", "d", "##o", "##g"]);
  const text = ["the cat", "the unknowable cat"];
  expect((await model(fewer)).encodeTexts(text).data).toEqual((await model(parts)).encodeTexts(text).data);
  expect(parts.rows.length).toBe(2 * words.length);
});

test("size keeps the most frequent, and rows are found through a mapping", async () => {
  const mapped = { ...parts, rowOf: Int32Array.from(words, (_, id) => words.length - 1 - id) };
  const fewer = await pruneTokens(mapped, { texts: ["the dog", "the"], size: 1 });
  const left = await loadTokenizer({ "tokenizer.json": fewer.tokenizer });
  expect([...left.vocabulary().keys()].slice(0, 3)).toEqual(["[UNK]", "the", "##s"]);
  expect(fewer.rowOf).toBeUndefined();
  expect((await model(fewer)).encodeTexts(["the"]).data).toEqual((await model(mapped)).encodeTexts(["the"]).data);
});

test("a Unigram model keeps its unknown id on the same token", async () => {
  const vocab = [
    ["[UNK]", 0],
    ["▁far", -3],
    ["▁the", -2],
    ["▁", -4],
    ["t", -5],
  ];
  const unigram = tokenizerFile({
    type: "Unigram",
    vocab: [vocab[1], vocab[0], ...vocab.slice(2)],
    unk_id: 1,
    byte_fallback: false,
  });
  const json = JSON.parse(new TextDecoder().decode(unigram)) as {
    added_tokens: { id: number }[];
    pre_tokenizer: object;
  };
  json.added_tokens[0].id = 1;
  json.pre_tokenizer = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
  const table = { ...parts, weightOf: undefined, rows: Float32Array.from({ length: 10 }, (_, i) => i) };
  const fewer = await pruneTokens(
    { ...table, tokenizer: new TextEncoder().encode(JSON.stringify(json)) },
    { texts: ["the"] },
  );
  const { model: left } = JSON.parse(new TextDecoder().decode(fewer.tokenizer)) as {
    model: { vocab: unknown; unk_id: number };
  };
  expect(left.vocab).toEqual([vocab[0], ...vocab.slice(2)]);
  expect(left.unk_id).toBe(0);
  expect([...fewer.rows]).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test("BPE is refused, by pruning and by the choice of words", async () => {
  const bpe = tokenizerFile({ type: "BPE", vocab: { "[UNK]": 0, a: 1 }, merges: [] });
  await expect(pruneTokens({ ...parts, tokenizer: bpe }, { texts: [] })).rejects.toThrow(
    "cannot be taken out of a BPE tokenizer",
  );
  await expect(chooseVocabulary([], { tokenizer: { "tokenizer.json": bpe } })).rejects.toThrow(
    "cannot be added to a BPE tokenizer",
  );
});

test("words are chosen that are several tokens now, the most frequent first", async () => {
  const texts = ["Dogs, dogs and cats: the dogs!", "tags and tags", "123 tags"];
  const chosen = await chooseVocabulary(texts, { tokenizer: { "tokenizer.json": tokenizer }, minCount: 2 });
  expect(chosen).toEqual([
    { word: "dogs", count: 3, pieces: ["dog", "##s"] },
    { word: "tags", count: 3, pieces: ["[UNK]"] },
    { word: "and", count: 2, pieces: ["[UNK]"] },
  ]);
  expect(
    await chooseVocabulary(texts, { tokenizer: { "tokenizer.json": tokenizer }, minCount: 2, size: 1 }),
  ).toHaveLength(1);
});

test("an aborted choice and an aborted pruning reject with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(chooseVocabulary(["a"], { tokenizer: { "tokenizer.json": tokenizer }, signal })).rejects.toThrow(
    "enough",
  );
  await expect(pruneTokens(parts, { texts: ["a"], signal })).rejects.toThrow("enough");
});
