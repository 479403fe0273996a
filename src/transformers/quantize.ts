/**
 * Rewrites the linear layers of a graph to int8: whole numbers are multiplied, which processors do 3 to 4 times as fast as floats.
 *
 * A weight has one scale an output, an activation one scale a row, that is a token: 127 stands for the largest value of the row. So a
 * token's result depends on that token alone. DynamicQuantizeMatMul and QAttention, which others use, take one scale for the whole
 * batch: there a text's vector changes with its neighbours. The sums are int32 and exact, in whatever order they are made.
 *
 *   scale = largest |x| of the row / 127;  q = 128 + round(x / scale);  y = (q − 128) · W · scales · scale + bias
 *
 * Activations are uint8 around 128, weights int8: the pair that ONNX Runtime has fast code for (int8 with int8 is 10 times slower).
 * Attention's own products, normalisations and activations stay float32, and so do small outputs such as a classifier's labels.
 */
import type { ConstantTensor, OnnxAttribute, OnnxGraph, OnnxNode, StoredTensor } from "../formats/onnx-writer.ts";
import { fused, GraphPatterns, prune } from "./graph-patterns.ts";
import { placeQuantized, type QuantizedTensor } from "./quantized-weights.ts";

/** Fewer outputs are not worth their rounding. */
const fewestOutputs = 16;
/** Sums of more products of 255 and 127 might not fit int32. */
const mostInputs = 65_536;

const prefix = "int8";
const constants: Readonly<Record<string, ConstantTensor>> = {
  [`${prefix}.last_axis`]: { type: "int64", shape: [1], values: [-1] },
  [`${prefix}.most`]: { type: "float32", shape: [], values: [127] },
  // A row of zeros needs a scale too.
  [`${prefix}.least`]: { type: "float32", shape: [], values: [1e-30] },
  [`${prefix}.one`]: { type: "float32", shape: [], values: [1] },
  [`${prefix}.middle`]: { type: "int32", shape: [], values: [128] },
};
const middle = `${prefix}.middle_uint8`;

export interface QuantizedGraph {
  readonly graph: OnnxGraph;
  /** What the file of int8 weights, to which the graph refers, has to hold. */
  readonly tensors: readonly QuantizedTensor[];
}

/** The graph with int8 linear layers; `graph` itself is not changed. */
export function quantize(graph: OnnxGraph): QuantizedGraph {
  const patterns = new GraphPatterns(graph);
  const weights = new Map(graph.weights);
  const tensors = new Map<string, QuantizedTensor>();
  const rows = new Map<string, string>();
  const toUint8 = plain("Cast", [`${prefix}.middle`], { output: middle, attributes: { to: { int: 2 } } });
  const layers = patterns.replace("Gemm", (node) => {
    const found = linearWeight(graph, patterns, node);
    if (!found) return undefined;
    const tensor = tensors.get(found.name) ?? placeQuantized(found, [...tensors.values()].at(-1));
    tensors.set(found.name, tensor);
    const names = { values: `${found.name}.${prefix}`, scales: `${found.name}.${prefix}_scales` };
    weights.set(names.values, tensor.values);
    weights.set(names.scales, tensor.scales);
    return [...quantizeRows(node.inputs[0], rows), ...product(node, names)];
  });
  if (tensors.size === 0) return { graph, tensors: [] };
  const all = new Map([...graph.constants, ...Object.entries(constants)]);
  return {
    graph: prune({ ...layers, nodes: [toUint8, ...layers.nodes], weights, constants: all }),
    tensors: [...tensors.values()],
  };
}

/** The stored matrix that a Gemm multiplies with, if it is one that is worth int8. */
function linearWeight(
  graph: OnnxGraph,
  patterns: GraphPatterns,
  { inputs, attributes }: OnnxNode,
): { name: string; inputs: number; outputs: number; transposed: boolean } | undefined {
  const name = patterns.made(inputs[1], "Cast")?.inputs[0] ?? inputs[1];
  const stored: StoredTensor | undefined = graph.weights.get(name);
  if (stored?.shape.length !== 2) return undefined;
  const transposed = attributes["transB"] !== undefined;
  const [first, second] = stored.shape;
  const sizes = transposed ? { outputs: first, inputs: second } : { outputs: second, inputs: first };
  if (sizes.outputs < fewestOutputs || sizes.inputs > mostInputs) return undefined;
  return { name, transposed, ...sizes };
}

/** `x.uint8` and, as a column, `x.scale` of a matrix x; once for all layers that read it. */
function quantizeRows(x: string, done: Map<string, string>): OnnxNode[] {
  if (done.has(x)) return [];
  done.set(x, x);
  const axis = `${prefix}.last_axis`;
  const named = (part: string) => `${x}.${part}`;
  const vector = { keepdims: { int: 0 } };
  return [
    plain("ReduceMax", [x, axis], { output: named("largest"), attributes: vector }),
    plain("ReduceMin", [x, axis], { output: named("smallest"), attributes: vector }),
    plain("Neg", [named("smallest")], { output: named("negated") }),
    plain("Max", [named("largest"), named("negated"), `${prefix}.least`], { output: named("magnitude") }),
    plain("Div", [named("magnitude"), `${prefix}.most`], { output: named("scales") }),
    plain("Shape", [named("scales")], { output: named("rows") }),
    plain("Expand", [middle, named("rows")], { output: named("middles") }),
    plain("QuantizeLinear", [x, named("scales"), named("middles")], {
      output: named("uint8"),
      attributes: { axis: { int: 0 } },
    }),
    plain("Unsqueeze", [named("scales"), axis], { output: named("scale") }),
  ];
}

/** (q − 128) · W · scales in one operator, then the rows' scales and the bias. */
function product({ inputs, outputs }: OnnxNode, weight: { values: string; scales: string }): OnnxNode[] {
  const [x, , bias] = inputs;
  const [y] = outputs;
  const operands = [`${x}.uint8`, weight.values, `${prefix}.one`, weight.scales, middle];
  const multiplied = fused("MatMulIntegerToFloat", operands, { output: `${y}.product` });
  const scaled = bias === undefined ? y : `${y}.scaled`;
  const scale = plain("Mul", [`${y}.product`, `${x}.scale`], { output: scaled });
  return [multiplied, scale, ...(bias === undefined ? [] : [plain("Add", [scaled, bias], { output: y })])];
}

function plain(
  operator: string,
  inputs: readonly string[],
  { output, attributes = {} }: { output: string; attributes?: Record<string, OnnxAttribute> },
): OnnxNode {
  return { operator, domain: "", inputs, outputs: [output], attributes };
}
