/**
 * Summaries and keyphrases of Wikipedia articles. Summaries: ROUGE-1 (F1 of single words) of five sentences, taken from an article without its
 * lead, against its first paragraph; beside sumy's LexRank on the same sentences. The method was chosen on other articles than the 50 that
 * measure. Keyphrases: how many of ten are KeyBERT's, with the same model (MiniLM) and settings.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { meanOf, pairedBootstrap } from "../src/evaluation/index.ts";
import { keywords, sentencesOf, summarize, type SummaryOptions } from "../src/tasks/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { realModel } from "../test/real-models.ts";
import { type BenchRow, Peer, peerPython, record } from "./harness.ts";

const count = 5;
const mostSentences = 100;
const tested = 50;
const settings: Record<"shipped" | "MiniLM", SummaryOptions> = {
  shipped: { sentences: count, method: "centroid", diversity: 0.3 },
  MiniLM: { sentences: count, method: "centroid", diversity: 0.3 },
};
const phrases = { ngrams: [1, 2], top: 10, diversity: 0.5 } as const;

interface Article {
  title: string;
  lead: string;
  body: string[];
}

const folder = realModel("all-MiniLM-L6-v2");
if (!folder) throw new Error("This bench needs all-MiniLM-L6-v2: npm run models -- all-MiniLM-L6-v2");
const listed = spawnSync(peerPython, [join(import.meta.dirname, "peers/wikipedia_articles.py")], {
  maxBuffer: 1 << 28,
});
const articles = listed.stdout
  .toString()
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Article);
const isTuning = process.argv.includes("--tune");
const some = isTuning ? articles.slice(tested) : articles.slice(0, tested);
/** The text of an article without its lead, at most so many sentences. */
const bodies = some.map(({ body }) => {
  const text = body.join("\n\n");
  const sentences = sentencesOf(text).slice(0, mostSentences);
  return { text: text.slice(0, sentences.at(-1)!.end), sentences: sentences.map((one) => one.text) };
});
const models = { shipped: await loadEmbedder(), MiniLM: await loadEmbedder(folder) };
const peer = new Peer("summaries.py", [folder], {
  OMP_NUM_THREADS: "1",
  HF_HUB_OFFLINE: "1",
  TOKENIZERS_PARALLELISM: "false",
});
try {
  if (isTuning) await tune();
  else await measure();
} finally {
  peer.close();
}

async function measure(): Promise<void> {
  const theirs = await lexrank();
  const rows: BenchRow[] = [];
  for (const name of ["shipped", "MiniLM"] as const) {
    const ours = await scores(models[name], settings[name]);
    const { difference, low, high } = pairedBootstrap(meanOf(ours), meanOf(theirs));
    const points = 100 * difference;
    rows.push({
      what: `ROUGE-1 of ${count} sentences against the lead, ${some.length} articles, ${name} model (${settings[name].method}, diversity ${settings[name].diversity})`,
      ours: (100 * mean(ours)).toFixed(2),
      peer: `${(100 * mean(theirs)).toFixed(2)} (sumy's LexRank)`,
      figure: `${points >= 0 ? "+" : ""}${points.toFixed(2)} (95 %: ${(100 * low).toFixed(2)} … ${(100 * high).toFixed(2)})`,
      bar: ">= -0.5",
      reached: points >= -0.5,
    });
  }
  let [same, all] = [0, 0];
  for (const { lead, body } of some) {
    const text = [lead, ...body].join("\n").slice(0, 1500);
    const found = await keywords(text, models.MiniLM, { ...phrases, selection: "mmr" });
    const known = new Set((await peer.ask<{ keywords: string[] }>({ task: "keywords", text, ...phrases })).keywords);
    same += found.filter(({ keyword }) => known.has(keyword)).length;
    all += known.size;
  }
  rows.push({
    what: `keyphrases that are KeyBERT's too, ${phrases.top} a text of 1,500 characters (n-grams 1-2, MMR ${phrases.diversity}, MiniLM)`,
    ours: String(same),
    peer: `${all} (KeyBERT 0.9)`,
    figure: (same / all).toFixed(3),
    bar: ">= 0.9",
    reached: same / all >= 0.9,
  });
  record(
    "summaries",
    rows,
    `Articles of gensim's shortened Wikipedia dump, at most ${mostSentences} sentences each. F1 of lower-case words, times 100.`,
  );
}

async function tune(): Promise<void> {
  console.log(some.length, "articles; sumy", (100 * mean(await lexrank())).toFixed(2));
  for (const name of ["shipped", "MiniLM"] as const)
    for (const method of ["centroid", "textrank", "lexrank"] as const)
      for (const diversity of [0, 0.15, 0.3, 0.5])
        console.log(
          name,
          method,
          diversity,
          (100 * mean(await scores(models[name], { sentences: count, method, diversity }))).toFixed(2),
        );
}

async function scores(embedder: (typeof models)["MiniLM"], options: SummaryOptions): Promise<number[]> {
  const all: number[] = [];
  for (const [i, { text }] of bodies.entries())
    all.push(rouge1((await summarize(text, embedder, options)).text, some[i].lead));
  return all;
}

async function lexrank(): Promise<number[]> {
  const all: number[] = [];
  for (const [i, { sentences }] of bodies.entries()) {
    const { chosen } = await peer.ask<{ chosen: number[] }>({ task: "lexrank", sentences, count });
    all.push(rouge1(chosen.map((place) => sentences[place]).join(" "), some[i].lead));
  }
  return all;
}

/** F1 of the words of both, each counted as often as it is in both. */
function rouge1(summary: string, reference: string): number {
  const [a, b] = [wordsOf(summary), wordsOf(reference)];
  const left = new Map<string, number>();
  for (const word of b) left.set(word, (left.get(word) ?? 0) + 1);
  let both = 0;
  for (const word of a) {
    const count = left.get(word) ?? 0;
    if (count > 0) both += 1;
    left.set(word, count - 1);
  }
  return (2 * both) / (a.length + b.length);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
