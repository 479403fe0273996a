/** Whole encodings against the Rust library: post-processors, pairs, truncation with overflow, padding; and tokenizers trained for the fixture. */
import { expect, test } from "vitest";
import { toUnits } from "../../test/code-points.ts";
import fixture from "../../test/golden/tokenizers/encodings.json" with { type: "json" };
import llama2 from "../../test/golden/tokenizers/llama2-style.json" with { type: "json" };
import llama3 from "../../test/golden/tokenizers/llama3-style.json" with { type: "json" };
import t5 from "../../test/golden/tokenizers/t5-style.json" with { type: "json" };
import type { Encoding } from "./encoding.ts";
import { Tokenizer } from "./tokenizer.ts";
import type { TruncationOptions } from "./truncation.ts";

interface Expected {
  ids: number[];
  sequenceIds: (number | null)[];
  offsets: number[];
  overflowing: Expected[];
}

interface Run {
  pair: string | null;
  special: boolean;
  truncation?: TruncationOptions;
  padding?: {
    length?: number;
    pad_to_multiple_of?: number;
    direction?: string;
    pad_id?: number;
    pad_type_id?: number;
    pad_token?: string;
  };
  result: Expected | string;
}

test.each(
  fixture.cases.map(({ json, runs }) => [json.post_processor?.type ?? "no post-processor", json, runs] as const),
)("%s: pairs, truncation and padding as in the Rust library", (_, json, runs) => {
  const tokenizer = new Tokenizer(json);
  for (const { pair, special, truncation, padding, result } of runs as Run[]) {
    const options = {
      addSpecialTokens: special,
      truncation,
      padding: padding && readPadding(padding),
      ...(pair === null ? {} : { pair }),
    };
    const encode = () => whole(tokenizer.encode(fixture.first, options));
    if (typeof result === "string") expect(encode, result).toThrow();
    // Without a post-processor the reference counts both texts of a pair as the first.
    else expect(encode()).toEqual(json.post_processor ? result : withSequenceIds(result, encode()));
  }
});

test("a batch is padded to its longest text, each pair and cut-off piece included", () => {
  const tokenizer = new Tokenizer(fixture.cases[1].json);
  const texts = fixture.batch.texts as (string | [string, string])[];
  const encodings = tokenizer.encodeBatch(texts, {
    padding: { side: "left" },
    truncation: { maxLength: 7, stride: 1 },
  });
  expect(encodings.map(whole)).toEqual(fixture.batch.results);
});

test.each([
  ["T5", t5],
  ["Llama 3", llama3],
  ["Llama 2", llama2],
] as const)(
  "a tokenizer like that of %s gives the ids, offsets and text of the Rust library",
  (_, { json, texts, results }) => {
    const tokenizer = new Tokenizer(json);
    const fast = tokenizer.encodeIds(texts);
    for (const [i, text] of texts.entries()) {
      const [ids, offsets, decoded] = results[i] as [number[], number[], string];
      const encoding = tokenizer.encode(text);
      expect(encoding.ids, JSON.stringify(text)).toEqual(ids);
      expect(encoding.offsets.flat(), JSON.stringify(text)).toEqual(toUnits(text, offsets));
      expect([...fast.ids.subarray(fast.starts[i], fast.starts[i + 1])], JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  },
);

test("half of a surrogate pair counts as U+FFFD and keeps its place", () => {
  const tokenizer = new Tokenizer(llama3.json);
  const { ids, offsets } = tokenizer.encode("a\ud83d b");
  expect(ids).toEqual(tokenizer.encode("a\ufffd b").ids);
  expect(offsets.at(-1)).toEqual([2, 4]);
});

test("offsets cut the user's string, also after characters of two units", () => {
  const tokenizer = new Tokenizer(fixture.cases[1].json);
  const text = "😀 the Quick dog";
  const { offsets, tokens } = tokenizer.encode(text, { addSpecialTokens: false });
  expect(offsets.map(([start, end]) => text.slice(start, end))).toEqual(["😀", "the", "Quick", "dog"]);
  expect(tokens).toEqual(["[UNK]", "the", "quick", "dog"]);
});

test("truncation that cannot be done says why", () => {
  const tokenizer = new Tokenizer(fixture.cases[1].json);
  const encode = (truncation: TruncationOptions) => () => tokenizer.encode("the quick dog", { truncation });
  expect(encode({ maxLength: 1 })).toThrow("maxLength 1 has no room for the 2 special tokens. Use at least 2.");
  expect(encode({ maxLength: 4, strategy: "only_second" })).toThrow('Truncation "only_second" needs a second text.');
  expect(encode({ maxLength: 4, stride: 2 })).toThrow("stride 2 must be below the 2 tokens that a text keeps.");
  expect(encode({ maxLength: 4, strategy: "shortest" as "only_first" })).toThrow(
    'Unknown truncation strategy "shortest". Use one of: longest_first, only_first, only_second.',
  );
});

test("what is not a string is refused", () => {
  const tokenizer = new Tokenizer(fixture.cases[1].json);
  expect(() => tokenizer.encode(3 as unknown as string)).toThrow("Can only encode strings, got number.");
  expect(() => tokenizer.encodeIds([null as unknown as string])).toThrow("Can only encode strings");
});

function whole(encoding: Encoding): Expected {
  const { ids, typeIds, tokens, wordIds, specialTokensMask, attentionMask, sequenceIds } = encoding;
  const lists = {
    ids,
    typeIds,
    tokens,
    offsets: encoding.offsets.flat(),
    wordIds,
    specialTokensMask,
    attentionMask,
    sequenceIds,
  };
  return { ...lists, overflowing: encoding.overflowing.map(whole) };
}

function withSequenceIds(expected: Expected, { sequenceIds, overflowing }: Expected): Expected {
  return {
    ...expected,
    sequenceIds,
    overflowing: expected.overflowing.map((cut, i) => withSequenceIds(cut, overflowing[i])),
  };
}

function readPadding({
  length,
  pad_to_multiple_of: multipleOf,
  direction,
  pad_id: id,
  pad_type_id: typeId,
  pad_token: token,
}: NonNullable<Run["padding"]>) {
  const given = { length, multipleOf, side: direction, id, typeId, token };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
