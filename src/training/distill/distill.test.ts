import { expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { distilledTokenizer, type CleaningOptions, type TokenizerFile } from "./distilled-tokenizer.ts";
import { int8Rows } from "./int8-rows.ts";
import { zipfWeights } from "./zipf-weights.ts";

const special = (content: string, id: number) => ({
  ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
});
const words = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "new york"];
const wordPiece: TokenizerFile = {
  added_tokens: [
    special("[PAD]", 0),
    special("[UNK]", 2),
    special("[CLS]", 3),
    special("[SEP]", 4),
    special("[MASK]", 5),
  ],
  truncation: { max_length: 7 },
  padding: { strategy: { Fixed: 128 } },
  post_processor: { type: "TemplateProcessing" },
  model: { type: "WordPiece", unk_token: "[UNK]", vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
};
const options: CleaningOptions = {
  ...{
    remove: /\[unused\d+\]/,
    words: [],
    unknown: "[UNK]",
    padding: "[PAD]",
    around: new Set(["[CLS]", "[SEP]"]),
    maxLength: 512,
  },
};

test("special tokens, removed tokens, padding and post-processor go; ids close up; padding and unknown stay", () => {
  const { file, tokens } = distilledTokenizer(wordPiece, options);
  expect(tokens).toEqual(["[PAD]", "[UNK]", "the", "cat", "##s", "new york"]);
  expect(file.model.vocab).toEqual({ "[PAD]": 0, "[UNK]": 1, the: 2, cat: 3, "##s": 4, "new york": 5 });
  expect(file.added_tokens).toEqual([special("[PAD]", 0), special("[UNK]", 1)]);
  expect(file).toMatchObject({
    post_processor: null,
    padding: null,
    truncation: { max_length: 512, direction: "Right" },
  });
  expect(distilledTokenizer(wordPiece, { ...options, maxLength: null }).file.truncation).toBeNull();
});

test("a word of one piece becomes a token once, a word of several an added token in place of a token of that name", () => {
  const added = [
    { pieces: ["cat"], normalized: "cat" },
    { pieces: ["dog"], normalized: "dog" },
    { pieces: ["dog"], normalized: "dog" },
    { pieces: [], normalized: "" },
    { pieces: ["[unused7]"], normalized: "[unused7]" },
    { pieces: ["new", "york"], normalized: "new york" },
    { pieces: ["new", "york"], normalized: "new york" },
  ];
  const { file, tokens } = distilledTokenizer(wordPiece, { ...options, words: added });
  expect(tokens).toEqual(["[PAD]", "[UNK]", "the", "cat", "##s", "dog", "new york"]);
  const flags = { single_word: false, lstrip: true, rstrip: true, normalized: true, special: false };
  expect(file.added_tokens!.at(-1)).toEqual({ id: 6, content: "new york", ...flags });
});

test("a Unigram model's unknown id follows its token, and added words get the lowest score", () => {
  const teacher: TokenizerFile = {
    added_tokens: [special("<s>", 0), special("<pad>", 1), special("</s>", 2), special("<unk>", 3)],
    model: {
      type: "Unigram",
      unk_id: 3,
      vocab: [
        ["<s>", 0],
        ["<pad>", 0],
        ["</s>", 0],
        ["<unk>", 0],
        ["▁a", -2],
        ["b", -7],
      ],
    },
  };
  const { file } = distilledTokenizer(teacher, {
    ...options,
    ...{ unknown: "<unk>", padding: "<pad>", words: [{ pieces: ["▁new"], normalized: "▁new" }] },
  });
  expect(file.model).toMatchObject({
    unk_id: 1,
    vocab: [
      ["<pad>", 0],
      ["<unk>", 0],
      ["▁a", -2],
      ["b", -7],
      ["▁new", -7],
    ],
  });
});

test("BPE merges of removed tokens go, and words cannot be added to BPE", () => {
  const teacher: TokenizerFile = {
    model: { type: "BPE", unk_token: null, vocab: { a: 0, b: 1, ab: 2, abb: 3 }, merges: [["a", "b"], "ab b"] },
  };
  const cleaning = { ...options, remove: /abb/, unknown: undefined, padding: undefined };
  expect(distilledTokenizer(teacher, cleaning).file.model.merges).toEqual([["a", "b"]]);
  const withWord = { ...cleaning, words: [{ pieces: ["ba"], normalized: "ba" }] };
  expect(() => distilledTokenizer(teacher, withWord)).toThrow("Words cannot be added to a BPE tokenizer");
});

test("a pattern that leaves no token is refused", () => {
  const teacher: TokenizerFile = { model: { type: "Unigram", unk_id: null, vocab: [["a", 0]] } };
  expect(() => distilledTokenizer(teacher, { ...options, unknown: undefined, remove: /./ })).toThrow(
    "No token is left.",
  );
});

test("Zipf weights are those of model2vec", () => {
  // compute_weights(4, 1e-4) of model2vec 0.10
  const wanted = [0.00025660081, 0.00038485183, 0.00051306996, 0.00064125519];
  for (const [i, weight] of zipfWeights(4, 1e-4).entries()) expect(weight).toBeCloseTo(wanted[i], 9);
  expect([...zipfWeights(2, null)]).toEqual([1, 1]);
  expect(() => zipfWeights(2, 1)).toThrow("sifCoefficient must lie between 0 and 1, got 1.");
});

test("int8 rows use their whole range and come back within half a step; a zero row stays zero", () => {
  const matrix = Matrix.fromRows([
    [1, -2, 0.5],
    [0, 0, 0],
    [1e-3, 2e-3, -3e-3],
  ]);
  const { rows, scales } = int8Rows(matrix);
  expect([...rows.subarray(0, 6)]).toEqual([64, -127, 32, 0, 0, 0]);
  for (const [i, value] of matrix.data.entries()) {
    const scale = scales[Math.floor(i / 3)];
    expect(Math.abs(rows[i] * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-9);
  }
});
