/**
 * Routing: TREC's six question classes as intents from ten examples each (five draws), its test questions, and half as many SST-2 sentences
 * as foreign input; beside scikit-learn's logistic regression on the same vectors with a probability threshold that lets the same
 * share of the examples through in cross-validation. Neither side is given foreign examples; ours has its own 64 sentences.
 * A refused question counts as wrong; refusal F1 is that of "none of these".
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Matrix } from "../src/matrix/index.ts";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { createRouter } from "../src/tasks/routing/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { type BenchRow, Peer, record, timing } from "./harness.ts";
import { type BenchModel, benchModels, type LabelledVectors, labelledVectors } from "./unit-vectors.ts";

const keep = 0.95;
const peer = new Peer("sklearn_uses.py", [], { OMP_NUM_THREADS: "1" });
const work = mkdtempSync(join(tmpdir(), "semspace-routing-"));
const rows: BenchRow[] = [];
try {
  for (const model of benchModels) rows.push(...(await measured(model)));
} finally {
  peer.close();
  rmSync(work, { recursive: true });
}
record(
  "routing",
  rows,
  "Mean of five draws; both thresholds let 95 % of the examples through in cross-validation. Figures times 100.",
);

interface Figures {
  accuracy: number;
  refusal: number;
}

async function measured(model: BenchModel): Promise<BenchRow[]> {
  const [train, test] = [await labelledVectors("TREC", "train", model), await labelledVectors("TREC", "test", model)];
  const foreign = await labelledVectors("SST-2", "test", model);
  const embedder = await (model === "MiniLM"
    ? loadEmbedder(join(homedir(), ".cache/semspace/models/all-MiniLM-L6-v2"))
    : loadEmbedder());
  const random = randomNumbers(7);
  const [ours, theirs]: [Figures[], Figures[]] = [[], []];
  let milliseconds = 0;
  for (let draw = 0; draw < 5; draw += 1) {
    const examples = drawnExamples(train, random);
    const strangers = drawn(foreign.texts.length, test.texts.length / 2, random);
    const asked = joined([
      [test, [...test.texts.keys()]],
      [foreign, strangers],
    ]);
    const truth = [...test.labels, ...strangers.map(() => undefined)];
    const intents = Object.fromEntries(
      [...new Set(train.labels)].map((label) => [
        label,
        examples.filter((i) => train.labels[i] === label).map((i) => train.texts[i]),
      ]),
    );
    const router = await createRouter(embedder, intents, { keep });
    ours.push(
      figures(
        router.routeVectors(asked).map(({ intent }) => intent),
        truth,
      ),
    );
    const request = { task: "routes", columns: asked.columns, keep, labels: examples.map((i) => train.labels[i]) };
    const files = { vectors: save("examples", joined([[train, examples]])), asked: save("asked", asked) };
    const { routes } = await peer.ask<{ routes: (string | null)[] }>({ ...request, ...files });
    theirs.push(
      figures(
        routes.map((label) => label ?? undefined),
        truth,
      ),
    );
    milliseconds = await latency((text) => router.route(text), test.texts);
  }
  await embedder.dispose();
  const mean = (list: Figures[], name: keyof Figures): number =>
    (100 * list.reduce((sum, one) => sum + one[name], 0)) / list.length;
  const compared = (what: string, name: keyof Figures): BenchRow => {
    const [a, b] = [mean(ours, name), mean(theirs, name)];
    return {
      what: `${model}: ${what}`,
      ours: a.toFixed(1),
      peer: `${b.toFixed(1)} (scikit-learn)`,
      figure: (a - b).toFixed(1),
      bar: ">= 0",
      reached: a >= b,
    };
  };
  const found = [compared("accuracy on questions", "accuracy"), compared("refusal F1", "refusal")];
  if (model === "MiniLM") return found;
  const speed = {
    ours: `${milliseconds.toFixed(3)} ms`,
    peer: "none",
    figure: `${milliseconds.toFixed(3)} ms`,
    bar: "< 1 ms",
  };
  return [...found, { what: `${model}: a command, median`, ...speed, reached: milliseconds < 1 }];
}

/** Ten of each label. */
function drawnExamples({ labels }: LabelledVectors, random: () => number): number[] {
  return [...new Set(labels)].toSorted().flatMap((label) => {
    const members = [...labels.keys()].filter((i) => labels[i] === label);
    return drawn(members.length, 10, random).map((i) => members[i]);
  });
}

function drawn(from: number, count: number, random: () => number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * from));
  return [...chosen];
}

function joined(parts: readonly (readonly [LabelledVectors, readonly number[]])[]): Matrix {
  return Matrix.fromRows(parts.flatMap(([{ vectors }, picked]) => picked.map((i) => vectors.row(i))));
}

function figures(routes: readonly (string | undefined)[], truth: readonly (string | undefined)[]): Figures {
  const count = (test: (i: number) => boolean): number => [...truth.keys()].filter((i) => test(i)).length;
  const questions = count((i) => truth[i] !== undefined);
  const refused = count((i) => routes[i] === undefined);
  const both = count((i) => routes[i] === undefined && truth[i] === undefined);
  return {
    accuracy: count((i) => truth[i] !== undefined && routes[i] === truth[i]) / questions,
    refusal: (2 * both) / (refused + truth.length - questions),
  };
}

async function latency(route: (text: string) => Promise<unknown>, texts: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (const text of texts.slice(0, 200)) {
    const start = performance.now();
    await route(text);
    times.push(performance.now() - start);
  }
  return timing(times).median;
}

function save(name: string, { data }: Matrix): string {
  const path = join(work, `${name}.f32`);
  writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return path;
}
