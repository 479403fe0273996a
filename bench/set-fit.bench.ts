/**
 * SetFit: classifiers from 8 examples a class of SST-2 and TREC with MiniLM as body, against Python setfit's pairs, loss, settings and head on
 * the same examples. SEMSPACE_BENCH_SEEDS says how many draws of examples are averaged (the bar wants 5), SEMSPACE_BENCH_TEST how many test texts
 * are asked at most, SEMSPACE_BENCH_SETS which sets.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { shuffled } from "../src/training/samplers/shuffled.ts";
import { setFit } from "../src/training/set-fit.ts";
import { transformerLearner } from "../src/training/transformer/transformer-learner.ts";
import { type BenchRow, clock, need, Peer, record } from "./harness.ts";
import { labelledFiles } from "./labelled-texts.ts";

const seeds = Number(process.env["SEMSPACE_BENCH_SEEDS"] ?? 5);
const asked = Number(process.env["SEMSPACE_BENCH_TEST"] ?? Infinity);
const sets = (process.env["SEMSPACE_BENCH_SETS"] ?? "SST-2,TREC").split(",") as ("SST-2" | "TREC")[];
const model = join(homedir(), ".cache/semspace/models/all-MiniLM-L6-v2");
need(model, "the model all-MiniLM-L6-v2 (npm run models -- all-MiniLM-L6-v2)");
const peer = new Peer("set_fit.py", [], { OMP_NUM_THREADS: "1" });
const rows: BenchRow[] = [];

for (const name of sets) {
  const files = labelledFiles(name);
  const training = read(files.train);
  const whole = read(files.test);
  const test = Array.from(shuffled(whole.length, randomNumbers(0)), (i) => whole[i]).slice(0, asked);
  const scores = { ours: [] as number[], peer: [] as number[], before: [] as number[] };
  const seconds = { ours: 0, peer: 0 };
  for (let seed = 1; seed <= seeds; seed += 1) {
    const examples = fewOfEach(training, seed);
    const texts = examples.map(({ text }) => text);
    const labels = examples.map(({ label }) => label);
    const questions = test.map(({ text }) => text);
    const score = (predictions: readonly string[]): number =>
      (100 * predictions.filter((label, i) => label === test[i].label).length) / test.length;
    const learner = await transformerLearner({ model, threads: 1 });
    const before = await setFit({ learner, texts, labels, maxSteps: 1, learningRate: 1e-12 });
    scores.before.push(score(await before.predict(questions)));
    seconds.ours += await clock(async () => {
      const classifier = await setFit({ learner, texts, labels, seed });
      scores.ours.push(score(await classifier.predict(questions)));
    });
    await learner.dispose();
    const request = { model, texts, labels, test: questions, seed };
    let answer: { predictions: string[] } = { predictions: [] };
    seconds.peer += await clock(async () => {
      answer = await peer.ask(request);
    });
    scores.peer.push(score(answer.predictions));
    console.error(name, seed, scores.before.at(-1), scores.ours.at(-1), scores.peer.at(-1));
  }
  const [ours, theirs, start] = [mean(scores.ours), mean(scores.peer), mean(scores.before)];
  rows.push({
    what: `${name}, 8 examples a class: accuracy on ${test.length} texts, mean of ${seeds} draws`,
    ours: `${ours.toFixed(1)} (${start.toFixed(1)} with the body as it was)`,
    peer: theirs.toFixed(1),
    figure: `${ours - theirs >= 0 ? "+" : ""}${(ours - theirs).toFixed(1)} points`,
    bar: "within 1 point, or above",
    reached: ours - theirs >= -1,
  });
  rows.push({
    what: `${name}: time of training and of the test's predictions, one thread`,
    ours: `${(seconds.ours / seeds).toFixed(0)} s`,
    peer: `${(seconds.peer / seeds).toFixed(0)} s`,
    figure: `${(seconds.peer / seconds.ours).toFixed(2)} x`,
    bar: "reported",
    reached: true,
  });
  record(
    "set-fit",
    rows,
    "setfit 1.1.3's sampler with sentence-transformers 6.2 and torch; its body learns with dropout, ours without.",
  );
}
peer.close();

interface Labelled {
  label: string;
  text: string;
}

function read(path: string): Labelled[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [, label, text] = /^__label__(\S+) (.*)$/.exec(line)!;
    return { label, text };
  });
}

function fewOfEach(all: readonly Labelled[], seed: number): Labelled[] {
  const order = Array.from(shuffled(all.length, randomNumbers(seed)), (i) => all[i]);
  const labels = [...new Set(all.map(({ label }) => label))].toSorted();
  return labels.flatMap((label) => order.filter((each) => each.label === label).slice(0, 8));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
