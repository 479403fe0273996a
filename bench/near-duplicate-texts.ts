/** A million short texts, a fifth of them lightly edited copies: sentences of Wikipedia, edits by seed. */
import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { need, sharedData } from "./harness.ts";

const EDITED = 0.2;

/** A file with a text a line; written once. */
export async function nearDuplicateTexts(count: number): Promise<string> {
  const work = join(import.meta.dirname, "work");
  const path = join(work, `near-duplicates-${count}.txt`);
  if (existsSync(path)) return path;
  const originals = Math.round(count * (1 - EDITED));
  const sentences = await wikipediaSentences(originals);
  const random = randomNumbers(7);
  const texts = [...sentences];
  while (texts.length < count) texts.push(edited(sentences[Math.floor(random() * sentences.length)], random));
  for (let i = texts.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [texts[i], texts[j]] = [texts[j], texts[i]];
  }
  mkdirSync(work, { recursive: true });
  writeFileSync(path, `${texts.join("\n")}\n`);
  return path;
}

async function wikipediaSentences(count: number): Promise<string[]> {
  const packed = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
  need(packed, "a part of the English Wikipedia");
  const sentences: string[] = [];
  const lines = createInterface({ input: createReadStream(packed).pipe(createGunzip()) });
  for await (const line of lines) {
    for (const sentence of line.split(/(?<=[.!?]) (?=[A-Z"])/)) {
      if (sentence.length >= 20 && sentence.length <= 200) sentences.push(sentence);
      if (sentences.length === count) return sentences;
    }
  }
  throw new Error(`Only ${sentences.length} sentences, ${count} are needed.`);
}

/** One or two light edits: a word left out, doubled, put elsewhere or misspelt, other case, other marks, a copy as it is. */
function edited(text: string, random: () => number): string {
  const words = text.split(" ");
  for (let edits = 1 + Math.floor(random() * 2); edits > 0; edits -= 1) {
    const at = Math.floor(random() * words.length);
    const kind = Math.floor(random() * 7);
    if (kind === 0 && words.length > 4) words.splice(at, 1);
    else if (kind === 1) words.splice(at, 0, words[at]);
    else if (kind === 2) words[at] = words[at].toUpperCase();
    else if (kind === 3 && words[at].length > 3)
      words[at] = words[at].slice(0, 1) + words[at][2] + words[at][1] + words[at].slice(3);
    else if (kind === 4) words.push(words.splice(at, 1)[0]);
    else if (kind === 5) words[words.length - 1] = words[words.length - 1].replace(/[.!?]?$/, "!");
  }
  return words.join(" ");
}
