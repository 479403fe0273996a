/** Texts for the encoder benches: STS sentences, long abstracts, and texts that break things. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCranfield } from "./cranfield.ts";
import { need, sharedData } from "./harness.ts";

/** The 3,000 sentences of STS-B's dev set. */
export function sentences(): string[] {
  const path = join(sharedData, "sts/sts-dev.csv");
  need(path, "STS-B");
  const rows = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return rows.flatMap((row) => row.slice(5, 7)).slice(0, 3000);
}

/** 400 abstracts of the Cranfield collection, 170 words on average. */
export function abstracts(): string[] {
  return readCranfield()
    .documents.slice(0, 400)
    .map(({ text }) => text);
}

/** Short and long texts in turns: `short` sentences, `long` abstracts. */
export function mixture(short: number, long: number): string[] {
  const step = Math.floor(short / long);
  const few = sentences();
  const turns = abstracts()
    .slice(0, long)
    .map((text, i) => few.slice(i * step, (i + 1) * step).concat(text));
  return turns.flat();
}

/** Nothing, spaces, marks, emoji and their joiners, right-to-left, special tokens, control characters, and 100,000 characters in two ways. */
export function nastyTexts(): string[] {
  const short = [
    "",
    " ",
    "\n\t ",
    "a",
    "😀",
    "👩‍👩‍👧‍👦 👍🏽 🇩🇪",
    "\u200d\u200d\u200b",
    "שלום עולם",
    "مرحبا بالعالم \u202Eabc\u202C",
    "日本語のテキスト",
  ];
  const marks = [
    "e\u0301 é ﬁ ½ Ⅷ",
    "[CLS] [SEP] [MASK] [PAD]",
    "\u0000\u0001\ufffd control",
    "İstanbul ΟΔΟΣ ẞ",
    "!!!???...",
    "a\u00a0b\u3000c",
  ];
  const long = [
    "x".repeat(300),
    "word ".repeat(400),
    "x".repeat(100_000),
    "The quick brown fox. ".repeat(5000).slice(0, 100_000),
  ];
  return [...short, ...marks, ...long];
}
