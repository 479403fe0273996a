import { expect, test } from "vitest";
import { singular } from "./plural.ts";
import { termReader } from "./terms.ts";

const read = termReader();

test("words are lower case, without diacritics, in the text's order and with repetitions", () => {
  expect(read("Big Café, big CAFE\u0301 in München!")).toEqual(["big", "cafe", "big", "cafe", "munchen"]);
  expect(read("Привет, МИР 42")).toEqual(["привет", "мир", "42"]);
  expect(read("ﬁne １２")).toEqual(["fine", "12"]);
});

test("identifiers give their whole and their parts, so that camelCase, snake_case and prose meet", () => {
  expect(read("maxLength")).toEqual(["maxlength", "max", "length"]);
  expect(read("max_length")).toEqual(["maxlength", "max", "length"]);
  expect(read("MAX_LENGTH")).toEqual(["maxlength", "max", "length"]);
  expect(read("parseHTTPHeader2")).toEqual(["parsehttpheader2", "parse", "http", "header2"]);
  expect(read("__init__ ___")).toEqual(["init"]);
  expect(read("utf8 SHA256 McDonald")).toEqual(["utf8", "sha256", "mcdonald", "mc", "donald"]);
});

test("a single letter beside an apostrophe is dropped, a single letter alone is kept", () => {
  expect(read("don't the dog's l’eau vitamin C")).toEqual(["don", "dog", "eau", "vitamin", "c"]);
});

test("scripts without spaces give pairs of characters, and Han characters alone", () => {
  expect(read("黒猫がいる")).toEqual(["黒", "猫", "黒猫", "猫が", "がい", "いる"]);
  expect(read("茶")).toEqual(["茶"]);
  expect(read("학교에서")).toEqual(["학교", "교에", "에서"]);
  expect(read("LLM大模型v2")).toEqual(["llm", "大", "模", "大模", "型", "模型", "v2"]);
  expect(read("𠀋𠀋")).toEqual(["𠀋", "𠀋", "𠀋𠀋"]);
});

test("stop words and plurals can be kept, and stop words given", () => {
  expect(read("the cats of Rome")).toEqual(["cat", "rome"]);
  expect(termReader({ stopWords: false, plurals: false })("the cats")).toEqual(["the", "cats"]);
  expect(termReader({ stopWords: ["cats"] })("the cats")).toEqual(["the"]);
});

test("empty texts, spaces, emoji and lone surrogates give no terms; runs that are no words are left out", () => {
  for (const text of ["", " \n\t", "👍🏽 👨‍👩‍👧", "\ud800", "___", "—…"]) expect(read(text)).toEqual([]);
  expect(read(`x ${"a1".repeat(60)} y`)).toEqual(["x", "y"]);
});

test.each([
  ["cats", "cat"],
  ["queries", "query"],
  ["classes", "class"],
  ["boxes", "box"],
  ["searches", "search"],
  ["hashes", "hash"],
  ["caches", "cache"],
  ["horses", "horse"],
  ["shoes", "shoes"],
  ["class", "class"],
  ["virus", "virus"],
  ["is", "is"],
  ["ids", "id"],
  ["s", "s"],
  ["ies", "ies"],
  ["v2s", "v2s"],
])("the singular of %s is %s", (word, expected) => {
  expect(singular(word)).toBe(expected);
});
