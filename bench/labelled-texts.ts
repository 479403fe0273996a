/** Texts with labels for the classifier benches, as files of fastText's lines: `__label__NAME text`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "./harness.ts";
import { readTwentyNewsgroups } from "./twenty-newsgroups.ts";

export const labelledSets = ["SST-2", "TREC", "20 Newsgroups"] as const;
export type LabelledSet = (typeof labelledSets)[number];

/** Paths of the two files; written once. */
export function labelledFiles(name: LabelledSet): { train: string; test: string } {
  const work = join(import.meta.dirname, "work");
  mkdirSync(work, { recursive: true });
  const [train, test] = (["train", "test"] as const).map((part) => {
    const path = join(work, `${name.replaceAll(" ", "-")}.${part}.txt`);
    if (!existsSync(path)) writeFileSync(path, `${linesOf(name, part).join("\n")}\n`);
    return path;
  });
  return { train, test };
}

function linesOf(name: LabelledSet, part: "train" | "test"): string[] {
  if (name === "20 Newsgroups") {
    const texts = readTwentyNewsgroups()[part];
    return shuffled(texts.map(({ label, text }) => `__label__${label} ${text.replace(/\s+/g, " ")}`));
  }
  const file = name === "SST-2" ? `stsa.binary.${part}` : `TREC.${part}.all`;
  const lines = readFileSync(join(sharedData, "classification", file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => `__label__${line}`);
}

/** The archive is sorted by group, which no training in the file's order can stand. */
function shuffled(lines: string[]): string[] {
  let state = 1;
  for (let i = lines.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [lines[i], lines[j]] = [lines[j], lines[i]];
  }
  return lines;
}
