/** Added tokens against the Rust library: whole words, spaces taken along, normalised and not, special and not. */
import { expect, test } from "vitest";
import { toUnits } from "../../test/code-points.ts";
import fixture from "../../test/golden/tokenizers/added-tokens.json" with { type: "json" };
import { Tokenizer } from "./tokenizer.ts";

const tokenizer = new Tokenizer(fixture.json);

test("added tokens are found where the Rust library finds them", () => {
  for (const [text, ids, tokens, offsets, words] of fixture.results as [
    string,
    number[],
    string[],
    number[],
    number[],
  ][]) {
    const encoding = tokenizer.encode(text);
    expect(encoding.tokens, JSON.stringify(text)).toEqual(tokens);
    expect(encoding.ids, JSON.stringify(text)).toEqual(ids);
    expect(encoding.offsets.flat(), JSON.stringify(text)).toEqual(toUnits(text, offsets));
    expect(encoding.wordIds, JSON.stringify(text)).toEqual(words);
  }
});

test("the vocabulary holds the model's tokens and the added ones", () => {
  const vocabulary = [...tokenizer.vocabulary()].toSorted((a, b) => a[1] - b[1]);
  expect(vocabulary).toEqual(fixture.vocabulary);
  expect(tokenizer.vocabularySize).toBe(vocabulary.length);
  for (const [token, id] of vocabulary) {
    expect(tokenizer.tokenToId(token)).toBe(id);
    expect(tokenizer.idToToken(id)).toBe(token);
  }
  expect(tokenizer.tokenToId("nowhere")).toBeUndefined();
  expect(tokenizer.idToToken(999)).toBeUndefined();
});

test("decoding leaves special tokens out unless told otherwise, and skips ids of no token", () => {
  for (const [skip, text] of fixture.decoded as [boolean, string][]) {
    expect(tokenizer.decode([0, 4, 15, 16, 21, 27, 28, 99], { skipSpecialTokens: skip })).toBe(text);
  }
});
