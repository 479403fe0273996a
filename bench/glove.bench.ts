/**
 * GloVe against the C tools (github.com/stanfordnlp/GloVe, built with its Makefile): wiki-17m in lines of 1,000 words, minimum
 * count 5, window 10, 100 dimensions, x_max 10, 2 threads on both sides. Counting is everything from the text to the shuffled
 * cells: encodeCorpus and countCooccurrences here, vocab_count, cooccur and shuffle there.
 *
 *   SEMSPACE_GLOVE=/path/to/GloVe   the clone in which `make` was run
 *   SEMSPACE_BENCH_WORDS=3000000    only the first words of the corpus; default all
 *   SEMSPACE_BENCH_EPOCHS=2         default 15
 *   SEMSPACE_BENCH_SEEDS=1          runs on each side, 3 for the mean that the issue asks for; default 1
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { evaluateAnalogies, readAnalogies } from "../src/evaluation/index.ts";
import { countCooccurrences, encodeCorpus, GloveModel, loadWordVectors, type WordVectors } from "../src/words/index.ts";
import { gloveSettings } from "../src/words/glove/glove-options.ts";
import type { GloveState } from "../src/words/glove/glove-state.ts";
import { trainCells } from "../src/words/glove/train-cells.ts";
import { type BenchRow, clock, need, record, sharedData } from "./harness.ts";

const home = process.env["SEMSPACE_GLOVE"] ?? "/tmp/GloVe";
need(join(home, "build/glove"), "the C tools (SEMSPACE_GLOVE: a clone of stanfordnlp/GloVe, made)");
const archive = join(sharedData, "corpora/wiki-17m.txt.gz");
need(archive, "the corpus");
const mostWords = Number(process.env["SEMSPACE_BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["SEMSPACE_BENCH_EPOCHS"] ?? 15);
const seeds = Number(process.env["SEMSPACE_BENCH_SEEDS"] ?? 1);
const work = join(import.meta.dirname, "work/glove");
const questions = readAnalogies(readFileSync(join(sharedData, "word-analogy/questions-words.txt"), "utf8"));
mkdirSync(work, { recursive: true });
const corpusPath = join(work, "corpus.txt");
const words = writeCorpus();

interface Side {
  /** Seconds of counting, and of one epoch. */
  counting: number[];
  epoch: number[];
  /** Accuracy × 100 on the analogies. */
  quality: { total: number; semantic: number; syntactic: number }[];
  notes: string[];
}
const ours: Side = { counting: [], epoch: [], quality: [], notes: [] };
const theirs: Side = { counting: [], epoch: [], quality: [], notes: [] };
for (let seed = 1; seed <= seeds; seed += 1) {
  await runTheirs(seed);
  await runOurs(seed);
  console.log(JSON.stringify({ seed, ours, theirs }));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
/** Each run is compared with its own turn: another turn may have met another load. */
const row = (what: string, key: "counting" | "epoch", bar: number): BenchRow => {
  const ratio = median(ours[key].map((seconds, turn) => seconds / theirs[key][turn]));
  return {
    ...{ what, ours: `${median(ours[key]).toFixed(2)} s`, peer: `${median(theirs[key]).toFixed(2)} s` },
    ...{ figure: `${ratio.toFixed(3)} of the time`, bar: `<= ${bar.toFixed(2)}`, reached: ratio <= bar },
  };
};
const total = (side: Side): number => mean(side.quality.map((quality) => quality.total));
const show = (side: Side): string =>
  `${total(side).toFixed(2)} (${mean(side.quality.map((q) => q.semantic)).toFixed(1)} / ${mean(side.quality.map((q) => q.syntactic)).toFixed(1)})`;
const difference = total(ours) - total(theirs);
record(
  "glove",
  [
    row("from the text to shuffled co-occurrences", "counting", 2 / 3),
    row("an epoch of AdaGrad", "epoch", 1 / 2),
    {
      what: "questions-words, all (semantic / syntactic), x 100",
      ...{ ours: show(ours), peer: show(theirs), figure: `${difference.toFixed(2)} points` },
      ...{ bar: ">= -0.5 points", reached: difference >= -0.5 },
    },
  ],
  `${words.toLocaleString("en")} words, ${epochs} epochs, ${seeds} run(s). Ours: ${ours.notes[0]}. Theirs: ${theirs.notes[0]}.`,
);

function writeCorpus(): number {
  const all = gunzipSync(readFileSync(archive)).toString("latin1").trim().split(/\s+/);
  const kept = all.slice(0, mostWords);
  const lines: string[] = [];
  for (let at = 0; at < kept.length; at += 1000) lines.push(kept.slice(at, at + 1000).join(" "));
  writeFileSync(corpusPath, `${lines.join("\n")}\n`, "latin1");
  return kept.length;
}

async function runOurs(seed: number): Promise<void> {
  const started = performance.now();
  const corpus = await encodeCorpus(corpusPath, { minCount: 5 });
  const counts = await countCooccurrences(corpus, { window: 10, threads: 2, seed });
  ours.counting.push((performance.now() - started) / 1000);
  const settings = gloveSettings({ epochs, seed });
  const start = { vocabulary: corpus.vocabulary, settings, epochs: 0, losses: [] };
  let trained: GloveState | undefined;
  const seconds = await clock(async () => (trained = await trainCells(start, counts, { threads: 2 })));
  ours.epoch.push(seconds / epochs);
  ours.notes.push(`${corpus.vocabulary.size} words, ${(counts.cells / 1e6).toFixed(1)} M cells`);
  await counts.dispose();
  await corpus.dispose();
  judge(ours, new GloveModel(trained!).vectors);
}

async function runTheirs(seed: number): Promise<void> {
  const seconds = {
    vocab_count: run("vocab_count", ["-min-count", "5"], { input: "corpus.txt", output: "vocab.txt" }),
    cooccur: run("cooccur", ["-memory", "4.0", "-vocab-file", "vocab.txt", "-window-size", "10"], {
      input: "corpus.txt",
      output: "cells",
    }),
    shuffle: run("shuffle", ["-memory", "4.0", "-seed", `${seed}`], { input: "cells", output: "shuffled" }),
  };
  theirs.counting.push(seconds.vocab_count + seconds.cooccur + seconds.shuffle);
  const options = ["-vector-size", "100", "-threads", "2", "-x-max", "10", "-iter", `${epochs}`, "-seed", `${seed}`];
  const files = ["-input-file", "shuffled", "-vocab-file", "vocab.txt", "-save-file", "vectors"];
  theirs.epoch.push(run("glove", [...options, ...files], {}) / epochs);
  theirs.notes.push(
    Object.entries(seconds)
      .map(([name, value]) => `${name} ${value.toFixed(1)} s`)
      .join(", "),
  );
  judge(theirs, await loadWordVectors(join(work, "vectors.txt")));
}

/** Seconds of one of the C tools. */
function run(tool: string, options: readonly string[], { input, output }: { input?: string; output?: string }): number {
  const stdin = input === undefined ? "ignore" : openSync(join(work, input), "r");
  const stdout = output === undefined ? "ignore" : openSync(join(work, output), "w");
  const started = performance.now();
  const { status } = spawnSync(join(home, "build", tool), ["-verbose", "0", ...options], {
    cwd: work,
    stdio: [stdin, stdout, "ignore"],
  });
  const seconds = (performance.now() - started) / 1000;
  for (const file of [stdin, stdout]) if (typeof file === "number") closeSync(file);
  if (status !== 0) throw new Error(`${tool} failed.`);
  return seconds;
}

function judge(side: Side, vectors: WordVectors): void {
  const { accuracy, semantic, syntactic } = evaluateAnalogies(vectors, questions, { restrict: 30_000 });
  const [total, sem, syn] = [accuracy, semantic.accuracy, syntactic.accuracy].map((value) => value * 100);
  side.quality.push({ total, semantic: sem, syntactic: syn });
}
