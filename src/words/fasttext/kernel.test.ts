/** assembly/fasttext.ts against the same steps in plain code, where no random number has a say. */
import { describe, expect, test } from "vitest";
import { fastTextCode } from "../../kernels/fasttext-code.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { huffmanTree } from "../training/huffman-tree.ts";
import { huffmanPaths } from "./huffman-paths.ts";
import { type FastTextLoss, type FastTextSettings, LABEL_PREFIX } from "./settings.ts";
import { fillRandom, readLoss, trainingLayout } from "./training-memory.ts";

interface Kernel {
  begin(parameters: number, low: number, high: number): void;
  skipGram(parameters: number, ids: number, count: number, rate: number): void;
  cbow(parameters: number, ids: number, count: number, rate: number): void;
  classify(
    ...places: [parameters: number, rows: number, parts: number, labels: number, count: number, rate: number]
  ): void;
}

const dimensions = 7;
const counts = Float64Array.from([9, 7, 6, 4, 3, 3, 2, 1]);
/** Each word has rows of its own, so that it is the same when they are written. */
const parts = Array.from(counts, (_, word) => [word, 8 + word * 2, 9 + word * 2]);
const rate = 0.1;

async function setUp(kind: FastTextSettings["kind"], loss: FastTextLoss, divide = false) {
  const settings: FastTextSettings = {
    ...{ kind, loss, dimensions, window: 1, epochs: 1, minCount: 1, negative: 5, wordNgrams: 1, buckets: 100 },
    ...{ minN: 3, maxN: 6, learningRateUpdate: 100, sample: 0, labelPrefix: LABEL_PREFIX },
  };
  const words = {
    keep: new Uint32Array(8).fill(0xffffffff),
    starts: Uint32Array.from({ length: 9 }, (_, i) => i * 3),
    rows: Uint32Array.from(parts.flat()),
  };
  const tables = { inputRows: 24, outputCounts: counts, words, longestBlock: 64, divide, lanes: 1 };
  const { layout, fill } = trainingLayout(settings, tables);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / 65_536) });
  fill(memory);
  fillRandom(memory, layout.input, { rows: 24, dimensions, seed: 4 });
  fillRandom(memory, layout.output, { rows: 8, dimensions, seed: 5 });
  const kernel = await instantiateKernel<Kernel>(fastTextCode, memory);
  kernel.begin(layout.lanes[0].parameters, 1, 2);
  const matrix = (at: number, rows: number): number[][] =>
    Array.from({ length: rows }, (_, i) => [...new Float32Array(memory.buffer, at + i * layout.rowBytes, dimensions)]);
  const matrices = () => ({ input: matrix(layout.input, 24), output: matrix(layout.output, 8) });
  return { kernel, memory, layout, lane: layout.lanes[0], matrices };
}

/** The plain steps: gives the loss of one right output, adds to the error and moves the outputs. */
function learn({ output, loss }: { output: number[][]; loss: FastTextLoss }, hidden: number[], targets: number[]) {
  const error = hidden.map(() => 0);
  let nats = 0;
  const move = (row: number, step: number): void => {
    for (let k = 0; k < dimensions; k += 1) {
      error[k] += step * output[row][k];
      output[row][k] += step * hidden[k];
    }
  };
  const dot = (row: number): number => output[row].reduce((sum, x, k) => sum + x * hidden[k], 0);
  const binary = (row: number, label: number): void => {
    const s = 1 / (1 + Math.exp(-dot(row)));
    nats -= Math.log(label ? s : 1 - s);
    move(row, rate * (label - s));
  };
  if (loss === "softmax") {
    const powers = output.map((_, row) => Math.exp(dot(row)));
    const total = powers.reduce((sum, x) => sum + x, 0);
    nats -= Math.log(powers[targets[0]] / total);
    for (const [row, power] of powers.entries()) move(row, rate * (Number(row === targets[0]) - power / total));
  } else if (loss === "hs") {
    const { starts, steps } = huffmanPaths(huffmanTree(counts));
    for (const step of steps.subarray(starts[targets[0]], starts[targets[0] + 1])) binary(step >> 1, step & 1);
  } else for (const row of output.keys()) binary(row, Number(targets.includes(row)));
  return { error, nats };
}

function mean(rows: readonly number[][]): number[] {
  return Array.from({ length: dimensions }, (_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
}

function expectClose(got: number[][], wanted: number[][]): void {
  for (const [i, row] of wanted.entries()) for (const [k, x] of row.entries()) expect(got[i][k]).toBeCloseTo(x, 5);
}

const sentence = [3, 0, 6, 1, 7, 2];

describe.each(["hs", "softmax"] as const)("word vectors with %s", (loss) => {
  test.each([
    ["skipgram", false],
    ["cbow", false],
    ["cbow", true],
  ] as const)("%s moves both matrices as the plain steps do, its error divided: %s", async (kind, divide) => {
    const { kernel, memory, lane, matrices } = await setUp(kind, loss, divide);
    const { input, output } = matrices();
    let nats = 0;
    for (const [i, word] of sentence.entries()) {
      const around = [i - 1, i + 1].filter((j) => j >= 0 && j < sentence.length).map((j) => sentence[j]);
      const rows = (kind === "skipgram" ? [word] : around).flatMap((w) => parts[w]);
      for (const target of kind === "skipgram" ? around : [word]) {
        const hidden = mean(rows.map((row) => input[row]));
        const { error, nats: some } = learn({ output, loss }, hidden, [target]);
        nats += some;
        for (const row of rows)
          for (let k = 0; k < dimensions; k += 1) input[row][k] += error[k] / (divide ? around.length : 1);
      }
    }
    new Int32Array(memory.buffer, lane.ids, 7).set([...sentence, -1]);
    kernel[kind === "cbow" ? "cbow" : "skipGram"](lane.parameters, lane.ids, 7, rate);
    expectClose(matrices().input, input);
    expectClose(matrices().output, output);
    expect(readLoss(memory, lane.parameters).loss).toBeCloseTo(nats, 4);
    expect(readLoss(memory, lane.parameters).losses).toBe(kind === "cbow" ? 6 : 10);
  });
});

test.each([
  ["hs", [5]],
  ["softmax", [5]],
  ["ova", [5, 2]],
] as const)("a classifier with %s moves both matrices as the plain steps do", async (loss, labels) => {
  const { kernel, memory, lane, matrices } = await setUp("supervised", loss);
  const { input, output } = matrices();
  const rows = [1, 14, 3, 14, 20];
  const { error, nats } = learn({ output, loss }, mean(rows.map((row) => input[row])), [...labels]);
  for (const row of rows) for (let k = 0; k < dimensions; k += 1) input[row][k] += error[k] / rows.length;
  new Int32Array(memory.buffer, lane.ids, 5).set(rows);
  new Int32Array(memory.buffer, lane.labels, labels.length).set(labels);
  kernel.classify(lane.parameters, lane.ids, 5, lane.labels, labels.length, rate);
  expectClose(matrices().input, input);
  expectClose(matrices().output, output);
  expect(readLoss(memory, lane.parameters).loss).toBeCloseTo(nats, 4);
});

test("negatives push their outputs away and the right ones near, whatever is drawn", async () => {
  const { kernel, memory, lane, matrices } = await setUp("skipgram", "ns");
  new Int32Array(memory.buffer, lane.ids, 3).set([0, 1, -1]);
  for (let round = 0; round < 400; round += 1) kernel.skipGram(lane.parameters, lane.ids, 3, rate);
  const { input, output } = matrices();
  const hidden = mean(parts[0].map((row) => input[row]));
  const score = (row: number): number => output[row].reduce((sum, x, k) => sum + x * hidden[k], 0);
  expect(score(1)).toBeGreaterThan(1);
  for (const other of [2, 3, 4, 5, 6, 7]) expect(score(other)).toBeLessThan(-1);
});
