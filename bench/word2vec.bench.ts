/**
 * word2vec against gensim 4.4 (`corpus_file`) and word2vec.c: 17 M words of Wikipedia in lines of 1,000, 100 dimensions, window 5,
 * 5 negatives, sample 1e-4, minimum count 5, 5 epochs, 2 threads; whole processes from the text to the vectors' file, in turns.
 * Then our words/s with one and two threads, and the quality: Google's analogies among the 30,000 most frequent words,
 * WordSim-353, SimLex-999, mean of three seeds.
 *
 * word2vec.c is not ours to ship: build it (`git clone https://github.com/tmikolov/word2vec`, `gcc word2vec.c -o word2vec -lm
 * -pthread -Ofast -march=native -funroll-loops`) and give its path as WORD2VEC_C; without it those rows are left out.
 * A quick look: `BENCH_WORDS=3000000 BENCH_EPOCHS=1 BENCH_SEEDS=1 npm run bench -- word2vec`.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AnalogySection, evaluateAnalogies, readAnalogies } from "../src/evaluation/analogies.ts";
import { evaluateWordSimilarity, readWordPairs } from "../src/evaluation/word-similarity.ts";
import { encodeCorpus, loadWordVectors, trainWord2Vec, type Word2VecOptions } from "../src/words/index.ts";
import { type BenchRow, need, peerPython, record, sharedData } from "./harness.ts";
import { wikiCorpus } from "./word-corpus.ts";

const words = Number(process.env["BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["BENCH_EPOCHS"] ?? 5);
const seeds = Number(process.env["BENCH_SEEDS"] ?? 3);
const original = process.env["WORD2VEC_C"];
const work = join(import.meta.dirname, "work");
need(peerPython, "the Python peers (bash bench/setup-peers.sh)");
const corpus = wikiCorpus(words);

const measures = ["analogies", "WordSim-353", "SimLex-999"] as const;
/** All × 100. */
type Quality = Record<(typeof measures)[number], number>;

type Architecture = "skip-gram" | "cbow";
type Side = "ours" | "gensim" | "word2vec.c";
interface Run {
  seconds: number;
  printed: string;
  output: string;
}

const rows: BenchRow[] = [];
for (const architecture of ["skip-gram", "cbow"] as const) {
  const runs: Record<Side, Run[]> = { ours: [], gensim: [], "word2vec.c": [] };
  for (let seed = 1; seed <= seeds; seed += 1) {
    runs.ours.push(trainOurs(architecture, seed));
    runs.gensim.push(trainGensim(architecture, seed));
    if (original) runs["word2vec.c"].push(trainOriginal(original, architecture, seed));
  }
  const bars: [Side, number | undefined][] = [
    ["gensim", architecture === "cbow" ? 2 : 3],
    ["word2vec.c", architecture === "cbow" ? undefined : 5],
  ];
  for (const [peer, bar] of bars) if (runs[peer].length > 0) rows.push(speedRow(architecture, { runs, peer, bar }));
  rows.push(...(await qualityRows(architecture, runs)));
}
rows.push(await scalingRow());
if (!Number.isFinite(words)) rows.push(memoryRow());
record(
  "word2vec",
  rows,
  `${(await size()).toLocaleString("en")} words, ${epochs} epochs, ${seeds} seeds; whole processes.`,
);

/** Seconds of a whole process. */
function timed(program: string, args: readonly string[], output: string): Run {
  const start = performance.now();
  const { status, stdout } = spawnSync(program, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed with ${status}.`);
  return { seconds: (performance.now() - start) / 1000, printed: stdout, output };
}

function trainOurs(architecture: Architecture, seed: number, { text = corpus, rounds = epochs } = {}): Run {
  const output = join(work, `word2vec-ours-${architecture}-${seed}.bin`);
  const settings: Word2VecOptions = { architecture, epochs: rounds, seed, sample: 1e-4, threads: 2 };
  const script = join(import.meta.dirname, "train-word2vec.ts");
  const loader = ["--import", "tsx", "--conditions=semspace-source"];
  return timed(process.execPath, [...loader, script, text, JSON.stringify(settings), output], output);
}

function trainGensim(architecture: Architecture, seed: number): Run {
  const output = join(work, `word2vec-gensim-${architecture}-${seed}.bin`);
  const sg = Number(architecture === "skip-gram");
  const settings = {
    sg,
    epochs,
    seed,
    sample: 1e-4,
    workers: 2,
    vector_size: 100,
    window: 5,
    negative: 5,
    min_count: 5,
  };
  const script = join(import.meta.dirname, "peers/gensim_word2vec.py");
  return timed(peerPython, [script, corpus, JSON.stringify(settings), output], output);
}

/** word2vec.c has no seed; its threads race. */
function trainOriginal(program: string, architecture: Architecture, seed: number): Run {
  const output = join(work, `word2vec-original-${architecture}-${seed}.bin`);
  const sizes = ["-size", "100", "-window", "5", "-negative", "5", "-min-count", "5", "-sample", "1e-4"];
  const run = [
    "-iter",
    String(epochs),
    "-threads",
    "2",
    "-cbow",
    String(Number(architecture === "cbow")),
    "-binary",
    "1",
  ];
  return timed(program, ["-train", corpus, "-output", output, ...sizes, ...run], output);
}

interface Race {
  runs: Record<Side, Run[]>;
  peer: Side;
  bar: number | undefined;
}

function speedRow(architecture: Architecture, { runs, peer, bar }: Race): BenchRow {
  const [ours, theirs] = [median(runs.ours), median(runs[peer])];
  return {
    what: `${architecture}, ${epochs} epochs, 2 threads, against ${peer}`,
    ours: `${ours.toFixed(1)} s`,
    peer: `${theirs.toFixed(1)} s`,
    figure: `${(theirs / ours).toFixed(2)} times`,
    bar: bar === undefined ? "none" : `>= ${bar} times`,
    reached: bar === undefined || theirs / ours >= bar,
  };
}

function median(runs: readonly Run[]): number {
  return runs.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[runs.length >> 1];
}

async function qualityRows(architecture: Architecture, runs: Record<Side, Run[]>): Promise<BenchRow[]> {
  const analogies = readAnalogies(readFileSync(join(sharedData, "word-analogy/questions-words.txt"), "utf8"));
  const found: Partial<Record<Side, Quality>> = {};
  for (const side of ["ours", "gensim", "word2vec.c"] as const) {
    if (runs[side].length > 0) found[side] = await meanQuality(runs[side], analogies);
  }
  const ours = found.ours!;
  const peers = (["word2vec.c", "gensim"] as const).filter((side) => found[side]);
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
async function scalingRow(): Promise<BenchRow> {
  const encoded = await encodeCorpus(corpus);
  const speed = async (threads: number): Promise<number> => {
    let fastest = 0;
    for (let round = 0; round < 2; round += 1) {
      const start = performance.now();
      await trainWord2Vec(encoded, { sample: 1e-4, epochs: 1, threads });
      fastest = Math.max(fastest, (encoded.tokens / (performance.now() - start)) * 1000);
    }
    return fastest;
  };
  const [one, two] = [await speed(1), await speed(2)];
  await encoded.dispose();
  return {
    what: "skip-gram words/s, 2 threads against 1 of ours",
    ours: `${(two / 1e6).toFixed(2)} M/s`,
    peer: `${(one / 1e6).toFixed(2)} M/s`,
    figure: `${(two / one).toFixed(2)} times`,
    bar: ">= 1.8 times",
    reached: two / one >= 1.8,
  };
}

/** The corpus ten times over, 1 GB: what the process takes beyond the words and their two vectors. */
function memoryRow(): BenchRow {
  const text = join(work, "wiki-1gb.txt");
  if (!existsSync(text)) {
    const once = readFileSync(corpus);
    for (let i = 0; i < 10; i += 1) appendFileSync(text, once);
  }
  const { printed } = trainOurs("skip-gram", 0, { text, rounds: 1 });
  const { words: size, peakBytes } = JSON.parse(printed) as { words: number; peakBytes: number };
  // Two vectors of 100 float32, some 100 bytes for the word itself, its count and its sampling entries.
  const tables = size * (800 + 100);
  const beyond = (peakBytes - tables) / 1e6;
  return {
    what: "peak memory of skip-gram on a corpus of 1 GB, beyond the vocabulary's tables",
    ours: `${(peakBytes / 1e6).toFixed(0)} MB`,
    peer: `${(tables / 1e6).toFixed(0)} MB of tables`,
    figure: `${beyond.toFixed(0)} MB`,
    bar: "<= 200 MB",
    reached: beyond <= 200,
  };
}

async function size(): Promise<number> {
  const encoded = await encodeCorpus(corpus);
  await encoded.dispose();
  return encoded.tokensRead;
}
