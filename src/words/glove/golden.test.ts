/** Against the C tools: fixture by test/golden/glove.py. */
import { expect, test } from "vitest";
import golden from "../../../test/golden/glove.json" with { type: "json" };
import { gloveCode } from "../../kernels/glove-code.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { encodeCorpus } from "../corpus/encode-corpus.ts";
import { COLUMN_BITS } from "./cells.ts";
import { countCooccurrences, type CountOptions } from "./cooccurrences.ts";
import type { GloveKernel } from "./glove-lane.ts";
import { fillGloveMemory, gloveLayout, type GloveParameters, putParameters, takeParameters } from "./glove-memory.ts";

const { words, dimensions } = golden;

async function counted(options: CountOptions): Promise<Map<string, number>> {
  const corpus = await encodeCorpus(golden.lines, { minCount: 3 });
  const counts = await countCooccurrences(corpus, options);
  const found = new Map<string, number>();
  for await (const { rows, columns, values } of counts.read()) {
    for (const [i, value] of values.entries()) {
      found.set(`${corpus.vocabulary.words[rows[i]]} ${corpus.vocabulary.words[columns[i]]}`, value);
    }
  }
  return found;
}

test.each([
  ["on both sides over the distance", golden.symmetric, { window: 10 }],
  ["to the right, each 1", golden.oneSided, { window: 4, symmetric: false, distanceWeighting: false }],
] as const)("co-occurrences are those of cooccur: %s", async (_, expected, options) => {
  const found = await counted(options);
  expect(found.size).toBe(expected.cells);
  expect([...found.values()].reduce((sum, value) => sum + value, 0)).toBeCloseTo(expected.sum, 3);
  for (const [row, column, value] of expected.first) {
    expect(found.get(`${golden.vocabulary[row]} ${golden.vocabulary[column]}`)! / value).toBeCloseTo(1, 6);
  }
});

/** The C tool's rows of vector and bias, taken apart. */
function parameters(rows: readonly number[], squares: readonly number[]): GloveParameters {
  const width = dimensions + 1;
  const vectorsOf = (from: readonly number[]): Float32Array =>
    Float32Array.from(from.filter((__, i) => i % width < dimensions));
  const biasOf = (from: readonly number[]): number[] => from.filter((__, i) => i % width === dimensions);
  const biasSquares = biasOf(squares);
  return {
    vectors: vectorsOf(rows),
    squares: vectorsOf(squares),
    biases: Float32Array.from(biasOf(rows).flatMap((bias, i) => [bias, biasSquares[i]])),
  };
}

async function train(clip: number, biasRate: number): Promise<{ after: GloveParameters; cost: number }> {
  const shape = { words, dimensions, lanes: 1 };
  const layout = gloveLayout(shape);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / 65_536) });
  const kernel = await instantiateKernel<GloveKernel>(gloveCode, memory);
  fillGloveMemory(memory, { shape, layout, rates: { learningRate: 0.05, biasRate, clip, xMax: 10, alpha: 0.75 } });
  putParameters(
    memory,
    { layout, dimensions, words },
    parameters(
      golden.start,
      golden.start.map(() => 1),
    ),
  );
  const cells = golden.trainingCells;
  const keys = new Uint32Array(memory.buffer, layout.cells[0], cells.length * 2);
  const values = new Float32Array(memory.buffer, layout.cells[0], cells.length * 2);
  for (const [i, [row, column, value]] of cells.entries()) {
    keys[i * 2] = (row << COLUMN_BITS) | column;
    values[i * 2 + 1] = value;
  }
  let cost = 0;
  for (let epoch = 0; epoch < golden.epochs; epoch += 1) {
    cost = kernel.trainCells(layout.parameters, layout.cells[0], cells.length, 0);
  }
  return { after: takeParameters(memory, { layout, dimensions, words }), cost };
}

test.each(golden.trained)("AdaGrad's steps are those of glove, gradients cut to $clip", async (expected) => {
  const { after } = await train(expected.clip, 1);
  const there = parameters(expected.parameters, expected.squares);
  for (const part of ["vectors", "squares", "biases"] as const) {
    for (const [i, value] of there[part].entries()) expect(after[part][i]).toBeCloseTo(value, 4);
  }
});

/** glove.c in float64; `biasRate` is what its biases' gradients were multiplied by (the learning rate before July 2019). */
function plainTraining(biasRate: number): { weights: number[]; cost: number } {
  const width = dimensions + 1;
  const weights = [...golden.start];
  const squares = weights.map(() => 1);
  let cost = 0;
  for (let epoch = 0; epoch < golden.epochs; epoch += 1) {
    cost = 0;
    for (const [row, column, value] of golden.trainingCells) {
      const a = row * width;
      const b = (words + column) * width;
      let difference = weights[a + dimensions] + weights[b + dimensions] - Math.log(value);
      for (let d = 0; d < dimensions; d += 1) difference += weights[a + d] * weights[b + d];
      const weighted = difference * Math.min(1, (value / 10) ** 0.75);
      cost += 0.5 * weighted * difference;
      for (let d = 0; d <= dimensions; d += 1) {
        const isBias = d === dimensions;
        const [forA, forB] = isBias
          ? [weighted * biasRate, weighted * biasRate]
          : [0.05 * weighted * weights[b + d], 0.05 * weighted * weights[a + d]];
        weights[a + d] -= forA / Math.sqrt(squares[a + d]);
        weights[b + d] -= forB / Math.sqrt(squares[b + d]);
        squares[a + d] += forA ** 2;
        squares[b + d] += forB ** 2;
      }
    }
  }
  return { weights, cost };
}

test.each([1, 0.05])("the cost and the biases by both conventions are those of a plain training (%f)", async (rate) => {
  const { after, cost } = await train(100, rate);
  const plain = plainTraining(rate);
  expect(cost).toBeCloseTo(plain.cost, 3);
  const there = parameters(
    plain.weights,
    plain.weights.map(() => 0),
  );
  for (const [i, value] of there.vectors.entries()) expect(after.vectors[i]).toBeCloseTo(value, 4);
  for (let i = 0; i < there.biases.length; i += 2) expect(after.biases[i]).toBeCloseTo(there.biases[i], 4);
});
