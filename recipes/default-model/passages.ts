/**
 * Step 1 of the shipped model's recipe: the texts to learn from, one a line, in random order.
 *
 *   npx tsx --conditions=semspace-source recipes/default-model/passages.ts
 *
 * Wikipedia (`SEMSPACE_SHARED_DATA`/corpora), WordNet, and frequent words that the vocabulary cuts into pieces. No text of a set that is evaluated.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedData } from "../../bench/harness.ts";
import { randomNumbers } from "../../src/matrix/random-numbers.ts";
import { realModel } from "../../test/real-models.ts";
import { loadTokenizer } from "../../src/tokenizers/index.ts";
import { passagesFile } from "./files.ts";
import { passageOf } from "./wikipedia.ts";
import { wordnetTexts } from "./wordnet.ts";

/** Share of the paragraphs that give a passage. */
const paragraphShare = 0.9;
/** A word that is cut into pieces is a text of its own when it comes so often in 17 million words. */
const wordCount = 60;

const random = randomNumbers(6);
const texts = new Set<string>();
for (const paragraph of readPacked("wiki-en-2015-part.txt.gz").split("\n")) {
  if (paragraph.length < 20 || random() >= paragraphShare) continue;
  const passage = passageOf(paragraph, random);
  if (passage !== undefined) texts.add(passage);
}
const wikipedia = texts.size;
for (const text of wordnetTexts(random)) texts.add(text);
const wordnet = texts.size - wikipedia;
for (const word of await cutWords()) texts.add(word);

const shuffled = [...texts];
for (let i = shuffled.length - 1; i > 0; i -= 1) {
  const j = Math.floor(random() * (i + 1));
  [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
}
mkdirSync(dirname(passagesFile), { recursive: true });
writeFileSync(passagesFile, `${shuffled.join("\n")}\n`);
console.log(
  `${passagesFile}: ${wikipedia} passages of Wikipedia, ${wordnet} of WordNet, ${texts.size - wikipedia - wordnet} words.`,
);

function readPacked(name: string): string {
  return gunzipSync(readFileSync(join(sharedData, "corpora", name))).toString("utf8");
}

/** Frequent words that are no token of their own. */
async function cutWords(): Promise<string[]> {
  const folder = realModel("all-MiniLM-L6-v2");
  if (!folder) throw new Error("The teacher is not there: npm run models -- all-MiniLM-L6-v2");
  const tokenizer = await loadTokenizer(folder);
  const counts = new Map<string, number>();
  for (const word of readPacked("wiki-17m.txt.gz").split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .filter(([word, count]) => count >= wordCount && word.length > 2 && tokenizer.tokenToId(word) === undefined)
    .map(([word]) => word);
}
