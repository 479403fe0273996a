import { expect, test } from "vitest";
import { graphemes } from "./graphemes.ts";

const texts = [
  "",
  "plain text, 漢字",
  "e\u0301a\u0300\u0301b",
  "\r\n\n\r",
  "👨‍👩‍👧x👍🏽",
  "🇩🇪🇫🇷🇩",
  "한국\u1112\u1161\u11ab",
  "น้ำ नमस्ते क्षि",
  "\u0600\u0661a\u200db",
  "😀😀 \u0301",
  "a\ud800b",
];

test("the shortcut gives the clusters that Intl.Segmenter gives for the whole text", () => {
  const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
  for (const text of texts) {
    expect([...graphemes(text)], JSON.stringify(text)).toEqual(
      Array.from(segmenter.segment(text), ({ segment }) => segment),
    );
  }
});

test("long stretches are cut as short ones, in about linear time", () => {
  const long = [
    "\n".repeat(50_000),
    "각".normalize("NFD").repeat(20_000),
    `e${"\u0301".repeat(3000)}x`,
    "🇩🇪".repeat(5000),
  ];
  expect(long.map((text) => Array.from(graphemes(text)).length)).toEqual([50_000, 20_000, 2, 5000]);
});

test("a mark that is newer than Unicode 16 stands alone", () => {
  expect([...graphemes("e\u0301 e\u{1add}x")]).toEqual(["e\u0301", " ", "e", "\u{1add}", "x"]);
});
