/**
 * Which sense a word has in a sentence (bench/senses.tsv: 88 sentences labelled by hand): the vector of its use, last hidden states, mean of
 * its pieces; leave-one-out, the nearest use of the same word should have the same sense. Beside it the other layers, and a static model, of
 * which every use is equally near, so that a neighbour can only be drawn. The sentences and their labels were committed before the first run.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../src/platform/node.ts";
import { type ContextualEmbedder, loadContextualEmbedder } from "../src/tasks/index.ts";
import { type BenchRow, need, Peer, record } from "./harness.ts";

const lines = readFileSync(join(import.meta.dirname, "senses.tsv"), "utf8")
  .trim()
  .split("\n")
  .slice(1);
const labelled = lines.map((line) => line.split("\t") as [word: string, sense: string, sentence: string]);
const words = [...new Set(labelled.map(([word]) => word))];
/** Cosines this near to the nearest one's are equal. */
const TIE = 1e-5;

/** The expected number of sentences whose nearest neighbour has their sense; one of several equally near ones is drawn. */
async function right(model: ContextualEmbedder, layer?: number): Promise<number> {
  let sum = 0;
  for (const word of words) {
    const own = labelled.filter(([one]) => one === word);
    const texts = own.map(([, , sentence]) => sentence);
    const { uses, similarities } = await model.wordInContext(texts, word, { layer });
    const first = texts.map((_, text) => uses.findIndex((use) => use.text === text));
    for (const [i, [, sense]] of own.entries()) {
      const others = [...own.keys()].filter((j) => j !== i);
      const cosine = (j: number): number => similarities.row(first[i])[first[j]];
      const most = Math.max(...others.map(cosine));
      const nearest = others.filter((j) => cosine(j) > most - TIE);
      sum += nearest.filter((j) => own[j][1] === sense).length / nearest.length;
    }
  }
  return sum;
}

/** As many as a neighbour drawn among the other sentences with the word would get. */
function chance(): number {
  return labelled.reduce((sum, [word, sense]) => {
    const own = labelled.filter(([one]) => one === word);
    return sum + (own.filter(([, one]) => one === sense).length - 1) / (own.length - 1);
  }, 0);
}

const percent = (count: number): string => `${((100 * count) / labelled.length).toFixed(1)} %`;
const row = (what: string, count: number, more: Partial<BenchRow> = {}): BenchRow => ({
  what,
  ours: `${count.toFixed(1)} of ${labelled.length}`,
  peer: "none",
  figure: percent(count),
  bar: "none",
  reached: true,
  ...more,
});

const folder = join(cacheFolder()!, "models/all-MiniLM-L6-v2");
need(folder, "all-MiniLM-L6-v2 (npm run models)");
const layers = [0, 1, 2, 3, 4, 5];
const contextual = await loadContextualEmbedder(folder, { layers });
const last = await right(contextual);
const peer = new Peer("senses.py", [folder], { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" });
const python = await peer.ask<{ right: number }>();
peer.close();
const rows = [
  row("all-MiniLM-L6-v2, last layer", last, {
    peer: `${python.right} (sentence-transformers)`,
    bar: ">= 95 %",
    reached: last >= 0.95 * labelled.length,
  }),
];
for (const layer of layers)
  rows.push(
    row(`all-MiniLM-L6-v2, ${layer === 0 ? "embeddings" : `after block ${layer}`}`, await right(contextual, layer)),
  );
await contextual.dispose();

const mpnetFolder = join(cacheFolder()!, "models/all-mpnet-base-v2");
if (existsSync(mpnetFolder)) {
  const mpnet = await loadContextualEmbedder(mpnetFolder);
  rows.push(row("all-mpnet-base-v2, last layer", await right(mpnet)));
  await mpnet.dispose();
}
const fixed = await loadContextualEmbedder();
const same = await right(fixed);
rows.push(
  row("the shipped static model", same, {
    peer: `${percent(chance())} (drawn)`,
    bar: "chance",
    reached: Math.abs(same - chance()) < 1e-6 * labelled.length,
  }),
);
await fixed.dispose();
record(
  "senses",
  rows,
  `${words.length} words, ${labelled.length} sentences from Wikipedia (CC BY-SA), cosine, leave-one-out. The row of mpnet was added after the first run.`,
);
