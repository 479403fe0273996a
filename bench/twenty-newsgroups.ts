/**
 * 20 Newsgroups by date from its archive, with headers, quotes and footers removed as scikit-learn's
 * `fetch_20newsgroups(remove=("headers", "footers", "quotes"))` does, because they give the group away.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { LabelledText } from "../src/evaluation/index.ts";
import { need, sharedData } from "./harness.ts";

const quote = /(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)/;

export function readTwentyNewsgroups(): { train: LabelledText[]; test: LabelledText[] } {
  const path = join(sharedData, "classification/20newsgroups/20news-bydate.tar.gz");
  need(path, "20 Newsgroups");
  const parts = { train: [] as LabelledText[], test: [] as LabelledText[] };
  const latin = new TextDecoder("latin1");
  for (const { name, bytes } of tarFiles(gunzipSync(readFileSync(path)))) {
    const match = /20news-bydate-(train|test)\/([^/]+)\/\d+$/.exec(name);
    if (match) parts[match[1] as "train" | "test"].push({ label: match[2], text: body(latin.decode(bytes)) });
  }
  return parts;
}

function* tarFiles(archive: Uint8Array): Generator<{ name: string; bytes: Uint8Array }> {
  const field = (from: number, length: number): string =>
    Buffer.from(archive.subarray(from, from + length))
      .toString("latin1")
      .replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    yield { name: field(at, 100), bytes: archive.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

function body(post: string): string {
  const blank = post.indexOf("\n\n");
  const lines = (blank === -1 ? "" : post.slice(blank + 2)).split("\n").filter((line) => !quote.test(line));
  const text = lines.join("\n").trim().split("\n");
  // The footer is what follows the last line that is blank or dashes, unless that is the first line.
  const rule = text.findLastIndex((line) => line.trim().replace(/^-+|-+$/g, "") === "");
  return rule > 0 ? text.slice(0, rule).join("\n") : text.join("\n");
}
