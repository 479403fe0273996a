import { describe, expect, test } from "vitest";
import golden from "../../test/golden/tokenizer_files.json" with { type: "json" };
import { SemspaceError } from "../errors.ts";
import { readSentencePiece } from "../formats/sentencepiece.ts";
import { CharsMap } from "./precompiled.ts";

const toBase64 = (bytes: Iterable<number>) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** The map that SentencePiece compiled from the rules in test/golden/tokenizer_files.py. */
const trained = (() => {
  const { files } = golden.cases.find(({ name }) => name === "XLM-R")!;
  return readSentencePiece(fromBase64(files["sentencepiece.bpe.model"]!)).charsMap;
})();
const map = new CharsMap(toBase64(trained));

test.each([
  ["ﬁ", "fi"],
  ["½", "1/2"],
  ["①", "1"],
  ["™", "TM"],
  ["Ａ", "A"],
  ["É", "é"],
  ["\u00a0", " "],
  ["\t", " "],
  ["\u200b", ""],
  ["e\u0301", "é"],
])("%j is replaced as its rule says", (chunk, replacement) => {
  expect(map.transform(chunk)).toBe(replacement);
});

test.each(["a", "e", "\u0301", "日", "🙂", "Â", "\ud83d", ""])("%j stays, having no rule", (chunk) => {
  expect(map.transform(chunk)).toBeUndefined();
});

test("a chunk is replaced whole by what its shortest known prefix says, as in Rust", () => {
  expect(map.transform("ﬁ\u0301")).toBe("fi");
  expect(map.transform("\u0000ﬁ")).toBeUndefined();
});

describe("a malformed map is refused", () => {
  const u32 = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];
  test.each<[string, unknown, string]>([
    ["no text", null, "must be a base64 text, got null"],
    ["not base64", "*", "is not base64"],
    ["too short", toBase64([1, 2]), "has 2 bytes, at least 4 are needed"],
    ["a trie longer than the file", toBase64(u32(400, 1, 2)), "says that its trie has 400 bytes, but holds 8"],
    ["no trie", toBase64(u32(0)), "says that its trie has 0 bytes"],
    ["replacements that are not UTF-8", toBase64([...u32(4, 0), 0xff, 0xfe]), "has replacements that are not UTF-8"],
    ["cut off within the trie", toBase64(trained.subarray(0, 100)), "says that its trie has"],
  ])("%s", (_, base64, message) => {
    expect(() => new CharsMap(base64)).toThrow(SemspaceError);
    expect(() => new CharsMap(base64)).toThrow(message);
  });

  test("a trie that points outside of itself or of its replacements", () => {
    const outside = new CharsMap(toBase64(u32(4, 0x3ff << 10)));
    expect(() => outside.transform("a")).toThrow("of its trie, which has 1");
    // Unit 97 is "a", has a leaf at offset 1, whose value lies behind the two bytes of replacements.
    const units = Array.from({ length: 128 }, () => 0);
    units[97] = 97 | (1 << 8) | (1 << 10);
    units[96] = 0x80000000 | 999;
    const lying = new CharsMap(toBase64([...u32(units.length * 4, ...units), 97, 0]));
    expect(() => lying.transform("a")).toThrow("points to byte 999 of its replacements, which have 2");
  });
});
