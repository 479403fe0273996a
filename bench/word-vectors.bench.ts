/**
 * Word vectors against gensim 4.4 on the same file of 400,000 words of 50 dimensions as GloVe's text: reading it, and the ten nearest
 * words to each of 100. The file is bench/work/glove.6B.50d.txt (the published one); where it is not there, one of the same shape with
 * random numbers is made, which has no figures of quality.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { evaluateAnalogies, evaluateWordSimilarity, readAnalogies, readWordPairs } from "../src/evaluation/index.ts";
import { loadWordVectors, type WordVectors } from "../src/words/index.ts";
import { type BenchRow, clock, interleave, Peer, record, sharedData } from "./harness.ts";

const work = join(import.meta.dirname, "work");
const published = join(work, "glove.6B.50d.txt");
const real = existsSync(published);
const path = real ? published : join(work, "random-400000x50.txt");
mkdirSync(work, { recursive: true });
if (!existsSync(path)) await writeRandom(path);

const peer = new Peer("word_vectors.py", [path]);
let vectors: WordVectors | undefined;
const load = (): Promise<number> =>
  clock(async () => {
    vectors = await loadWordVectors(path);
  });
// gensim takes half a minute: one reading of its, between two of ours.
const before = await load();
const theirSeconds = (await peer.ask({ do: "load" })).seconds;
const loading = { ours: Math.max(before, await load()), gensim: theirSeconds };
const ours = vectors!;
const asked = Array.from({ length: 100 }, (_, i) => ours.words[i * 997]);
let found: string[][] = [];
let theirs: string[][] = [];
const building = await clock(() => ours.mostSimilar("the"));
const asking = await interleave(
  {
    ours: () =>
      clock(() => {
        found = asked.map((word) => ours.mostSimilar(word).map((neighbor) => neighbor.word));
      }),
    gensim: async () => {
      const answer = await peer.ask<{ seconds: number; found: string[][] }>({ do: "similar", words: asked });
      theirs = answer.found;
      return answer.seconds;
    },
  },
  5,
);
const same = found.filter((list, i) => list.join("\n") === theirs[i].join("\n")).length;
const ratio = (mine: number, other: number): string => `${(mine / other).toFixed(3)} of its time`;
const rows: BenchRow[] = [
  {
    what: "reading 400,000 x 50 from text",
    ours: `${loading.ours.toFixed(2)} s`,
    peer: `gensim ${loading.gensim.toFixed(2)} s`,
    figure: ratio(loading.ours, loading.gensim),
    bar: "<= 1/5",
    reached: loading.ours <= loading.gensim / 5,
  },
  {
    what: `mostSimilar among 400,000 (the first one takes ${building.toFixed(2)} s: it makes the one-byte copy)`,
    ours: `${(asking.ours.median * 10).toFixed(2)} ms`,
    peer: `gensim ${(asking.gensim.median * 10).toFixed(2)} ms`,
    figure: ratio(asking.ours.median, asking.gensim.median),
    bar: "<= 1/2",
    reached: asking.ours.median <= asking.gensim.median / 2,
  },
  {
    what: "the same ten neighbours in the same order",
    ours: `${same} of ${asked.length}`,
    peer: "gensim",
    figure: `${same} of ${asked.length}`,
    bar: ">= 98 of 100 (near ties)",
    reached: same >= 98,
  },
];
if (real) await compareQuality();
record("word-vectors", rows);
peer.close();

/** The evaluations give gensim's numbers. */
async function compareQuality(): Promise<void> {
  const analogies = join(sharedData, "word-analogy/questions-words.txt");
  const pairs = ["wordsim353.tsv", "simlex999.txt"].map((name) => join(sharedData, "word-similarity", name));
  const answer = await peer.ask<{ accuracy: number; correlations: number[] }>({ do: "evaluate", analogies, pairs });
  const accuracy = evaluateAnalogies(ours, readAnalogies(readFileSync(analogies, "utf8")), {
    restrict: 30_000,
  }).accuracy;
  const mine = pairs.map((file) => evaluateWordSimilarity(ours, readWordPairs(readFileSync(file, "utf8"))).spearman);
  const all = [accuracy, ...mine];
  const wanted = [answer.accuracy, ...answer.correlations];
  const shown = (numbers: number[]): string => numbers.map((value) => value.toFixed(4)).join(", ");
  const worst = Math.max(...all.map((value, i) => Math.abs(value - wanted[i])));
  rows.push({
    what: "questions-words (first 30,000), WordSim-353, SimLex-999",
    ours: shown(all),
    peer: `gensim ${shown(wanted)}`,
    figure: `largest difference ${worst.toExponential(1)}`,
    bar: "<= 5e-4",
    reached: worst <= 5e-4,
  });
}

async function writeRandom(target: string): Promise<void> {
  const stream = createWriteStream(target);
  let state = 1;
  const random = (): number => ((state = (state * 16807) % 2147483647) / 2147483647) * 2 - 1;
  for (let i = 0; i < 400_000; i += 1) {
    const line = `${i === 0 ? "the" : `word${i}`} ${Array.from({ length: 50 }, () => random().toPrecision(5)).join(" ")}\n`;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}
