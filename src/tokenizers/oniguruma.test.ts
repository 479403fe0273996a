/** Oniguruma patterns as JavaScript ones; what they match is held against the Rust library in pre-tokenizers.test.ts. */
import { expect, test } from "vitest";
import { oniguruma } from "./oniguruma.ts";

const matches = (pattern: string, text: string): string[] =>
  [...text.matchAll(oniguruma(pattern))].map(([found]) => found);

test("whitespace is Unicode's White_Space: U+0085 is, U+FEFF is not", () => {
  expect(matches(String.raw`\s`, "a\u0085\ufeff\u00a0b")).toEqual(["\u0085", "\u00a0"]);
  expect(matches(String.raw`[^\s]+`, "a\u0085\ufeffb")).toEqual(["a", "\ufeffb"]);
});

test("\\w and \\d know all scripts, and \\b stands at their words' edges", () => {
  expect(matches(String.raw`\w+`, "naïve мир_²")).toEqual(["naïve", "мир_²"]);
  expect(matches(String.raw`\d+`, "12 ٣٤")).toEqual(["12", "٣٤"]);
  expect(matches(String.raw`\bé\w*`, "éa né été")).toEqual(["éa", "été"]);
});

test("a dot stops at line feeds only, and ^ and $ hold at every line", () => {
  expect(matches(".", "a\r\u2028\n")).toEqual(["a", "\r", "\u2028"]);
  expect(matches("(?m:.)", "a\n")).toEqual(["a", "\n"]);
  expect(matches("^b$", "a\nb\nc")).toEqual(["b"]);
  expect(matches(String.raw`\Ab|c\z`, "b\nb\nc")).toEqual(["b", "c"]);
});

test("what possessive quantifiers and atomic groups took is not given back", () => {
  expect(matches("a++a", "aaa")).toEqual([]);
  expect(matches("a+a", "aaa")).toEqual(["aaa"]);
  expect(matches("(?>a|ab)c", "abc ac")).toEqual(["ac"]);
  expect(matches("x{2}+y", "xxxxy")).toEqual(["xxxxy"]);
});

test("ignoring case folds as Unicode does, letter by letter", () => {
  expect(matches("(?i:'s|k)", "'S 'ſ K \u212a")).toEqual(["'S", "'ſ", "K", "\u212a"]);
  expect(matches("a(?i)b|c", "aB aC C ab")).toEqual(["aB", "aC", "ab"]);
  expect(matches("(?i:[a-c]+)d", "aBCd D")).toEqual(["aBCd"]);
});

test("brackets nest, intersect and know POSIX names", () => {
  expect(matches("[[:alpha:]&&[^aeiou]]+", "queue bcd")).toEqual(["q", "bcd"]);
  expect(matches("[a[x-z]]+", "axbz")).toEqual(["ax", "z"]);
  expect(matches("[[:^digit:]]+", "a1b")).toEqual(["a", "b"]);
  expect(matches(String.raw`[\]\-^]+`, "a]-^")).toEqual(["]-^"]);
});

test("characters of a newer Unicode than the reference's are no letters", () => {
  expect(matches(String.raw`\p{L}`, "\u{323b0}a")).toEqual(["a"]);
});

test.each([
  [String.raw`(a)\1`, String.raw`\1`],
  [String.raw`\X`, String.raw`\X`],
  [String.raw`\G`, String.raw`\G`],
  ["(?x: a )", "(?x)"],
  ["(?~ab)", "(?~"],
])("the pattern %s is refused, and the message names %s", (pattern, construct) => {
  expect(() => oniguruma(pattern)).toThrow(`Cannot write ${construct} at position`);
});

test.each(["(a", "a)", "[a", "*a", "[[:what:]]", "a\\", String.raw`\p{Nonsense}`, String.raw`\p{constructor}`])(
  "the malformed pattern %s is refused",
  (pattern) => {
    expect(() => oniguruma(pattern)).toThrow(JSON.stringify(pattern));
  },
);

test("a character beyond Unicode, and a pattern nested or long without end, are refused", () => {
  expect(() => oniguruma(String.raw`\x{ffffffff}`)).toThrow("is beyond Unicode's characters");
  for (const pattern of ["(".repeat(1000) + ")".repeat(1000), "[".repeat(1000), "a".repeat(20_000)]) {
    expect(() => oniguruma(pattern)).toThrow("is too large");
  }
});
