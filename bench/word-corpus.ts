/** The corpus of the word benches for every side: 17 M words of Wikipedia, cut into lines of 1,000 words. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { need, sharedData } from "./harness.ts";

const WORDS_A_LINE = 1000;

/** A text file of the first `words` words; written once. */
export function wikiCorpus(words: number = Infinity): string {
  const work = join(import.meta.dirname, "work");
  const path = join(work, Number.isFinite(words) ? `wiki-${words}.txt` : "wiki-17m.txt");
  if (existsSync(path)) return path;
  const packed = join(sharedData, "corpora/wiki-17m.txt.gz");
  need(packed, "the 17 M words of Wikipedia");
  const all = gunzipSync(readFileSync(packed)).toString("latin1").trim().split(/\s+/);
  const kept = all.slice(0, Math.min(words, all.length));
  const lines: string[] = [];
  for (let from = 0; from < kept.length; from += WORDS_A_LINE)
    lines.push(kept.slice(from, from + WORDS_A_LINE).join(" "));
  mkdirSync(work, { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
