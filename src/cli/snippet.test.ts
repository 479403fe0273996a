import { expect, test } from "vitest";
import { snippet } from "./snippet.ts";

const show = (text: string, query: string, lines = 2, columns = 40) =>
  snippet(text, query, { lines, columns, mark: (word) => `[${word}]` });

test("the lines with most of the query's words are shown, and the words marked", () => {
  expect(show("one\ntwo\nthe wing flutters\nat high speed\nfive", "Wing speed")).toEqual([
    "… the [wing] flutters",
    "at high [speed] …",
  ]);
});

test("plurals and parts of identifiers are marked as lexical search finds them", () => {
  expect(show("Engines call maxLength", "engine length", 3)).toEqual(["[Engines] call [maxLength]"]);
});

test("Chinese is marked where a term stands, not as a whole run", () => {
  expect(show("今天天气很好", "天气")).toEqual(["今天[天气]很好"]);
});

test("long lines are wrapped between words and blank lines left out", () => {
  expect(show("aaa bbb ccc ddd eee\n\nfff", "zzz", 5, 10)).toEqual(["aaa bbb", "ccc ddd", "eee", "fff"]);
  expect(show("x".repeat(25), "y", 5, 10)).toEqual(["x".repeat(10), "x".repeat(10), "x".repeat(5)]);
});

test("a query without words shows the start", () => {
  expect(show("a\nb\nc", "?!")).toEqual(["a", "b …"]);
});
