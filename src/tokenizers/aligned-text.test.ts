import { expect, test } from "vitest";
import { AlignedText } from "./aligned-text.ts";

const places = (text: AlignedText): [number, number][] =>
  Array.from(text.text, (_, i) => [text.startOf(i), text.endOf(i)]);

test("an unchanged text is aligned to itself, a character of two units as one", () => {
  const text = new AlignedText("a😀b");
  expect([0, 1, 2, 3].map((i) => [text.startOf(i), text.endOf(i)])).toEqual([
    [0, 1],
    [1, 3],
    [1, 3],
    [3, 4],
  ]);
});

test("what a character becomes is aligned to that character, through slices", () => {
  const text = new AlignedText("aßc").mapCharacters((_, character) => (character === "ß" ? "ss" : character));
  expect(text.text).toBe("assc");
  expect(places(text)).toEqual([
    [0, 1],
    [1, 2],
    [1, 2],
    [2, 3],
  ]);
  expect(places(text.slice(2, 4))).toEqual([
    [1, 2],
    [2, 3],
  ]);
  expect(text.slice(2, 4).origin).toBe(1);
});

test("a change of characters one to one keeps the text without arrays", () => {
  const text = new AlignedText("a b").mapCharacters((_, character) => (character === " " ? "_" : character));
  expect(text.text).toBe("a_b");
  expect(text.slice(1, 2).startOf(0)).toBe(1);
});

test("dropped characters leave a gap in the alignment", () => {
  const text = new AlignedText("a\u0301b").mapCharacters((point, character) => (point === 0x301 ? "" : character));
  expect(places(text)).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test("the whole as a slice begins where its first character came from", () => {
  const text = new AlignedText("\u0301b").mapCharacters((point, character) => (point === 0x301 ? "" : character));
  expect(text.origin).toBe(0);
  expect(text.slice(0, 1).origin).toBe(1);
});

test("a prefix is aligned to the first character, and an empty text gets none", () => {
  expect(places(new AlignedText("ab").prepend("▁"))).toEqual([
    [0, 1],
    [0, 1],
    [1, 2],
  ]);
  expect(new AlignedText("").prepend("▁").text).toBe("");
});

test("a replacement is aligned to the last character that it replaces", () => {
  const stretches = [
    { start: 0, end: 1, matched: false },
    { start: 1, end: 3, matched: true },
    { start: 3, end: 4, matched: false },
  ];
  const text = new AlignedText("abcd").replace(stretches, "XY");
  expect(text.text).toBe("aXYd");
  expect(places(text)).toEqual([
    [0, 1],
    [2, 3],
    [2, 3],
    [3, 4],
  ]);
});

test("in a transformation new characters belong to the one before, and a negative change drops what follows", () => {
  const text = new AlignedText("abcd").transform(["A", "B", "C"], [0, 1, -1]);
  expect(text.text).toBe("ABC");
  expect(places(text)).toEqual([
    [0, 1],
    [0, 1],
    [1, 2],
  ]);
});
