/**
 * Everyday questions to examples/texts (bench/questions.tsv: question, the heading of the passage that answers it), by meaning, by
 * words, and hybrid: does the answer stand high? The texts and questions are ours; there is no peer.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPassages } from "../src/cli/read-passages.ts";
import { createIndex, searchModes } from "../src/search/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { type BenchRow, record } from "./harness.ts";

const questions = readFileSync(join(import.meta.dirname, "questions.tsv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t") as [string, string]);
const { passages } = await readPassages([join(import.meta.dirname, "../examples/texts")], { warn: console.warn });
const embedder = await loadEmbedder();
const index = await createIndex(embedder);
await index.add(passages.map(({ text, heading }) => ({ text, heading })));

const rows: BenchRow[] = [];
for (const mode of searchModes) {
  let first = 0;
  let reciprocal = 0;
  for (const [question, answer] of questions) {
    const hits = await index.search(question, { k: 10, mode });
    const rank = 1 + hits.findIndex(({ id }) => passages[Number(id)].text.startsWith(answer));
    if (rank === 1) first += 1;
    if (rank > 0) reciprocal += 1 / rank;
  }
  rows.push({
    what: `${mode}: mean reciprocal rank among the first 10`,
    ours: (reciprocal / questions.length).toFixed(3),
    peer: "none",
    figure: `${first} of ${questions.length} answered first`,
    bar: "none",
    reached: true,
  });
}
await embedder.dispose();
record("questions", rows, `${questions.length} questions, ${passages.length} passages of examples/texts.`);
