import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { OnnxGraph } from "../../formats/onnx-writer.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { GraphBuilder, type Value } from "../../transformers/graph.ts";
import { differentiate } from "./differentiate.ts";
import { LossSession } from "./loss-session.ts";
import { NodeWriter } from "./node-writer.ts";
import { products } from "./products.ts";
import { sampleShapes } from "./sample-shapes.ts";
import type { Weight } from "./trainable.ts";

/**
 * A graph of a few inputs, each differentiated. Values are multiples of 1/64 around `near`, so that functions with corners are away from them.
 * ONNX Runtime works in float32, so the slope is taken over steps of 1/32 by the five-point rule, whose error falls with the fourth power.
 */
interface Case {
  readonly inputs: readonly (readonly number[])[];
  readonly near?: number;
  readonly draw: (g: GraphBuilder, inputs: readonly Value[]) => Value;
}

const ints = (g: GraphBuilder, values: readonly number[]) => g.constant("int64", values);

const cases: Record<string, Case> = {
  "Add, a vector to each row": { inputs: [[3, 4], [4]], draw: (g, [a, b]) => g.add(a, b) },
  "Add, sizes of 1 in the middle": {
    inputs: [
      [2, 1, 3],
      [5, 1],
    ],
    draw: (g, [a, b]) => g.add(a, b),
  },
  "Sub, from one value": { inputs: [[1], [2, 3]], draw: (g, [a, b]) => g.sub(a, b) },
  "Mul, of a value by itself": { inputs: [[2, 3]], draw: (g, [a]) => g.mul(a, a) },
  "Mul, repeated in both": {
    inputs: [
      [2, 1, 4],
      [3, 1],
    ],
    draw: (g, [a, b]) => g.mul(a, b),
  },
  "Div, repeated": {
    inputs: [
      [2, 3],
      [2, 1],
    ],
    near: 3,
    draw: (g, [a, b]) => g.div(a, b),
  },
  "Max, also of equal values": { inputs: [[3, 4], [4]], draw: (g, [a, b]) => g.max(a, g.add(b, g.scalar(0.3))) },
  "Min, with a number": { inputs: [[3, 4]], draw: (g, [a]) => g.add(g.min(a, g.scalar(5)), g.min(a, g.scalar(-5))) },
  "Pow, square": { inputs: [[2, 3]], draw: (g, [a]) => g.pow(a, 2) },
  "Pow, a root": { inputs: [[2, 3]], near: 3, draw: (g, [a]) => g.pow(a, 1.5) },
  Where: {
    inputs: [[2, 3], [3]],
    draw: (g, [a, b]) => g.where(g.lessOrEqual(g.constant("int64", [1, 0, 2]), g.constant("int64", [1])), a, b),
  },
  Log: { inputs: [[2, 3]], near: 3, draw: (g, [a]) => g.log(a) },
  Sqrt: { inputs: [[2, 3]], near: 3, draw: (g, [a]) => g.sqrt(a) },
  Cos: { inputs: [[2, 3]], draw: (g, [a]) => g.cos(a) },
  Sin: { inputs: [[2, 3]], draw: (g, [a]) => g.sin(a) },
  Abs: { inputs: [[2, 3]], near: -2, draw: (g, [a]) => g.abs(a) },
  Tanh: { inputs: [[2, 3]], draw: (g, [a]) => g.tanh(a) },
  Sigmoid: { inputs: [[2, 3]], draw: (g, [a]) => g.sigmoid(a) },
  "Relu, above": { inputs: [[2, 3]], near: 2, draw: (g, [a]) => g.relu(a) },
  "Relu, below": { inputs: [[2, 3]], near: -2, draw: (g, [a]) => g.add(g.relu(a), a) },
  "Gelu by the error function": { inputs: [[3, 4]], draw: (g, [a]) => g.gelu(a, "none") },
  "Gelu by the hyperbolic tangent": { inputs: [[3, 4]], draw: (g, [a]) => g.gelu(a, "tanh") },
  "Cast between floats": { inputs: [[2, 3]], draw: (g, [a]) => g.cast(a, "float32") },
  "Gemm, transposed, with a bias": { inputs: [[3, 4], [2, 4], [2]], draw: (g, [x, w, b]) => g.gemm(x, w, b) },
  "Gemm, transposed, alone": {
    inputs: [
      [3, 4],
      [2, 4],
    ],
    draw: (g, [x, w]) => g.gemm(x, w),
  },
  "Gemm, as it lies": { inputs: [[3, 4], [4, 2], [2]], draw: (g, [x, w, b]) => g.gemmUntransposed(x, w, b) },
  "MatMul of many matrices": {
    inputs: [
      [2, 3, 2, 4],
      [2, 3, 4, 3],
    ],
    draw: (g, [a, b]) => g.matmul(a, b),
  },
  "MatMul, one for many": {
    inputs: [
      [2, 2, 4],
      [4, 3],
    ],
    draw: (g, [a, b]) => g.matmul(a, b),
  },
  "MatMul, repeated along an axis": {
    inputs: [
      [2, 1, 2, 4],
      [3, 4, 2],
    ],
    draw: (g, [a, b]) => g.matmul(a, b),
  },
  Softmax: { inputs: [[3, 5]], draw: (g, [a]) => g.softmax(a) },
  "LayerNormalization with a bias": {
    inputs: [[2, 3, 6], [6], [6]],
    draw: (g, [x, scale, bias]) => g.layerNormalization(x, scale, { bias, epsilon: 1e-5 }),
  },
  "LayerNormalization without": {
    inputs: [[3, 6], [6]],
    draw: (g, [x, scale]) => g.layerNormalization(x, scale, { epsilon: 1e-5 }),
  },
  "Conv over images, in steps, with a rest": {
    inputs: [
      [2, 3, 5, 5],
      [4, 3, 2, 2],
    ],
    draw: (g, [x, w]) => g.convolution(x, w, 2),
  },
  "Conv over sequences, padded": {
    inputs: [[2, 3, 5], [4, 3, 3], [4]],
    draw: (g, [x, w, bias]) => g.convolution1d(x, w, { bias, groups: 1, padding: 1 }),
  },
  "ReduceSum over two axes": { inputs: [[2, 3, 4]], draw: (g, [a]) => g.reduceSum(a, [0, -1]) },
  ReduceMean: { inputs: [[2, 3, 4]], draw: (g, [a]) => g.reduceMean(a, [1, 2]) },
  ReduceMax: { inputs: [[3, 4]], draw: (g, [a]) => g.reduceMax(g.mul(a, g.scalar(16)), [1]) },
  CumSum: { inputs: [[3, 4]], draw: (g, [a]) => g.cumulativeSum(a, 1) },
  Reshape: { inputs: [[3, 4]], draw: (g, [a]) => g.reshape(a, [2, -1]) },
  Squeeze: { inputs: [[3, 1, 4]], draw: (g, [a]) => g.squeeze(a, [1]) },
  Unsqueeze: { inputs: [[3, 4]], draw: (g, [a]) => g.unsqueeze(a, [0, 2]) },
  Transpose: { inputs: [[2, 3, 4]], draw: (g, [a]) => g.transpose(a, [2, 0, 1]) },
  Expand: { inputs: [[3, 1]], draw: (g, [a]) => g.expand(a, ints(g, [2, 3, 4])) },
  "Concat along the last axis": {
    inputs: [
      [3, 2],
      [3, 4],
    ],
    draw: (g, [a, b]) => g.concat([a, b], -1),
  },
  "Split, of which one part is used": { inputs: [[3, 6]], draw: (g, [a]) => g.split(a, { parts: 3, axis: -1 })[1] },
  "Slice from an end that is counted backwards": {
    inputs: [[3, 6]],
    draw: (g, [a]) => g.slice(a, { start: ints(g, [1]), end: ints(g, [-2]), axis: 1 }),
  },
  "Slice, the head": { inputs: [[5, 2]], draw: (g, [a]) => g.head(a, ints(g, [3])) },
  "Slice, the tail": { inputs: [[5, 2]], draw: (g, [a]) => g.tail(a, ints(g, [3]), 0) },
  "Gather of one row": { inputs: [[2, 3, 4]], draw: (g, [a]) => g.gather(a, g.constant("int64", [-1], []), 1) },
  "Gather of rows of a table, some twice": { inputs: [[5, 3]], draw: (g, [a]) => g.gather(a, ints(g, [4, 0, 4, 1])) },
  "Gather of rows of what is no table, some twice": {
    inputs: [[5, 3]],
    draw: (g, [a]) => g.gather(g.mul(a, a), g.constant("int64", [4, 0, 4, 1], [2, 2])),
  },
  "Gather along another axis": { inputs: [[2, 5]], draw: (g, [a]) => g.gather(g.mul(a, a), ints(g, [3, 0, 3]), 1) },
};

function graphOf({ inputs, draw }: Case, shape: readonly number[]): OnnxGraph {
  const g = new GraphBuilder(() => {
    throw new Error("no weights");
  });
  const values = inputs.map((size, i) => g.input(`x${i}`, "float32", size));
  g.output("y", draw(g, values), shape);
  return g.graph();
}

async function openCase(
  one: Case,
): Promise<{ session: LossSession; weights: Map<string, Weight>; shape: readonly number[] }> {
  const shape = (await sampleShapes(graphOf(one, []), { threads: 1 })).get("y")!;
  const random = randomNumbers(7);
  const values = (count: number) =>
    Float32Array.from({ length: count }, () => Math.round(random() * 128 - 64) / 64 + (one.near ?? 0));
  const weights = new Map(one.inputs.map((size, i) => [`x${i}`, { value: values(countOf(size)), shape: size }]));
  const loss = {
    writer: new NodeWriter("loss/"),
    inputs: [{ name: "upstream", type: "float32" as const, shape }],
    outputs: [],
    upstream: new Map([["y", "upstream"]]),
  };
  const trainable = { graph: graphOf(one, shape), weights, trained: new Set(weights.keys()) };
  return { session: await LossSession.open(trainable, loss, { threads: 1 }), weights, shape };
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const step = 1 / 32;
/** f'(x) · step ≈ Σ weight · f(x + at · step). */
const stencil: readonly (readonly [at: number, weight: number])[] = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
];

test.each(Object.entries(cases))("the derivative of %s is the slope of what it computes", async (_name, one) => {
  const { session, weights, shape } = await openCase(one);
  const random = randomNumbers(11);
  const upstream = Float32Array.from({ length: countOf(shape) }, () => random() * 2 - 1);
  const feeds = { upstream: { type: "float32", data: upstream, shape } };
  const { gradients } = await session.run(feeds, ["y"]);
  const kept = gradients.map(({ parameter, dense, rows }) => ({ parameter, dense: dense?.slice(), rows }));
  const loss = async () => {
    const y = (await session.run(feeds, ["y"])).outputs["y"].data as Float32Array;
    return y.reduce((sum, value, i) => sum + value * upstream[i], 0);
  };
  for (const [name, { value, shape: size }] of weights) {
    const { dense, rows } = kept.find(({ parameter }) => parameter === name)!;
    const whole = dense ?? new Float32Array(value.length);
    for (const [at, id] of rows?.ids.entries() ?? [])
      whole.set(rows!.values.subarray(at * size[1], (at + 1) * size[1]), id * size[1]);
    const slopes = new Float64Array(value.length);
    for (const i of value.keys()) {
      const x = value[i];
      for (const [at, weight] of stencil) {
        value[i] = x + at * step;
        slopes[i] += (weight * (await loss())) / step;
      }
      value[i] = x;
    }
    const scale = Math.max(1, ...slopes.map(Math.abs));
    expect(Math.max(...slopes.map((slope, i) => Math.abs(slope - whole[i])))).toBeLessThan(2e-4 * scale);
  }
  await session.dispose();
});

test("every operator that GraphBuilder writes has a product, or gives whole numbers", async () => {
  const source = await readFile(new URL("../../transformers/graph.ts", import.meta.url), "utf8");
  const written = [...source.matchAll(/(?:#node\(|operator: )"(\w+)"/g)].map(([, name]) => name);
  const whole = new Set(["Shape", "Range", "Equal", "Not", "And", "LessOrEqual", "ArgMax"]);
  expect(written.filter((name) => !Object.hasOwn(products, name) && !whole.has(name))).toEqual([]);
  expect(written.length).toBeGreaterThan(40);
});

test("what has no derivative here is refused by the operator's name", async () => {
  const one: Case = {
    inputs: [[1, 2, 3], [4, 1, 2], [4]],
    draw: (g, [x, w, bias]) => g.convolution1d(x, w, { bias, groups: 2, padding: 0 }),
  };
  await expect(openCase(one)).rejects.toThrow("The operator Conv has several groups");
  const graph = graphOf({ inputs: [[2, 3]], draw: (g, [a]) => g.softmax(a) }, [2, 3]);
  const nodes = graph.nodes.map((node) => ({ ...node, operator: node.operator.replace("Softmax", "Hardmax") }));
  const options = { parameters: new Set(["x0"]), upstream: new Map([["y", "upstream"]]), shapes: new Map() };
  expect(() => differentiate({ ...graph, nodes }, options)).toThrow("No derivative of the operator Hardmax is known");
});
