/**
 * fastText against the original, whole processes in turns on 2 threads: skip-gram with n-grams of 3 to 6 on 17 M words of Wikipedia
 * in lines of 1,000 (100 dimensions, window 5, 5 negatives, sample 1e-4, minimum count 5, 5 epochs), its speed and its analogies;
 * classifiers of SST-2, TREC and 20 Newsgroups (word bigrams, 25 epochs, learning rate 0.5), their accuracy and their time;
 * and what lid.176.ftz says of 210 sentences of 30 languages.
 *
 * The original is not ours to ship: build it (`git clone https://github.com/facebookresearch/fastText`, `make opt`) and give its
 * path as FASTTEXT. A quick look: `BENCH_WORDS=3000000 BENCH_EPOCHS=1 BENCH_SEEDS=1 npm run bench -- fasttext`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluateAnalogies, readAnalogies } from "../src/evaluation/index.ts";
import { cacheFolder } from "../src/platform/node.ts";
import { type FastTextModel, loadFastText } from "../src/words/index.ts";
import { type BenchRow, need, record, sharedData } from "./harness.ts";
import { readTwentyNewsgroups } from "./twenty-newsgroups.ts";
import { wikiCorpus } from "./word-corpus.ts";

const words = Number(process.env["BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["BENCH_EPOCHS"] ?? 5);
const seeds = Number(process.env["BENCH_SEEDS"] ?? 3);
const runs = Number(process.env["BENCH_RUNS"] ?? 5);
const original = process.env["FASTTEXT"] ?? "";
need(original, "the original's program as FASTTEXT");
const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });

const rows: BenchRow[] = [];
for (const name of ["SST-2", "TREC", "20 Newsgroups"] as const) rows.push(...(await classifierRows(name)));
rows.push(await languageRow());
if (seeds > 0) rows.push(...(await wordRows()));
record(
  "fasttext",
  rows,
  `${epochs} epochs and ${seeds} seeds of word vectors, ${runs} runs of each classifier; 2 threads, whole processes.`,
);

function timed(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "ignore"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${status}.`);
  return (performance.now() - start) / 1000;
}

function ours(
  kind: "words" | "texts",
  { corpus, settings, output }: { corpus: string; settings: object; output: string },
): number {
  const script = join(import.meta.dirname, "train-fasttext.ts");
  const loader = ["--import", "tsx", "--conditions=semspace-source"];
  return timed(process.execPath, [...loader, script, kind, corpus, JSON.stringify(settings), output]);
}

async function wordRows(): Promise<BenchRow[]> {
  const corpus = wikiCorpus(words);
  const times = { ours: [] as number[], theirs: [] as number[] };
  const quality = { ours: [] as Quality[], theirs: [] as Quality[] };
  for (let seed = 1; seed <= seeds; seed += 1) {
    const output = join(work, `fasttext-ours-${seed}.bin`);
    times.ours.push(ours("words", { corpus, settings: { epochs, seed, threads: 2 }, output }));
    quality.ours.push(analogies(await loadFastText(output)));
    const theirs = join(work, `fasttext-original-${seed}`);
    const run = ["-epoch", String(epochs), "-thread", "2", "-seed", String(seed), "-verbose", "0"];
    times.theirs.push(timed(original, ["skipgram", "-input", corpus, "-output", theirs, ...run]));
    quality.theirs.push(analogies(await loadFastText(`${theirs}.bin`)));
  }
  const [mine, peer] = [median(times.ours), median(times.theirs)];
  const speed: BenchRow = {
    what: "skip-gram with 3-6-grams, from text to .bin",
    ours: `${mine.toFixed(1)} s`,
    peer: `${peer.toFixed(1)} s`,
    figure: `${(peer / mine).toFixed(2)} times`,
    bar: ">= 2 times",
    reached: peer / mine >= 2,
  };
  const compared = (["total", "syntactic"] as const).map((part) =>
    pointsRow(`analogies, ${part}`, [mean(quality.ours.map((q) => q[part])), mean(quality.theirs.map((q) => q[part]))]),
  );
  return [speed, ...compared];
}

/** Per cent of the analogies that are right. */
interface Quality {
  total: number;
  syntactic: number;
}

function analogies(model: FastTextModel): Quality {
  const sections = readAnalogies(readFileSync(join(sharedData, "word-analogy/questions-words.txt"), "utf8"));
  const { accuracy, syntactic } = evaluateAnalogies(model.wordVectors(), sections, { convention: "compute-accuracy" });
  return { total: accuracy * 100, syntactic: syntactic.accuracy * 100 };
}

async function classifierRows(name: "SST-2" | "TREC" | "20 Newsgroups"): Promise<BenchRow[]> {
  const { train, test } = labelledFiles(name);
  const times = { ours: [] as number[], theirs: [] as number[] };
  const right = { ours: [] as number[], theirs: [] as number[] };
  for (let seed = 1; seed <= runs; seed += 1) {
    const settings = { wordNgrams: 2, epochs: 25, learningRate: 0.5, threads: 2, seed };
    const output = join(work, "classifier-ours.bin");
    times.ours.push(ours("texts", { corpus: train, settings, output }));
    right.ours.push(accuracy(await loadFastText(output), test));
    const theirs = join(work, "classifier-original");
    const run = [
      "-wordNgrams",
      "2",
      "-epoch",
      "25",
      "-lr",
      "0.5",
      "-thread",
      "2",
      "-seed",
      String(seed),
      "-verbose",
      "0",
    ];
    times.theirs.push(timed(original, ["supervised", "-input", train, "-output", theirs, ...run]));
    right.theirs.push(accuracy(await loadFastText(`${theirs}.bin`), test));
  }
  const [mine, peer] = [median(times.ours), median(times.theirs)];
  return [
    pointsRow(`${name}: accuracy`, [mean(right.ours), mean(right.theirs)]),
    {
      what: `${name}: training, from text to .bin`,
      ours: `${mine.toFixed(2)} s`,
      peer: `${peer.toFixed(2)} s`,
      figure: `${(peer / mine).toFixed(2)} times`,
      bar: ">= 1 times",
      reached: mine <= peer,
    },
  ];
}

function labelledFiles(name: "SST-2" | "TREC" | "20 Newsgroups"): { train: string; test: string } {
  const [train, test] = (["train", "test"] as const).map((part) => {
    const path = join(work, `${name.replaceAll(" ", "-")}.${part}.txt`);
    if (existsSync(path)) return path;
    const lines =
      name === "20 Newsgroups"
        ? shuffled(
            readTwentyNewsgroups()[part].map(({ label, text }) => `__label__${label} ${text.replace(/\s+/g, " ")}`),
          )
        : labelledLines(name === "SST-2" ? `stsa.binary.${part}` : `TREC.${part}.all`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  });
  return { train, test };
}

function labelledLines(file: string): string[] {
  const lines = readFileSync(join(sharedData, "classification", file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => `__label__${line}`);
}

/** The archive is sorted by group, which no training in the file's order can stand. */
function shuffled(lines: string[]): string[] {
  let state = 1;
  for (let i = lines.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [lines[i], lines[j]] = [lines[j], lines[i]];
  }
  return lines;
}

function accuracy(model: FastTextModel, test: string): number {
  const lines = readFileSync(test, "utf8").trimEnd().split("\n");
  const right = lines.filter((line) => model.predict(line)[0]?.label === line.slice(0, line.indexOf(" ")));
  return (right.length / lines.length) * 100;
}

async function languageRow(): Promise<BenchRow> {
  const path = join(cacheFolder()!, "models/lid.176/lid.176.ftz");
  need(path, "lid.176 (npm run models -- lid.176)");
  const model = await loadFastText(path);
  const golden = readFileSync(join(import.meta.dirname, "../test/golden/fasttext/languages.json"), "utf8");
  const said = JSON.parse(golden) as [text: string, labels: string[], probabilities: number[]][];
  let same = 0;
  let worst = 0;
  for (const [text, [label], [probability]] of said) {
    const [best] = model.predict(text);
    same += Number(best.label === label);
    worst = Math.max(worst, Math.abs(best.probability - Math.min(1, probability)));
  }
  return {
    what: "lid.176.ftz, 30 languages: labels, and the largest difference of a probability",
    ours: `${same} of ${said.length}`,
    peer: `${said.length}`,
    figure: worst.toExponential(1),
    bar: "all, <= 1e-4",
    reached: same === said.length && worst <= 1e-4,
  };
}

function pointsRow(what: string, [mine, peer]: readonly [number, number]): BenchRow {
  const difference = mine - peer;
  return {
    what,
    ours: `${mine.toFixed(1)} %`,
    peer: `${peer.toFixed(1)} %`,
    figure: `${difference >= 0 ? "+" : ""}${difference.toFixed(1)} points`,
    bar: ">= -0.5 points",
    reached: difference >= -0.5,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
