/**
 * The sizes of all values of a graph, measured: ONNX Runtime runs it once on a tiny batch and gives the shape of every value. No size that can
 * change is 1 there, so where an operator repeated a value is seen once for all batches, and no operator needs a rule for its shapes.
 */
import { type OnnxGraph, type OnnxNode, writeOnnx } from "../../formats/onnx-writer.ts";
import { openSession, type SessionOptions, type SessionTensor } from "../../transformers/session.ts";

/** Sizes of the dimensions with names, in the order in which they are met. */
const sampleSizes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];

/** From the name of every value of the graph to its shape in the sample. Inputs are fed with zeros. */
export async function sampleShapes(
  graph: OnnxGraph,
  options: SessionOptions = {},
): Promise<ReadonlyMap<string, readonly number[]>> {
  const shapes = new Map<string, readonly number[]>();
  for (const [name, { shape }] of graph.constants) shapes.set(name, shape);
  const sizes = new Map<string, number>();
  for (const { name, shape } of graph.inputs) {
    const known = shape.map((size) => {
      if (typeof size === "number") return size;
      if (!sizes.has(size)) sizes.set(size, sampleSizes[sizes.size]);
      return sizes.get(size)!;
    });
    shapes.set(name, known);
  }
  const values = graph.nodes.flatMap(({ outputs }) => outputs);
  const session = await openSession({ model: writeOnnx(withShapes(graph, values)) }, options);
  try {
    const results = await session.run(zeroFeeds(graph, shapes), values.map(shapeName));
    for (const value of values) {
      shapes.set(value, Array.from(results[shapeName(value)].data as BigInt64Array, Number));
    }
  } finally {
    await session.dispose();
  }
  return shapes;
}

function shapeName(value: string): string {
  return `shape of ${value}`;
}

function withShapes(graph: OnnxGraph, values: readonly string[]): OnnxGraph {
  const shapes = values.map((value): OnnxNode => ({
    operator: "Shape",
    domain: "",
    inputs: [value],
    outputs: [shapeName(value)],
    attributes: {},
  }));
  const outputs = values.map((value, i) => ({ name: shapeName(value), type: "int64" as const, shape: [`rank ${i}`] }));
  return { ...graph, nodes: [...graph.nodes, ...shapes], outputs };
}

function zeroFeeds(
  { inputs }: OnnxGraph,
  shapes: ReadonlyMap<string, readonly number[]>,
): Record<string, SessionTensor> {
  const counts = inputs.map(({ name }) => shapes.get(name)!.reduce((product, size) => product * size, 1));
  const zeros = new Float32Array(counts.reduce((most, count) => Math.max(most, count), 0));
  const feeds = inputs.map(({ name, type }, i): [string, SessionTensor] => {
    const data =
      type === "int32"
        ? new Int32Array(counts[i])
        : type === "int64"
          ? new BigInt64Array(counts[i])
          : zeros.subarray(0, counts[i]);
    return [name, { type, data, shape: shapes.get(name)! }];
  });
  return Object.fromEntries(feeds);
}
