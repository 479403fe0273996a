/**
 * Training a static table of 30,522 x 256 with MultipleNegativesRanking and Matryoshka (256, 128, 64) at batch 2,048 on pairs of adjacent
 * sentences of Wikipedia, against sentence-transformers' trainer: the same random start, settings and pairs, tokenising on both sides,
 * both with all cores and their own order of batches. Then Python reads the trained folder, and both trained tables are measured on STS-B dev.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pairwiseSimilarity } from "../src/matrix/index.ts";
import { spearman } from "../src/evaluation/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { loadStaticModel } from "../src/texts/static/index.ts";
import { losses } from "../src/training/losses/index.ts";
import { type Dataset, loadDataset, staticLearner, train } from "../src/training/index.ts";
import { type BenchRow, need, Peer, record, sharedData, timing } from "./harness.ts";

const BATCH = 2048;
/** Pairs of a timed round, and of the run that is measured. */
const ROUND = 6 * BATCH;
const WHOLE = 24 * BATCH;
const ROUNDS = 2;
const RATE = 0.2;

const tokenizer = join(homedir(), ".cache/semspace/models/all-MiniLM-L6-v2");
const corpus = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
const sts = join(sharedData, "sts/sts-dev.csv");
need(corpus, "the Wikipedia corpus");
need(sts, "STS-B dev");
need(tokenizer, "the tokenizer of all-MiniLM-L6-v2 (npm run models -- all-MiniLM-L6-v2)");
const work = join(import.meta.dirname, "work/static-training");
mkdirSync(work, { recursive: true });
const pairs = join(work, "pairs.jsonl");
const start = join(work, "start");
writeFileSync(pairs, adjacentSentences(WHOLE));
await (await staticLearner({ tokenizer, dimensions: 256 }, { maxLength: null, normalize: false })).save(start);

interface Run {
  seconds: number;
  cpu: number;
  steps: number;
}

const peer = new Peer("static_training.py");
const ask = (count: number, output?: string): Promise<Run> =>
  peer.ask<Run>({ model: start, pairs, count, batch: BATCH, rate: RATE, output });

/** Ours with the trainer's settings of transformers: AdamW without decay, gradients clipped to 1, a tenth of warm-up, linear. */
async function ours(data: Dataset, output?: string): Promise<Run> {
  const learner = await staticLearner({ model: start });
  const loss = losses.matryoshka(losses.multipleNegativesRanking(), { dimensions: [256, 128, 64] });
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const { steps } = await train({ learner, data, loss, batchSize: BATCH, learningRate: RATE, clip: 1 });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - wall) / 1000;
  if (output !== undefined) await learner.save(output);
  await learner.dispose();
  return { seconds, cpu: (user + system) / 1e6, steps };
}

const some = await loadDataset(pairs, { limit: ROUND });
const runs: { ours: Run; theirs: Run }[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const run = { ours: await ours(some), theirs: await ask(ROUND) };
  // The first one compiles and fills caches on both sides.
  if (round > 0) runs.push(run);
  console.log(JSON.stringify(run));
}
const [mine, peers] = [join(work, "ours"), join(work, "theirs")];
const whole = { ours: await ours(await loadDataset(pairs), mine), theirs: await ask(WHOLE, peers) };
peer.close();

const rows: BenchRow[] = [];
for (const kind of ["seconds", "cpu"] as const) {
  const [a, b] = (["ours", "theirs"] as const).map((side) => timing(runs.map((run) => run[side][kind])).median);
  rows.push({
    what: `pairs a second, ${kind === "cpu" ? "of CPU time" : "wall clock"}`,
    ours: `${(ROUND / a).toFixed(0)} (${((a / runs[0].ours.steps) * 1000).toFixed(0)} ms a step)`,
    peer: `${(ROUND / b).toFixed(0)} (${((b / runs[0].ours.steps) * 1000).toFixed(0)} ms a step)`,
    figure: `${(b / a).toFixed(2)} times`,
    bar: kind === "cpu" ? "reported" : ">= 1.5 times",
    reached: kind === "cpu" || b / a >= 1.5,
  });
}
const [own, other] = [await stsDev(mine), await stsDev(peers)];
rows.push({
  what: `STS-B dev after ${whole.ours.steps} steps from random vectors, Spearman`,
  ours: own.toFixed(2),
  peer: other.toFixed(2),
  figure: `difference ${(own - other).toFixed(2)}`,
  bar: ">= -0.5",
  reached: own - other >= -0.5,
});
for (const reader of ["sentence-transformers", "model2vec"] as const) {
  const difference = await readByPython(reader);
  rows.push({
    what: `the folder that we saved, read by ${reader}`,
    ours: "500 sentences",
    peer: "the same",
    figure: `largest difference ${difference.toExponential(1)}`,
    bar: "<= 1e-5",
    reached: difference <= 1e-5,
  });
}
record("static-training", rows, `${WHOLE.toLocaleString("en")} pairs, batch ${BATCH}, two threads on both sides.`);

function adjacentSentences(count: number): string {
  const lines: string[] = [];
  const text = gunzipSync(readFileSync(corpus), { maxOutputLength: 1 << 30 }).toString("utf8");
  for (const paragraph of text.split("\n")) {
    const sentences = paragraph
      .split(/(?<=[.!?])\s+(?=[A-Z])/)
      .filter((sentence) => sentence.length >= 20 && sentence.length <= 400);
    for (let i = 0; i + 1 < sentences.length && lines.length < count; i += 2)
      lines.push(JSON.stringify({ anchor: sentences[i], positive: sentences[i + 1] }));
    if (lines.length >= count) break;
  }
  return `${lines.join("\n")}\n`;
}

/** Spearman of cosine and score, in percent. */
async function stsDev(folder: string): Promise<number> {
  const cells = readFileSync(sts, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const embedder = await loadEmbedder(folder);
  const [a, b] = [await embedder.encode(cells.map((row) => row[5])), await embedder.encode(cells.map((row) => row[6]))];
  await embedder.dispose();
  const scores = cells.map((row) => Number(row[4]));
  return 100 * spearman(pairwiseSimilarity(a, b), scores);
}

/** The largest difference between our vectors of some sentences and Python's from the same folder. */
async function readByPython(reader: "sentence-transformers" | "model2vec"): Promise<number> {
  const texts = readFileSync(pairs, "utf8")
    .split("\n", 500)
    .map((line) => (JSON.parse(line) as { anchor: string }).anchor);
  const [path, output] = [join(work, "texts.json"), join(work, "vectors.f32")];
  writeFileSync(path, JSON.stringify(texts));
  const parity = new Peer("static_parity.py");
  await parity.ask({ folder: mine, reader, texts: path, output });
  parity.close();
  const bytes = readFileSync(output);
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const model = await loadStaticModel(mine, { reading: reader });
  const vectors = model.encodeTexts(texts);
  await model.dispose();
  if (theirs.length !== vectors.data.length) return Infinity;
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - vectors.data[i])), 0);
}
