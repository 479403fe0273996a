/**
 * word2vec against gensim 4.4 (`corpus_file`) and word2vec.c: 17 M words of Wikipedia in lines of 1,000, 100 dimensions, window 5,
 * 5 negatives, sample 1e-4, minimum count 5, 5 epochs, 2 threads; whole processes from the text to the vectors' file, in turns, each
 * compared with its own turn. Then our words/s with one and two threads, peak memory on 1 GB, and the quality: Google's analogies among
 * the 30,000 most frequent words, WordSim-353, SimLex-999. Our side is the built package: `npm run build` first. Skip-gram runs in
 * both of our modes, of which `deterministic` is held to the bars: docs/word2vec.md tells why it is the faster.
 *
 *   WORD2VEC_C=/path/to/word2vec   `git clone https://github.com/tmikolov/word2vec`, `gcc word2vec.c -o word2vec -lm -pthread -Ofast
 *                                  -march=native -funroll-loops`; without it those rows are left out
 *   BENCH_SEEDS=3                  runs for the mean quality; 0: no quality
 *   BENCH_TIMING_SEEDS=3           of these and further runs so many are timed; 0: no times
 *   BENCH_WORDS, BENCH_EPOCHS      a smaller corpus, fewer epochs
 *
 * Rows that a call leaves out stay as the last one with the same corpus and epochs has found them. Short and quiet:
 * `BENCH_SEEDS=0 BENCH_TIMING_SEEDS=1 npm run bench -- word2vec`.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AnalogySection, evaluateAnalogies, readAnalogies } from "../src/evaluation/analogies.ts";
import { evaluateWordSimilarity, readWordPairs } from "../src/evaluation/word-similarity.ts";
import { loadWordVectors } from "../src/words/index.ts";
import { type BenchRow, need, peerPython, record, sharedData } from "./harness.ts";
import { wikiCorpus } from "./word-corpus.ts";
import {
  type Architecture,
  needBuilt,
  type Run,
  type Side,
  trainGensim,
  trainOriginal,
  trainOurs,
} from "./word2vec-sides.ts";

const words = Number(process.env["BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["BENCH_EPOCHS"] ?? 5);
const seeds = Number(process.env["BENCH_SEEDS"] ?? 3);
const timed = Number(process.env["BENCH_TIMING_SEEDS"] ?? seeds);
const original = process.env["WORD2VEC_C"];
need(peerPython, "the Python peers (bash bench/setup-peers.sh)");
needBuilt();
const corpus = wikiCorpus(words);

const measures = ["analogies", "WordSim-353", "SimLex-999"] as const;
/** All × 100. */
type Quality = Record<(typeof measures)[number], number>;
type Runs = Record<Side, Run[]>;

const rows: BenchRow[] = [];
for (const architecture of ["skip-gram", "cbow"] as const) {
  const runs: Runs = { ours: [], racing: [], gensim: [], "word2vec.c": [] };
  for (let seed = 1; seed <= Math.max(seeds, timed); seed += 1) {
    const training = { corpus, architecture, epochs, seed };
    const deterministic = architecture === "skip-gram";
    runs.ours.push(trainOurs({ ...training, deterministic }));
    if (deterministic) runs.racing.push(trainOurs(training));
    runs.gensim.push(trainGensim(training));
    if (original) runs["word2vec.c"].push(trainOriginal(original, training));
    const turn = Object.entries(runs).flatMap(([side, all]) =>
      all.slice(-1).map((run) => `${side} ${run.seconds.toFixed(1)} s`),
    );
    console.log(`${architecture}, seed ${seed}: ${turn.join(", ")}`);
  }
  if (timed > 0) rows.push(...speedRows(architecture, runs));
  if (seeds > 0) rows.push(...(await qualityRows(architecture, runs)));
}
if (timed > 0) {
  rows.push(scalingRow());
  if (!Number.isFinite(words)) rows.push(memoryRow());
}
const setting = `${Number.isFinite(words) ? words : "17 M"} words, ${epochs} epochs`;
const kept = earlierRows();
record(
  "word2vec",
  [...rows, ...kept],
  `${setting}; whole processes, ${timed} timed in turns, quality of ${seeds} seeds${kept.length > 0 ? `; ${kept.length} rows of an earlier call` : ""}.`,
);

function speedRows(architecture: Architecture, runs: Runs): BenchRow[] {
  const bars = { gensim: architecture === "cbow" ? 2 : 3, "word2vec.c": architecture === "cbow" ? undefined : 5 };
  const races = (["gensim", "word2vec.c"] as const)
    .filter((peer) => runs[peer].length > 0)
    .flatMap((peer) => (["ours", "racing"] as const).map((own) => ({ peer, own })))
    .filter(({ own }) => runs[own].length > 0);
  return races.map(({ peer, own }) => {
    const bar = own === "ours" ? bars[peer] : undefined;
    const [ours, theirs] = [runs[own], runs[peer]].map((side) => side.slice(0, timed).map(({ seconds }) => seconds));
    const times = median(ours.map((seconds, turn) => theirs[turn] / seconds));
    const mode = architecture === "cbow" ? "" : own === "ours" ? " (deterministic)" : " (threads racing, the default)";
    return {
      what: `${architecture}${mode}, ${epochs} epochs, 2 threads, against ${peer}`,
      ours: `${median(ours).toFixed(1)} s`,
      peer: `${median(theirs).toFixed(1)} s`,
      figure: `${times.toFixed(2)} times`,
      bar: bar === undefined ? "none" : `>= ${bar} times`,
      reached: bar === undefined || times >= bar,
    };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

async function qualityRows(architecture: Architecture, runs: Runs): Promise<BenchRow[]> {
  const analogies = readAnalogies(readFileSync(join(sharedData, "word-analogy/questions-words.txt"), "utf8"));
  const found: Partial<Record<Side, Quality>> = {};
  for (const side of ["ours", "racing", "gensim", "word2vec.c"] as const) {
    if (runs[side].length > 0) found[side] = await meanQuality(runs[side].slice(0, seeds), analogies);
  }
  const ours = found.ours!;
  const peers = (["word2vec.c", "gensim", "racing"] as const).filter((side) => found[side]);
  return peers.flatMap((side) =>
    measures.map((measure): BenchRow => {
      // CBOW is held to the analogies alone, and gensim is no bar.
      const slack = measure === "analogies" ? 0 : 1;
      const bar = side === "word2vec.c" && (architecture === "skip-gram" || measure === "analogies");
      const difference = ours[measure] - found[side]![measure];
      return {
        what: `${architecture}: ${measure}, against ${side}`,
        ours: ours[measure].toFixed(1),
        peer: found[side]![measure].toFixed(1),
        figure: `${difference >= 0 ? "+" : ""}${difference.toFixed(1)}`,
        bar: bar ? (slack === 0 ? "better" : `>= -${slack.toFixed(1)}`) : "none",
        reached: !bar || difference >= -slack,
      };
    }),
  );
}

async function meanQuality(runs: readonly Run[], analogies: readonly AnalogySection[]): Promise<Quality> {
  const sum: Quality = { analogies: 0, "WordSim-353": 0, "SimLex-999": 0 };
  for (const { output } of runs) {
    const vectors = await loadWordVectors(output);
    const similarity = (name: string): number =>
      evaluateWordSimilarity(vectors, readWordPairs(readFileSync(join(sharedData, "word-similarity", name), "utf8")))
        .spearman;
    sum.analogies += evaluateAnalogies(vectors, analogies, { convention: "compute-accuracy" }).accuracy;
    sum["WordSim-353"] += similarity("wordsim353.tsv");
    sum["SimLex-999"] += similarity("simlex999.txt");
  }
  for (const measure of measures) sum[measure] *= 100 / runs.length;
  return sum;
}

/** Training alone, without reading the text. */
function scalingRow(): BenchRow {
  const turns = Array.from({ length: 3 }, () =>
    [1, 2].map((threads) => {
      const deterministic = threads > 1;
      const { figures } = trainOurs({ corpus, architecture: "skip-gram", epochs: 1, seed: 0, threads, deterministic });
      return figures.tokens / figures.seconds;
    }),
  );
  const times = median(turns.map(([one, two]) => two / one));
  const [one, two] = [0, 1].map((side) => median(turns.map((speeds) => speeds[side])));
  return {
    what: "skip-gram (deterministic) words/s, 2 threads against 1 of ours",
    ours: `${(two / 1e6).toFixed(2)} M/s`,
    peer: `${(one / 1e6).toFixed(2)} M/s`,
    figure: `${times.toFixed(2)} times`,
    bar: ">= 1.8 times",
    reached: times >= 1.8,
  };
}

/** The corpus ten times over, 1 GB: what the process takes beyond the words and their two vectors. */
function memoryRow(): BenchRow {
  const text = join(import.meta.dirname, "work/wiki-1gb.txt");
  if (!existsSync(text)) {
    const once = readFileSync(corpus);
    for (let i = 0; i < 10; i += 1) appendFileSync(text, once);
  }
  const { figures } = trainOurs({ corpus: text, architecture: "skip-gram", epochs: 1, seed: 0 });
  // Two vectors of 100 float32, some 100 bytes for the word itself, its count and its sampling entries.
  const tables = figures.words * (800 + 100);
  const beyond = (figures.peakBytes - tables) / 1e6;
  return {
    what: "peak memory of skip-gram on a corpus of 1 GB, beyond the vocabulary's tables",
    ours: `${(figures.peakBytes / 1e6).toFixed(0)} MB`,
    peer: `${(tables / 1e6).toFixed(0)} MB of tables`,
    figure: `${beyond.toFixed(0)} MB`,
    bar: "<= 200 MB",
    reached: beyond <= 200,
  };
}

/** What an earlier call with the same corpus and epochs has found and this one has not measured. */
function earlierRows(): BenchRow[] {
  const path = join(import.meta.dirname, "results/word2vec.json");
  if (!existsSync(path)) return [];
  const earlier = JSON.parse(readFileSync(path, "utf8")) as { note: string; rows: BenchRow[] };
  if (!earlier.note.startsWith(setting)) return [];
  return earlier.rows.filter(({ what }) => !rows.some((row) => row.what === what));
}
