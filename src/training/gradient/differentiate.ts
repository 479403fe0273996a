/**
 * The reverse pass of a graph: reverse-mode differentiation operator by operator (Baydin et al. 2018, https://arxiv.org/abs/1502.05767), written as
 * further plain ONNX operators. It starts from derivatives of any of the graph's values and gives those of its parameters, which are inputs.
 * A parameter whose rows are only looked up (Gather along its first axis) gets the rows' derivatives and their ids: tables are large, a batch touches
 * few of their rows, and ONNX Runtime's ScatterND adds rows with equal ids in a race (microsoft/onnxruntime#18048).
 */
import { SemspaceError } from "../../errors.ts";
import type { ConstantTensor, OnnxGraph, OnnxNode } from "../../formats/onnx-writer.ts";
import { NodeWriter } from "./node-writer.ts";
import { intOf } from "./product.ts";
import { products } from "./products.ts";
import { statisticsOf } from "./products/normalisation.ts";

export interface DifferentiateOptions {
  /** Inputs of the graph by which it is differentiated. */
  readonly parameters: ReadonlySet<string>;
  /** From values of the graph to the names of their derivatives: inputs, or values that other nodes make. */
  readonly upstream: ReadonlyMap<string, string>;
  /** Of every value of the graph: {@link sampleShapes}. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Derivatives of rows of a table: ids int32 [n], values float32 [n, columns]; an id may come several times. */
export interface RowsOfTable {
  readonly ids: string;
  readonly values: string;
}

export interface ReversePass {
  /** The graph's nodes; those of layer normalisations give their statistics too. */
  readonly forward: readonly OnnxNode[];
  readonly backward: readonly OnnxNode[];
  /** Those of the graph and of the reverse pass. */
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  /** From a parameter to the value that is its derivative. */
  readonly dense: ReadonlyMap<string, string>;
  /** From a parameter to its rows. It can have a dense derivative too: both are added. */
  readonly rows: ReadonlyMap<string, readonly RowsOfTable[]>;
  /** The values that depend on a parameter. */
  readonly dependent: ReadonlySet<string>;
}

/** What these give changes in steps or is no number, so that no derivative comes through. */
const withoutDerivative: ReadonlySet<string> = new Set([
  "Shape",
  "Range",
  "Equal",
  "Not",
  "And",
  "LessOrEqual",
  "ArgMax",
]);

/** Throws `unsupported`, with its name, for an operator on the way whose product is not known. */
export function differentiate(graph: OnnxGraph, options: DifferentiateOptions): ReversePass {
  const { parameters, upstream, shapes } = options;
  const dependent = dependentValues(graph, parameters);
  const out = new NodeWriter("gradient/");
  const gradients = new Map<string, string[]>();
  const send = (value: string, gradient: string) => gradients.set(value, [...(gradients.get(value) ?? []), gradient]);
  for (const [value, gradient] of upstream) send(value, gradient);
  const totals = new Map<string, string>();
  const total = (value: string): string | undefined => {
    const known = totals.get(value) ?? gradients.get(value)?.reduce((sum, one) => out.add(sum, one));
    if (known !== undefined) totals.set(value, known);
    return known;
  };
  const rows = new Map<string, RowsOfTable[]>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((value) => dependent.has(value) && gradients.has(value))) continue;
    if (isLookup(node, parameters)) {
      rows.set(node.inputs[0], [...(rows.get(node.inputs[0]) ?? []), rowsOf(out, node, total(node.outputs[0])!)]);
      continue;
    }
    const product = Object.hasOwn(products, node.operator) && node.domain === "" ? products[node.operator] : undefined;
    if (!product) throw unknownOperator(node);
    const byInputs = product({
      ...{ out, node },
      upstream: node.outputs.map(total),
      needs: (i) => dependent.has(node.inputs[i]),
      shapeOf: (value) => shapes.get(value)!,
      constantOf: (value) => graph.constants.get(value),
    });
    for (const [i, gradient] of byInputs.entries()) {
      if (gradient !== undefined && dependent.has(node.inputs[i])) send(node.inputs[i], gradient);
    }
  }
  const dense = new Map<string, string>();
  for (const name of parameters) {
    const gradient = total(name);
    if (gradient !== undefined) dense.set(name, gradient);
  }
  return {
    forward: graph.nodes.map((node) => withStatistics(node, dependent)),
    backward: out.nodes,
    constants: new Map([...graph.constants, ...out.constants]),
    ...{ dense, rows, dependent },
  };
}

function dependentValues({ nodes }: OnnxGraph, parameters: ReadonlySet<string>): Set<string> {
  const dependent = new Set(parameters);
  for (const node of nodes) {
    if (withoutDerivative.has(node.operator) || castsToWhole(node)) continue;
    if (node.inputs.some((name) => dependent.has(name))) for (const name of node.outputs) dependent.add(name);
  }
  return dependent;
}

function castsToWhole(node: OnnxNode): boolean {
  return node.operator === "Cast" && ![1, 10, 16].includes(intOf(node, "to", 1));
}

function isLookup(node: OnnxNode, parameters: ReadonlySet<string>): boolean {
  return node.operator === "Gather" && intOf(node, "axis", 0) === 0 && parameters.has(node.inputs[0]);
}

function rowsOf(out: NodeWriter, { inputs: [table, ids] }: OnnxNode, gradient: string): RowsOfTable {
  const rowShape = out.node("Shape", [table], { start: { int: 1 } });
  const shape = out.node("Concat", [out.constant("int64", [-1]), rowShape], { axis: { int: 0 } });
  const flat = out.node("Reshape", [ids, out.constant("int64", [-1])]);
  return { ids: out.node("Cast", [flat], { to: { int: 6 } }), values: out.node("Reshape", [gradient, shape]) };
}

function withStatistics(node: OnnxNode, dependent: ReadonlySet<string>): OnnxNode {
  if (node.operator !== "LayerNormalization" || !dependent.has(node.outputs[0])) return node;
  const { mean, inverse } = statisticsOf(node.outputs[0]);
  return { ...node, outputs: [node.outputs[0], mean, inverse] };
}

function unknownOperator({ operator, domain }: OnnxNode): SemspaceError {
  const name = domain === "" ? operator : `${domain}.${operator}`;
  return new SemspaceError(
    "unsupported",
    `No derivative of the operator ${name} is known here. Known: ${Object.keys(products).join(", ")}. Add its product to src/training/gradient/products.`,
  );
}
