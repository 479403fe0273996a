import { describe, expect, test } from "vitest";
import golden from "../../../test/golden/tokenizer_models.json" with { type: "json" };
import { nastyTexts } from "../../../test/nasty-texts.ts";
import { byteAlphabet } from "../byte-characters.ts";
import { TextPipeline } from "../text-pipeline.ts";
import { readTokenizerJson, type TokenizerJson } from "../tokenizer-json.ts";
import { FastIds } from "./fast-ids.ts";

const model = (name: string): TokenizerJson["model"] => golden.cases.find((found) => found.name === name)!.model;
const added = (id: number, content: string, more: object = {}) => ({
  id,
  content,
  special: true,
  normalized: false,
  lstrip: false,
  rstrip: false,
  single_word: false,
  ...more,
});
const bertTokens = [
  added(500, "[CLS]"),
  added(501, "[MASK]", { lstrip: true }),
  added(502, "<UNK>", { normalized: true }),
  added(503, "the low", { normalized: true, special: false }),
];
const spTokens = [
  added(600, "<s>"),
  added(601, "<mask>", { lstrip: true }),
  added(602, "<pad>", { normalized: true, single_word: true }),
];
const byteTokens = [
  added(700, "<|endoftext|>", { normalized: true }),
  added(701, "<|startoftext|>", { normalized: true }),
];

/** Every byte, and a few merges that reach over spaces, apostrophes and digits. */
function byteLevelModel(more: object = {}): TokenizerJson["model"] {
  const vocab: Record<string, number> = {};
  for (const character of byteAlphabet()) vocab[character] = Object.keys(vocab).length;
  for (const character of byteAlphabet()) vocab[`${character}</w>`] = Object.keys(vocab).length;
  const merges = [
    "t h",
    "th e",
    "Ġ the",
    "i n",
    "in g",
    "' s",
    "Ġ l",
    "Ġl o",
    "e s",
    "es t",
    "Ċ Ċ",
    "Ġ Ġ",
    "1 s",
    "Ã ©",
    ". .",
    "Ġ '",
  ];
  for (const merge of merges) vocab[merge.replace(" ", "")] ??= Object.keys(vocab).length;
  return { type: "BPE", vocab, merges, dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false, ...more };
}

const split = (regex: string, behavior: string, invert: boolean, useRegex: boolean) => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: regex }, behavior, invert },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: useRegex },
  ],
});
const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const clip = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
const clipNormalizer = {
  type: "Sequence",
  normalizers: [
    { type: "NFC" },
    { type: "Replace", pattern: { Regex: String.raw`\s+` }, content: " " },
    { type: "Lowercase" },
  ],
};
const spaces = { type: "Replace", pattern: { Regex: " {2,}" }, content: "▁" };
const metaspace = (more: object = {}) => ({
  type: "Metaspace",
  replacement: "▁",
  prepend_scheme: "always",
  split: true,
  ...more,
});
const llama = {
  type: "Sequence",
  normalizers: [
    { type: "Prepend", prepend: "▁" },
    { type: "Replace", pattern: { String: " " }, content: "▁" },
  ],
};

/** BPE over words with "▁", with its entry, without an entry that reaches over a word's start. */
const spBpe = (): TokenizerJson["model"] => {
  const base = model("BPE with byte fallback");
  const vocab = { ...(base["vocab"] as Record<string, number>), "▁": 5000, "▁t": 5001, "▁the": 5002, "▁▁": 5003 };
  return {
    ...base,
    vocab,
    merges: [...(base["merges"] as unknown[]), ["▁", "t"], ["▁t", "he"], ["▁", "▁"]].filter(
      (pair) => String(pair) !== "▁t,he" || "he" in vocab,
    ),
  };
};

const pipelines: Record<string, Partial<TokenizerJson> & Pick<TokenizerJson, "model">> = {
  "BERT, lowercase": {
    model: model("WordPiece"),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    added_tokens: bertTokens,
  },
  "BERT, case and accents kept": {
    model: model("WordPiece"),
    normalizer: { type: "BertNormalizer", lowercase: false, clean_text: false, handle_chinese_chars: false },
    pre_tokenizer: { type: "BertPreTokenizer" },
    added_tokens: bertTokens,
  },
  "BERT without a normalizer": { model: model("WordPiece"), pre_tokenizer: { type: "BertPreTokenizer" } },
  "GPT-2": {
    model: byteLevelModel(),
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
    added_tokens: byteTokens,
  },
  RoBERTa: {
    model: byteLevelModel(),
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true },
    added_tokens: byteTokens,
  },
  "Llama 3": {
    model: byteLevelModel({ ignore_merges: true }),
    pre_tokenizer: split(llama3, "Isolated", false, false),
    added_tokens: byteTokens,
  },
  "Qwen 2": {
    model: byteLevelModel(),
    normalizer: { type: "NFC" },
    pre_tokenizer: split(llama3.replace("{1,3}", ""), "Isolated", false, false),
    added_tokens: byteTokens,
  },
  CLIP: {
    model: byteLevelModel({ end_of_word_suffix: "</w>", unk_token: "!" }),
    normalizer: clipNormalizer,
    pre_tokenizer: split(clip, "Removed", true, true),
    added_tokens: byteTokens,
  },
  "CLIP as transformers 5 makes it": {
    model: byteLevelModel({ end_of_word_suffix: "</w>", unk_token: "!" }),
    normalizer: clipNormalizer,
    pre_tokenizer: split(String.raw`<\|startoftext\|>|<\|endoftext\|>|${clip}`, "Removed", true, true),
  },
  "Unigram after WhitespaceSplit": {
    model: model("Unigram with byte fallback"),
    pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace()] },
    added_tokens: spTokens,
  },
  "Unigram, NFKC, lowercase": {
    model: model("Unigram"),
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFKC" },
        { type: "Lowercase" },
        { type: "Strip", strip_left: false, strip_right: true },
        spaces,
      ],
    },
    pre_tokenizer: metaspace(),
    added_tokens: spTokens,
  },
  "Unigram, quotes replaced": {
    model: model("Unigram"),
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Replace", pattern: { String: "``" }, content: '"' },
        { type: "NFKD" },
        { type: "StripAccents" },
      ],
    },
    pre_tokenizer: metaspace({ prepend_scheme: "first" }),
    added_tokens: spTokens,
  },
  "Unigram, no space before the text": {
    model: model("Unigram"),
    pre_tokenizer: metaspace({ prepend_scheme: "never" }),
  },
  "DeBERTa v3": {
    model: model("Unigram"),
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Replace", pattern: { Regex: String.raw`\s{2,}|[\n\r\t]` }, content: " " },
        { type: "NFC" },
        { type: "Strip", strip_left: false, strip_right: true },
      ],
    },
    pre_tokenizer: { type: "Sequence", pretokenizers: [metaspace()] },
    added_tokens: spTokens,
  },
  Gemma: {
    model: spBpe(),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
    pre_tokenizer: { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false },
    added_tokens: spTokens,
  },
  "Llama 2": { model: spBpe(), normalizer: llama, added_tokens: spTokens },
  "Llama 2, newer": {
    model: spBpe(),
    pre_tokenizer: metaspace({ prepend_scheme: "first", split: false }),
    added_tokens: spTokens,
  },
};

const exactOf = (json: Partial<TokenizerJson>) => new TextPipeline(readTokenizerJson(json));
const listOf = ({ ids, starts }: { ids: Int32Array; starts: Int32Array }) =>
  Array.from(starts.subarray(1), (end, i) => [...ids.subarray(starts[i], end)]);

describe("the fast ids are the exact pipeline's", () => {
  test.each(Object.entries(pipelines))("%s, on 1,500 nasty texts, and again from the table", (_, json) => {
    const exact = exactOf(json);
    const fast = new FastIds(exact);
    expect(fast.recognized).toBe(true);
    const texts = nastyTexts(1500, { seed: 11 });
    for (const list of [listOf(fast.encode(texts)), listOf(fast.encode(texts))]) {
      texts.forEach((text, i) => expect({ text, ids: list[i] }).toEqual({ text, ids: exact.ids(text) }));
    }
  });

  test("also for a pipeline that is not cut, and for one that may not be", () => {
    const whole = {
      ...pipelines["Llama 2"],
      model: { ...spBpe(), vocab: { ...(spBpe()["vocab"] as object), "e▁t": 9000 } },
    };
    for (const json of [whole, { model: model("BPE"), pre_tokenizer: { type: "Whitespace" } }]) {
      const exact = exactOf(json);
      const fast = new FastIds(exact);
      expect(fast.recognized).toBe(false);
      const texts = nastyTexts(200, { seed: 5 });
      expect(listOf(fast.encode(texts))).toEqual(texts.map((text) => exact.ids(text)));
    }
  });

  test("when the table overflows with distinct words", () => {
    const exact = exactOf(pipelines["BERT, lowercase"]);
    const fast = new FastIds(exact, { rememberedChunks: 100 });
    const texts = Array.from({ length: 50 }, (_, i) =>
      Array.from({ length: 40 }, (__, k) => `w${i % 7}x${k * (i + 1)}`).join(" "),
    );
    expect(listOf(fast.encode(texts))).toEqual(texts.map((text) => exact.ids(text)));
  });

  test("when words are longer than the table keeps", () => {
    const texts = ["a".repeat(500), "the".repeat(100), "日".repeat(300), `${"low ".repeat(50)}${"é".repeat(200)}`];
    for (const json of Object.values(pipelines)) {
      const exact = exactOf(json);
      expect(listOf(new FastIds(exact).encode(texts))).toEqual(texts.map((text) => exact.ids(text)));
    }
  });
});

describe("special tokens and length", () => {
  const fast = new FastIds(exactOf(pipelines["BERT, lowercase"]));
  const exact = exactOf(pipelines["BERT, lowercase"]);

  test("a text keeps its special tokens when it is cut, at either side", () => {
    const texts = [...nastyTexts(300, { seed: 3 }), "", "the low lowest", "[MASK] the <unk> low"];
    for (const maxLength of [2, 3, 5, 8, 1000]) {
      for (const side of ["left", "right"] as const) {
        const lists = listOf(fast.encode(texts, { before: [101], after: [102], maxLength, side }));
        texts.forEach((text, i) => {
          const ids = exact.ids(text);
          const kept =
            ids.length <= maxLength - 2
              ? ids
              : side === "right"
                ? ids.slice(0, maxLength - 2)
                : ids.slice(ids.length - maxLength + 2);
          expect({ text, maxLength, ids: lists[i] }).toEqual({ text, maxLength, ids: [101, ...kept, 102] });
        });
      }
    }
  });

  test("a length below the special tokens, or none at all, is refused, as is what is no text", () => {
    expect(() => fast.encode(["a"], { before: [1], after: [2], maxLength: 1 })).toThrow(
      "maxLength 1 has no room for the 2 special tokens. Use at least 2.",
    );
    expect(() => fast.encode(["a"], { maxLength: 1.5 })).toThrow("maxLength must be a whole number");
    expect(() => fast.encode([undefined as unknown as string])).toThrow("Can only encode strings, got undefined");
  });

  test("no texts give no ids", () => {
    expect(fast.encode([])).toEqual({ ids: new Int32Array(0), starts: new Int32Array(1) });
  });
});
