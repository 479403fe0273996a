/**
 * Fine-tuning all-MiniLM-L6-v2 on STS-B's training set against sentence-transformers and torch: the same batches in the same order, cosine similarity loss, AdamW, warm-up
 * 10 %, linear decay, clip 1, no dropout. The sides take turns of 20 steps. Then steps with all threads in turns, and two threads' gradients 20 times.
 * SEMSPACE_BENCH_STEPS: how many of the epoch's 360 steps are done, with the whole epoch's schedule.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { datasetOf } from "../src/training/data/dataset.ts";
import { spearman } from "../src/evaluation/index.ts";
import { Matrix } from "../src/matrix/index.ts";
import type { Embedder } from "../src/texts/index.ts";
import { epochBatches } from "../src/training/samplers/samplers.ts";
import { learningRates } from "../src/training/schedules/learning-rate.ts";
import { losses } from "../src/training/losses/index.ts";
import { train } from "../src/training/train.ts";
import { transformerLearner } from "../src/training/transformer/transformer-learner.ts";
import { type BenchRow, need, Peer, record, sharedData, timing } from "./harness.ts";

const model = join(process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models"), "all-MiniLM-L6-v2");
need(model, "all-MiniLM-L6-v2 (npm run models -- all-MiniLM-L6-v2)");
const batchSize = 16;
const seed = 1;
const turn = Math.min(20, Number(process.env["SEMSPACE_BENCH_STEPS"] ?? 20));

interface Answer {
  losses: number[];
  spearman: number;
  cpu: number;
  wall: number;
  peak: number;
}

const trainSet = pairsOf("sts-train.csv");
const dev = pairsOf("sts-dev.csv");
const data = datasetOf(
  { sentence1: trainSet.a, sentence2: trainSet.b },
  { labels: Float32Array.from(trainSet.scores) },
);
const batches = await epochBatches(data, { sampler: "shuffled", batchSize, seed, epoch: 0 });
const rate = learningRates({ learningRate: 2e-5, warmup: 0.1, schedule: "linear", steps: batches.length });
const steps = Math.min(batches.length, Number(process.env["SEMSPACE_BENCH_STEPS"] ?? batches.length));
const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });
const batchFile = join(work, "fine-tuning.json");
writeFileSync(
  batchFile,
  JSON.stringify({
    batches: batches.map((rows) => ({
      a: Array.from(rows, (i) => trainSet.a[i]),
      b: Array.from(rows, (i) => trainSet.b[i]),
      scores: Array.from(rows, (i) => trainSet.scores[i]),
    })),
    rates: batches.map((_, i) => rate(i)),
    dev,
  }),
);
const rows: BenchRow[] = [];
for (const part of [sameBits, allThreads, parity]) {
  await part();
  record("fine-tuning", rows, `${steps} of ${batches.length} steps; the sides take turns of ${turn} steps.`);
}

/** One thread each: losses, quality, CPU time, memory. */
async function parity(): Promise<void> {
  const peer = new Peer("fine_tune_sts.py", [model, batchFile], { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" });
  const before = (await peer.ask<Answer>({ evaluate: true })).spearman;
  const learner = await transformerLearner({ model, threads: 1 });
  const theirs: number[] = [];
  const cpu = { ours: [] as number[], theirs: [] as number[] };
  let used = process.cpuUsage();
  let peak = 0;
  const { records } = await train({
    ...{ learner, data, loss: losses.cosineSimilarity(), batchSize, seed, learningRate: 2e-5, warmup: 0.1, clip: 1 },
    ...{ maxSteps: steps, evaluateEvery: turn, keepBest: false },
    async evaluate() {
      const { user, system } = process.cpuUsage(used);
      cpu.ours.push((user + system) / 1e6 / turn);
      const answer = await peer.ask<Answer>({ steps: turn });
      theirs.push(...answer.losses);
      cpu.theirs.push(answer.cpu / turn);
      peak = Math.max(peak, process.memoryUsage().rss);
      console.error(
        `${theirs.length} steps, loss ${theirs.at(-1)?.toFixed(5)}, CPU ${cpu.ours.at(-1)?.toFixed(3)} and ${cpu.theirs.at(-1)?.toFixed(3)} s a step`,
      );
      used = process.cpuUsage();
      return 0;
    },
  });
  const ours = records.flatMap((one) => ("loss" in one ? [one.loss] : []));
  const worst = Math.max(...theirs.map((loss, i) => Math.abs(ours[i] - loss) / loss));
  const own = spearman(await cosines(learner.embedder()), dev.scores);
  const their = (await peer.ask<Answer>({ evaluate: true })).spearman;
  const folder = join(work, "fine-tuned");
  await learner.save(folder);
  await learner.dispose();
  peer.close();
  const saved = new Peer("fine_tune_sts.py", [folder, batchFile], { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" });
  const inPython = (await saved.ask<Answer>({ evaluate: true })).spearman;
  saved.close();
  const [a, b] = [timing(cpu.ours), timing(cpu.theirs)];
  const part = steps === batches.length ? "one epoch" : `${steps} of ${batches.length} steps of an epoch`;
  rows.push(
    {
      what: `STS-B, ${part}: Spearman on dev (before: ${(100 * before).toFixed(2)})`,
      ours: (100 * own).toFixed(2),
      peer: (100 * their).toFixed(2),
      figure: (100 * (own - their)).toFixed(3),
      bar: ">= -0.3 and above the start",
      reached: own >= their - 0.003 && own > before,
    },
    {
      what: `losses of the same ${theirs.length} batches, largest relative difference`,
      ours: ours[theirs.length - 1].toFixed(6),
      peer: theirs[theirs.length - 1].toFixed(6),
      figure: worst.toExponential(1),
      bar: "<= 1e-3",
      reached: worst <= 1e-3,
    },
    {
      what: "the saved folder in sentence-transformers, Spearman",
      ours: (100 * own).toFixed(3),
      peer: (100 * inPython).toFixed(3),
      figure: Math.abs(100 * (own - inPython)).toExponential(1),
      bar: "<= 0.01",
      reached: Math.abs(own - inPython) <= 1e-4,
    },
    ratioRow("a whole step (tokens, both passes, clip, AdamW), one thread, CPU seconds", a, b),
    {
      what: "memory of a training, pairs of 16 (32 texts a batch)",
      ours: `${(peak / 1e9).toFixed(2)} GB`,
      peer: "",
      figure: `${(peak / 1e9).toFixed(2)} GB`,
      bar: "<= 2.5 GB",
      reached: peak <= 2.5e9,
    },
  );
}

function ratioRow(what: string, ours: ReturnType<typeof timing>, theirs: ReturnType<typeof timing>): BenchRow {
  const ratio = ours.median / theirs.median;
  const spread = (100 * Math.max(ours.spread, theirs.spread)).toFixed(0);
  return {
    what,
    ours: `${ours.median.toFixed(3)} s`,
    peer: `${theirs.median.toFixed(3)} s`,
    figure: `${ratio.toFixed(2)} times torch's (spread ${spread} %)`,
    bar: "<= 1.1 times",
    reached: ratio <= 1.1,
  };
}

/** Wall time of steps in turns, both sides with all threads. */
async function allThreads(): Promise<void> {
  const threads = availableParallelism();
  const environment = { OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: "1" };
  const peer = new Peer("fine_tune_sts.py", [model, batchFile], environment);
  await peer.ask({ steps: 2 });
  const learner = await transformerLearner({ model, threads });
  const wall = { ours: [] as number[], theirs: [] as number[] };
  let begun = performance.now();
  await train({
    ...{ learner, data, loss: losses.cosineSimilarity(), batchSize, seed, learningRate: 2e-5, warmup: 0.1, clip: 1 },
    ...{ maxSteps: 8, evaluateEvery: 2, keepBest: false },
    async evaluate() {
      wall.ours.push((performance.now() - begun) / 2000);
      wall.theirs.push((await peer.ask<Answer>({ steps: 2 })).wall / 2);
      begun = performance.now();
      return 0;
    },
  });
  await learner.dispose();
  peer.close();
  // The first turn opens what the others find open.
  rows.push(
    ratioRow(
      `a whole step, ${threads} threads, wall seconds`,
      timing(wall.ours.slice(1)),
      timing(wall.theirs.slice(1)),
    ),
  );
}

/** Gradients of one batch with words that come several times, two threads, 20 times. */
async function sameBits(): Promise<void> {
  const learner = await transformerLearner({ model, threads: 2 });
  const texts = Array.from(batches[0], (i) => trainSet.a[i]);
  const hashes = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const vectors = await learner.encode(texts);
    const upstream = new Matrix(
      vectors.data.map((_, i) => Math.sin(i)),
      vectors.rows,
      vectors.columns,
    );
    const gradients = await learner.backward(upstream);
    const hash = createHash("sha256");
    for (const { dense, rows: some } of gradients) hash.update(dense ?? some!.values);
    hashes.add(hash.digest("hex"));
  }
  await learner.dispose();
  rows.push({
    what: "gradients of a batch, two threads, 20 times",
    ours: `${hashes.size} different`,
    peer: "",
    figure: `${hashes.size} different`,
    bar: "1: equal to the bit",
    reached: hashes.size === 1,
  });
}

async function cosines(embedder: Embedder): Promise<number[]> {
  const [a, b] = [await embedder.encode(dev.a), await embedder.encode(dev.b)];
  return dev.a.map((_, i) => {
    const [x, y] = [a.row(i), b.row(i)];
    const dot = x.reduce((sum, value, k) => sum + value * y[k], 0);
    return dot / (Math.hypot(...x) * Math.hypot(...y));
  });
}

function pairsOf(name: string): { a: string[]; b: string[]; scores: number[] } {
  const path = join(sharedData, "sts", name);
  need(path, "STS-B");
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  return {
    a: lines.map((line) => line[5]),
    b: lines.map((line) => line[6]),
    scores: lines.map((line) => Number(line[4]) / 5),
  };
}
