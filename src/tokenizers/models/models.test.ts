import { describe, expect, test } from "vitest";
import { SemspaceError } from "../../errors.ts";
import { createModel } from "./create-model.ts";
import type { Pieces } from "./model.ts";
import type { ModelJson } from "../tokenizer-json.ts";
import golden from "../../../test/golden/tokenizer_models.json" with { type: "json" };

const empty = (): Pieces => ({ ids: [], starts: [], ends: [] });

describe("each model cuts every word as Rust tokenizers does", () => {
  test.each(golden.cases.map(({ name, ...rest }) => [name, rest] as const))("%s", (_, { model, cuts }) => {
    const made = createModel(model);
    golden.words.forEach((word, i) => {
      const pieces = empty();
      made.tokenize(word, pieces);
      const flat = pieces.ids.flatMap((id, k) => [id, pieces.starts[k], pieces.ends[k]]);
      expect({ word, flat }).toEqual({ word, flat: cuts[i] });
    });
  });

  test("a word that comes again is cut the same way", () => {
    for (const { model, cuts } of golden.cases) {
      const made = createModel(model);
      for (let round = 0; round < 2; round += 1) {
        const pieces = empty();
        for (const word of golden.words) made.tokenize(word, pieces);
        expect(pieces.ids).toEqual(cuts.flatMap((flat) => flat.filter((__, k) => k % 3 === 0)));
      }
    }
  });
});

test("the vocabulary can be looked at both ways", () => {
  for (const { model } of golden.cases) {
    const { vocabulary } = createModel(model);
    for (const [token, id] of vocabulary.ids) expect(vocabulary.token(id)).toBe(token);
    expect(vocabulary.token(1_000_000)).toBeUndefined();
    expect(vocabulary.ids.size).toBeLessThanOrEqual(vocabulary.size);
  }
});

test("a word of 100,000 characters takes no quadratic time", () => {
  for (const { name, model } of golden.cases) {
    const made = createModel({ ...model, max_input_chars_per_word: 1_000_000 });
    for (const word of ["ab".repeat(50_000), "the".repeat(33_333), "🙂日q".repeat(25_000)]) {
      const start = performance.now();
      made.tokenize(word, empty());
      expect(performance.now() - start, name).toBeLessThan(10_000);
    }
  }
});

describe("a malformed model is refused with the reason", () => {
  const vocab = { a: 0, b: 1 };
  test.each<[string, unknown, string]>([
    [
      "an unknown type",
      { type: "Bpe2", vocab },
      'Unknown tokenizer model "Bpe2" in tokenizer.json. Known are: BPE, Unigram, WordLevel, WordPiece.',
    ],
    ["no type and no known fields", { vocab }, "Unknown tokenizer model"],
    ["a vocab that is a list", { type: "WordPiece", vocab: [] }, "must be an object from token to id, got []"],
    [
      "an id below 0",
      { type: "WordPiece", vocab: { a: -1 } },
      'id of "a" in WordPiece.vocab must be a whole number below 2^31, got -1',
    ],
    ["an id that is no number", { type: "WordLevel", vocab: { a: "0" } }, 'got "0"'],
    ["an id beyond 2^31", { type: "WordLevel", vocab: { a: 2 ** 31 } }, "got 2147483648"],
    ["an unk_token that is no text", { type: "WordPiece", vocab, unk_token: 3 }, "unk_token must be a text, got 3"],
    [
      "a length that is no number",
      { type: "WordPiece", vocab, max_input_chars_per_word: -2 },
      "max_input_chars_per_word must be",
    ],
    ["merges that are no list", { type: "BPE", vocab, merges: "a b" }, "merges must be a list"],
    [
      "a merge of three",
      { type: "BPE", vocab, merges: ["a b c"] },
      'BPE merge 1 must be two tokens ("a b" or ["a", "b"]), got "a b c"',
    ],
    [
      "a merge of a token that is not there",
      { type: "BPE", vocab, merges: [["a", "c"]] },
      'BPE merge 1 must be of tokens of the vocab, got "c"',
    ],
    ["a merge into a token that is not there", { type: "BPE", vocab, merges: [["a", "b"]] }, 'got "ab"'],
    ["dropout", { type: "BPE", vocab, merges: [], dropout: 0.1 }, "dropout 0.1 would make ids random"],
    [
      "a flag that is no flag",
      { type: "BPE", vocab, merges: [], fuse_unk: "yes" },
      'fuse_unk must be true or false, got "yes"',
    ],
    ["a Unigram vocab that is an object", { type: "Unigram", vocab }, "vocab must be a list"],
    [
      "a Unigram entry without a score",
      { type: "Unigram", vocab: [["a"]] },
      "Unigram.vocab[0] must be a token and its score",
    ],
    ["a Unigram score that is no number", { type: "Unigram", vocab: [["a", Number.NaN]] }, "a finite number"],
    [
      "an unk_id outside the vocab",
      { type: "Unigram", vocab: [["a", 0]], unk_id: 1 },
      "Unigram.unk_id must be below 1, the entries of vocab, got 1",
    ],
  ])("%s", (_, json, message) => {
    expect(() => createModel(json as ModelJson)).toThrow(SemspaceError);
    expect(() => createModel(json as ModelJson)).toThrow(message);
  });

  test("a text that needs an unknown token which the vocabulary lacks", () => {
    for (const json of [
      { type: "WordPiece", vocab },
      { type: "WordLevel", vocab, unk_token: "<unk>" },
      { type: "BPE", vocab, merges: [], unk_token: "<unk>" },
      { type: "Unigram", vocab: [["a", 0]] },
    ]) {
      expect(() => createModel(json).tokenize("zz", empty())).toThrow(/unknown token|no unk_id/);
    }
  });
});

test("a model without a type, as old files have it, is recognised by its fields", () => {
  const { model } = golden.cases.find(({ name }) => name === "BPE")!;
  const { type: _, ...old } = model;
  expect(createModel(old as ModelJson).vocabulary.ids).toEqual(createModel(model).vocabulary.ids);
  expect(createModel({ vocab: { a: 0 }, max_input_chars_per_word: 100 }).vocabulary.size).toBe(1);
  expect(createModel({ vocab: [["a", 0]], unk_id: 0 }).vocabulary.size).toBe(1);
  expect(createModel({ vocab: { a: 0 }, unk_token: "a" }).vocabulary.size).toBe(1);
});
