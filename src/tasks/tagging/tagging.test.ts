import { expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { entityScores } from "../../evaluation/index.ts";
import { allowedSteps, spansOf, toBio } from "./bio.ts";
import { chainOf, type ChainScores, forwardBackward, viterbi } from "./crf.ts";
import { crfObjective } from "./fit-crf.ts";
import { readConll } from "./index.ts";

const labels = ["O", "B-x", "I-x", "B-y", "I-y"];
const n = labels.length;
const allowed = allowedSteps(labels);
const random = randomNumbers(3);
const chain: ChainScores = {
  labels: n,
  steps: Float64Array.from({ length: n * n }, (_, i) => (allowed.steps[i] ? random() * 2 - 1 : -Infinity)),
  starts: Float64Array.from({ length: n }, (_, i) => (allowed.starts[i] ? random() : -Infinity)),
  ends: Float64Array.from({ length: n }, () => random()),
};
const length = 5;
const emissions = { data: Float64Array.from({ length: length * n }, () => 4 * random() - 2), at: 0, length };

/** Every labelling with its score. */
function everyPath(): { path: number[]; score: number }[] {
  return Array.from({ length: n ** length }, (_, code) => {
    const path = Array.from({ length }, (__, t) => Math.floor(code / n ** t) % n);
    let score = chain.starts[path[0]] + chain.ends[path[length - 1]];
    for (const [t, label] of path.entries())
      score += emissions.data[t * n + label] + (t > 0 ? chain.steps[path[t - 1] * n + label] : 0);
    return { path, score };
  });
}

test("forward-backward gives the sum over all labellings, and each label's share of it", () => {
  const marginals = new Float64Array(length * n);
  const counts = { steps: new Float64Array(n * n), starts: new Float64Array(n), ends: new Float64Array(n) };
  const logTotal = forwardBackward(chainOf(chain), emissions, { marginals, counts });
  const paths = everyPath();
  const total = paths.reduce((sum, { score }) => sum + Math.exp(score), 0);
  expect(logTotal).toBeCloseTo(Math.log(total), 10);
  const known = new Float64Array(length * n);
  const steps = new Float64Array(n * n);
  for (const { path, score } of paths) {
    for (const [t, label] of path.entries()) {
      known[t * n + label] += Math.exp(score) / total;
      if (t > 0) steps[path[t - 1] * n + label] += Math.exp(score) / total;
    }
  }
  for (let i = 0; i < known.length; i += 1) expect(marginals[i]).toBeCloseTo(known[i], 10);
  for (let i = 0; i < steps.length; i += 1) expect(counts.steps[i]).toBeCloseTo(steps[i], 10);
});

test("Viterbi finds the labelling with the highest score, and none that is not allowed", () => {
  const best = everyPath().reduce((a, b) => (b.score > a.score ? b : a));
  const found = [...viterbi(chain, emissions)];
  expect(found).toEqual(best.path);
  const all = { steps: chain.steps, starts: chain.starts, ends: chain.ends, labels: n };
  const strong = { data: Float64Array.from({ length: length * n }, (_, i) => (i % n === 2 ? 9 : 0)), at: 0, length };
  // I-x is wanted everywhere, but something must begin it.
  expect(labels[viterbi(all, strong)[0]]).toBe("B-x");
  expect([...viterbi(all, { ...strong, length: 0 })]).toEqual([]);
});

test("the gradient of the objective is that of finite differences", () => {
  const columns = 3;
  const vectors = new Matrix(
    Float32Array.from({ length: 7 * columns }, () => random() - 0.5),
    7,
    columns,
  );
  const rows = { vectors, labels: Int32Array.from([1, 2, 0, 0, 3, 4, 1]), starts: Int32Array.from([0, 3, 3, 7]) };
  const { objective, length: size } = crfObjective(rows, n, { C: 0.5, allowed });
  const x = Float64Array.from({ length: size }, () => random() - 0.5);
  const gradient = new Float64Array(size);
  objective(x, gradient);
  const ignored = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    const at = (delta: number): number =>
      objective(
        x.map((value, j) => (j === i ? value + delta : value)),
        ignored,
      );
    // The products are float32: steps must be wide.
    expect(Math.abs((at(0.01) - at(-0.01)) / 0.02 - gradient[i]), `parameter ${i}`).toBeLessThan(2e-4);
  }
});

test("labels of other schemes become BIO, and BIO becomes stretches", () => {
  expect(toBio(["I-x", "I-x", "B-x", "O", "I-y"])).toEqual(["B-x", "I-x", "B-x", "O", "B-y"]);
  expect(toBio(["B-x", "I-x", "E-x", "S-y", "I-x"])).toEqual(["B-x", "I-x", "I-x", "B-y", "B-x"]);
  expect(spansOf(["B-x", "I-x", "B-x", "O", "B-y"])).toEqual([
    { label: "x", start: 0, end: 2 },
    { label: "x", start: 2, end: 3 },
    { label: "y", start: 4, end: 5 },
  ]);
  expect(() => toBio(["x"])).toThrow('The sentence has the label "x". Labels are O, B-NAME and I-NAME.');
});

test("CoNLL's columns are read, with tabs or spaces, comments and document marks left out", () => {
  const text = "-DOCSTART- -X- O O\n\n# a comment\nIn IN O\nNew NNP I-LOC\nYork NNP I-LOC\r\n\n\t\nYes\tO\n";
  expect(readConll(text)).toEqual([
    { tokens: ["In", "New", "York"], labels: ["O", "B-LOC", "I-LOC"] },
    { tokens: ["Yes"], labels: ["O"] },
  ]);
  expect(() => readConll("In O\nNew\n")).toThrow(
    'Line 2 must hold a token and its label between spaces or a tab, got "New".',
  );
  expect(() => readConll("\nIn XX\n")).toThrow('The sentence from line 2 has the label "XX"');
  expect(readConll("")).toEqual([]);
});

test("entities count whole or not at all", () => {
  const truth = [
    [
      { label: "x", start: 0, end: 2 },
      { label: "y", start: 3, end: 4 },
    ],
    [],
  ];
  const found = [
    [
      { label: "x", start: 0, end: 1 },
      { label: "y", start: 3, end: 4 },
      { label: "y", start: 3, end: 4 },
    ],
    [],
  ];
  const { f1, precision, recall, byLabel } = entityScores(truth, found);
  expect({ precision, recall }).toEqual({ precision: 1 / 3, recall: 1 / 2 });
  expect(f1).toBeCloseTo(0.4, 12);
  expect(byLabel["x"].f1).toBe(0);
  expect(entityScores([[]], [[]]).f1).toBe(0);
  expect(() => entityScores([[]], [])).toThrow("got 0");
});
