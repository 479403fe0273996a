/**
 * fastText against the original, whole processes in turns on 2 threads, each run compared with that of its own turn:
 *
 * - `classifiers`: SST-2, TREC and 20 Newsgroups (word bigrams, 25 epochs, learning rate 0.5), their accuracy and their time;
 * - `language`: what lid.176.ftz says of 210 sentences of 30 languages;
 * - `words`: skip-gram with n-grams of 3 to 6 on 17 M words of Wikipedia in lines of 1,000 (100 dimensions, window 5, 5 negatives,
 *   sample 1e-4, minimum count 5, 5 epochs), its speed and its analogies; CBOW for information.
 *
 * The original is not ours to ship: build it (`git clone https://github.com/facebookresearch/fastText`, `make opt`).
 *
 *   FASTTEXT=/path/to/fasttext    the original's program; only `language` does without it
 *   BENCH_PARTS=classifiers,words default all three; each has results of its own
 *   BENCH_RUNS=5                  runs of each classifier
 *   BENCH_SEEDS=3                 runs of skip-gram, and the first of them of CBOW
 *   BENCH_WORDS=3000000 BENCH_EPOCHS=1 for a quick look at the words
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { evaluateAnalogies, readAnalogies } from "../src/evaluation/index.ts";
import { cacheFolder } from "../src/platform/node.ts";
import { type FastTextModel, loadFastText } from "../src/words/index.ts";
import { type BenchRow, need, record, sharedData } from "./harness.ts";
import { labelledFiles, type LabelledSet, labelledSets } from "./labelled-texts.ts";
import { wikiCorpus } from "./word-corpus.ts";

const words = Number(process.env["BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["BENCH_EPOCHS"] ?? 5);
const seeds = Number(process.env["BENCH_SEEDS"] ?? 3);
const runs = Number(process.env["BENCH_RUNS"] ?? 5);
const original = process.env["FASTTEXT"] ?? "";
const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });

const parts: Record<string, () => Promise<void>> = { classifiers, language, words: wordVectors };
for (const part of (process.env["BENCH_PARTS"] ?? "classifiers,language,words").split(",")) {
  if (!parts[part]) throw new Error(`No part ${part} in BENCH_PARTS. Parts: ${Object.keys(parts).join(", ")}`);
  await parts[part]();
}

async function classifiers(): Promise<void> {
  const rows: BenchRow[] = [];
  for (const name of labelledSets) rows.push(...(await classifierRows(name)));
  record("fasttext-classifiers", rows, `${runs} runs of each; 2 threads, whole processes from the text to the .bin.`);
}

async function language(): Promise<void> {
  record("fasttext-language", [await languageRow()]);
}

async function wordVectors(): Promise<void> {
  const skipGram = await wordRows("skipgram", seeds, { "skip-gram": {} });
  const cbow = await wordRows("cbow", Math.min(seeds, 1), {
    CBOW: { architecture: "cbow" },
    "CBOW, the mean's gradient": { architecture: "cbow", cbowGradient: "mean" },
  });
  for (const row of cbow) Object.assign(row, { bar: "none", reached: true });
  const note = `${epochs} epochs, ${seeds} seeds, CBOW 1; 2 threads, whole processes from the text to the .bin.`;
  record("fasttext-words", [...skipGram, ...cbow], note);
}

/** Seconds of the whole process. */
function timed(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "ignore"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${status}.`);
  return (performance.now() - start) / 1000;
}

/** Seconds. */
type Turn = [ours: number, theirs: number];

interface Training {
  corpus: string;
  settings: Record<string, string | number>;
}

/** Our training in a process of its own: its seconds and its model. */
async function ours(kind: "words" | "texts", training: Training): Promise<[number, FastTextModel]> {
  const output = join(work, "fasttext-ours.bin");
  const script = join(import.meta.dirname, "train-fasttext.ts");
  const loader = ["--import", "tsx", "--conditions=semspace-source"];
  const settings = JSON.stringify({ ...training.settings, threads: 2 });
  const seconds = timed(process.execPath, [...loader, script, kind, training.corpus, settings, output]);
  return [seconds, await taken(output)];
}

async function theirs(command: string, { corpus, settings }: Training): Promise<[number, FastTextModel]> {
  need(original, "the original's program as FASTTEXT");
  const output = join(work, "fasttext-original");
  const given = Object.entries({ ...settings, thread: 2, verbose: 0 }).flatMap(([name, value]) => [
    `-${name}`,
    String(value),
  ]);
  const seconds = timed(original, [command, "-input", corpus, "-output", output, ...given]);
  return [seconds, await taken(`${output}.bin`)];
}

/** The files are up to 1 GB each. */
async function taken(path: string): Promise<FastTextModel> {
  const model = await loadFastText(path);
  for (const file of [path, path.replace(/bin$/, "vec")]) rmSync(file, { force: true });
  return model;
}

/** Each of our ways by its name against one of the original's, in turns. */
async function wordRows(
  command: "skipgram" | "cbow",
  turns: number,
  ways: Record<string, Training["settings"]>,
): Promise<BenchRow[]> {
  const corpus = wikiCorpus(words);
  const names = turns > 0 ? Object.keys(ways) : [];
  const runs = new Map(names.map((name) => [name, { times: [] as Turn[], quality: [] as [Quality, Quality][] }]));
  for (let seed = 1; seed <= turns; seed += 1) {
    const [peer, peerModel] = await theirs(command, { corpus, settings: { epoch: epochs, seed } });
    const judgedPeer = analogies(peerModel);
    for (const [name, { times, quality }] of runs) {
      const [mine, model] = await ours("words", { corpus, settings: { ...ways[name], epochs, seed } });
      times.push([mine, peer]);
      quality.push([analogies(model), judgedPeer]);
      console.log(name, times.at(-1), JSON.stringify(quality.at(-1)));
    }
  }
  return [...runs].flatMap(([name, { times, quality }]) => [
    timeRow(`${name} with 3-6-grams`, times, 2),
    pointsRow(
      `${name}: analogies, total`,
      quality.map(([a, b]) => [a.total, b.total]),
    ),
    pointsRow(
      `${name}: analogies, syntactic`,
      quality.map(([a, b]) => [a.syntactic, b.syntactic]),
    ),
  ]);
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

async function classifierRows(name: LabelledSet): Promise<BenchRow[]> {
  const { train: corpus, test } = labelledFiles(name);
  const times: Turn[] = [];
  const right: [ours: number, theirs: number][] = [];
  for (let seed = 1; seed <= runs; seed += 1) {
    const [mine, model] = await ours("texts", {
      corpus,
      settings: { wordNgrams: 2, epochs: 25, learningRate: 0.5, seed },
    });
    const [peer, peerModel] = await theirs("supervised", {
      corpus,
      settings: { wordNgrams: 2, epoch: 25, lr: 0.5, seed },
    });
    times.push([mine, peer]);
    right.push([accuracy(model, test), accuracy(peerModel, test)]);
  }
  return [pointsRow(`${name}: accuracy`, right), timeRow(`${name}: training`, times, 1)];
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

/** Each run is compared with its own turn: another turn may have met another load. */
function timeRow(what: string, turns: readonly Turn[], bar: number): BenchRow {
  const ratio = median(turns.map(([mine, peer]) => peer / mine));
  return {
    what: `${what}, from text to .bin`,
    ours: `${median(turns.map(([mine]) => mine)).toFixed(2)} s`,
    peer: `${median(turns.map(([, peer]) => peer)).toFixed(2)} s`,
    figure: `${ratio.toFixed(2)} times`,
    bar: `>= ${bar} times`,
    reached: ratio >= bar,
  };
}

function pointsRow(what: string, turns: readonly Turn[]): BenchRow {
  const [mine, peer] = [0, 1].map((side) => turns.reduce((sum, turn) => sum + turn[side], 0) / turns.length);
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
