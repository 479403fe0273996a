/**
 * Clusters of 20 Newsgroups' unit vectors (the shipped model's), beside scikit-learn on the same ones: k-means with one start and scikit-learn's
 * own settings, five seeds; small batches; HDBSCAN on five samples; UMAP's trustworthiness on a sample, beside umap-learn. CPU
 * seconds, one thread each, the sides in turns.
 */
import { clusterAgreement } from "../src/evaluation/v-measure.ts";
import { hdbscan, kMeans, Matrix } from "../src/matrix/index.ts";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { umap } from "../src/projection/index.ts";
import { type BenchRow, Peer, record, timing } from "./harness.ts";
import { labelledVectors } from "./unit-vectors.ts";

const seeds = [1, 2, 3, 4, 5];
const peer = new Peer("sklearn_uses.py", [], {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  NUMBA_NUM_THREADS: "1",
});
const { vectors, labels, file } = await labelledVectors("20 Newsgroups", "train", "shipped");
const shape = { vectors: file, rows: vectors.rows, columns: vectors.columns };

interface Side {
  score: number;
  seconds: number;
}

const rows = [
  ...(await compared("k-means", undefined)),
  ...(await compared("k-means, batches of 1024", 1024)),
  await densities(),
  await planes(),
];
peer.close();
record(
  "clustering",
  rows,
  "V-measure against the 20 groups, times 100. CPU seconds on one thread, median of five runs in turns.",
);

function cpu<T>(work: () => T): { result: T; seconds: number } {
  const { user, system } = process.cpuUsage();
  const result = work();
  const end = process.cpuUsage();
  return { result, seconds: (end.user + end.system - user - system) / 1e6 };
}

function vMeasure(truth: readonly string[], found: ArrayLike<number>): number {
  return clusterAgreement(truth, Array.from(found, String)).vMeasure;
}

async function compared(name: string, batch: number | undefined): Promise<BenchRow[]> {
  const [ours, theirs]: [Side[], Side[]] = [[], []];
  const run = (seed: number) =>
    cpu(() => kMeans(vectors, { clusters: 20, starts: 1, seed, ...(batch !== undefined && { batch }) }));
  run(0);
  for (const seed of seeds) {
    const { result, seconds } = run(seed);
    ours.push({ score: vMeasure(labels, result.labels), seconds });
    const answer = await peer.ask<{ labels: number[]; seconds: number }>({
      task: "kmeans",
      ...shape,
      clusters: 20,
      seed,
      batch,
    });
    theirs.push({ score: vMeasure(labels, answer.labels), seconds: answer.seconds });
  }
  const [a, b] = [ours, theirs].map((side) => timing(side.map(({ seconds }) => seconds)).median);
  return [
    scores(`${name}, ${vectors.rows} x ${vectors.columns}, k = 20: V-measure`, ours, theirs),
    {
      what: `${name}: time`,
      ...{ ours: `${a.toFixed(2)} s`, peer: `${b.toFixed(2)} s (scikit-learn)`, figure: `${(b / a).toFixed(1)} times` },
      ...(batch === undefined ? { bar: ">= 1", reached: b >= a } : { bar: "none", reached: true }),
    },
  ];
}

async function densities(): Promise<BenchRow> {
  const [ours, theirs]: [Side[], Side[]] = [[], []];
  for (const seed of seeds) {
    const pick = sample(2000, seed);
    const part = Matrix.fromRows(pick.map((i) => vectors.row(i)));
    const truth = pick.map((i) => labels[i]);
    const { result, seconds } = cpu(() => hdbscan(part, { least: 5 }));
    ours.push({ score: vMeasure(truth, result.labels), seconds });
    const answer = await peer.ask<{ labels: number[]; seconds: number }>({ task: "hdbscan", ...shape, least: 5, pick });
    theirs.push({ score: vMeasure(truth, answer.labels), seconds: answer.seconds });
  }
  const [a, b] = [ours, theirs].map((side) => timing(side.map(({ seconds }) => seconds)).median.toFixed(1));
  return scores(`HDBSCAN, five samples of 2000, at least 5 (${a} s, ${b} s): V-measure`, ours, theirs);
}

async function planes(): Promise<BenchRow> {
  const pick = sample(1500, 1);
  const part = Matrix.fromRows(pick.map((i) => vectors.row(i)));
  const { result, seconds } = cpu(() => umap(part));
  const answer = await peer.ask<{ ours: number; theirs: number; seconds: number }>({
    task: "umap",
    ...shape,
    pick,
    ours: result.toArray(),
  });
  return {
    what: `UMAP, 1500 posts (${seconds.toFixed(1)} s, ${answer.seconds.toFixed(1)} s): trustworthiness of 15 neighbours`,
    ...{ ours: answer.ours.toFixed(3), peer: `${answer.theirs.toFixed(3)} (umap-learn)` },
    ...{ figure: (answer.ours - answer.theirs).toFixed(3), bar: "none", reached: true },
  };
}

function scores(what: string, ours: readonly Side[], theirs: readonly Side[]): BenchRow {
  const [a, b] = [ours, theirs].map((side) => (100 * side.reduce((sum, { score }) => sum + score, 0)) / side.length);
  return {
    ...{ what, ours: a.toFixed(1), peer: `${b.toFixed(1)} (scikit-learn)`, figure: (a - b).toFixed(1) },
    ...{ bar: "within 1", reached: Math.abs(a - b) <= 1 },
  };
}

function sample(count: number, seed: number): number[] {
  const random = randomNumbers(seed);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * vectors.rows));
  return [...chosen];
}
