/**
 * Graphs that train, from a graph and its reverse pass: one graph for both passes when the loss is in it, or one for each when the loss is computed
 * between them. Then the first gives what the second reads again; what only moves values or depends on no parameter the second computes anew.
 */
import type { OnnxGraph, OnnxNode, OnnxType, OnnxValue } from "../../formats/onnx-writer.ts";
import { prune } from "../../transformers/graph-patterns.ts";
import type { ReversePass } from "./differentiate.ts";

/** The names of a training graph's outputs. */
export const gradientName = (parameter: string): string => `gradient of ${parameter}`;
export const idsName = (parameter: string, lookup: number): string => `ids of ${parameter}, ${lookup}`;
export const rowsName = (parameter: string, lookup: number): string => `rows of ${parameter}, ${lookup}`;

/** Both passes: the graph's own outputs and the gradients. */
export function joinPasses(graph: OnnxGraph, pass: ReversePass): OnnxGraph {
  const { nodes, outputs } = gradientOutputs(graph, pass);
  return prune({
    ...graph,
    nodes: [...pass.forward, ...pass.backward, ...nodes],
    outputs: [...graph.outputs, ...outputs],
    constants: pass.constants,
  });
}

export interface SplitPasses {
  /** Gives the graph's own outputs and {@link saved}. */
  readonly forward: OnnxGraph;
  /** Takes the saved values, the graph's inputs and the upstream; gives the gradients. */
  readonly backward: OnnxGraph;
  readonly saved: readonly OnnxValue[];
}

/** The first pass and the second. `upstream` are the inputs of the graph that only the second reads. */
export function splitPasses(
  graph: OnnxGraph,
  pass: ReversePass,
  { shapes, upstream }: { shapes: ReadonlyMap<string, readonly number[]>; upstream: readonly OnnxValue[] },
): SplitPasses {
  const plan = planSaving(pass);
  // The statistics of a layer normalisation have the rank of its result.
  const first = new Map(pass.forward.flatMap(({ outputs }) => outputs.map((name) => [name, outputs[0]] as const)));
  const axesOf = (name: string) => [...shapes.get(first.get(name)!)!.keys()];
  const saved = plan.saved.map(([name, type]): OnnxValue => ({
    ...{ name, type },
    shape: type === "int64" ? [`${name} rank`] : axesOf(name).map((axis) => `${name} ${axis}`),
  }));
  const gradients = gradientOutputs(graph, pass);
  const { constants } = pass;
  return {
    saved,
    forward: prune({
      ...{ ...graph, constants },
      nodes: [...pass.forward, ...plan.moved],
      outputs: [...graph.outputs, ...saved],
    }),
    backward: prune({
      ...{ ...graph, constants },
      inputs: [...graph.inputs, ...upstream, ...saved],
      nodes: [...plan.again, ...pass.backward.filter((node) => !plan.moved.includes(node)), ...gradients.nodes],
      outputs: gradients.outputs,
    }),
  };
}

/** Operators that move values and are done again rather than kept. */
const moving: ReadonlySet<string> = new Set(["Reshape", "Transpose", "Unsqueeze", "Squeeze", "Identity", "Split"]);

interface SavingPlan {
  saved: [name: string, type: OnnxType][];
  /** Nodes of the first pass that the second repeats. */
  again: OnnxNode[];
  /** Shapes of values that are not kept: the first pass takes them. */
  moved: OnnxNode[];
}

function planSaving({ forward, backward, dependent, dense, rows }: ReversePass): SavingPlan {
  const makers = new Map(forward.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const saved = new Map<string, OnnxType>();
  const again = new Set<OnnxNode>();
  const require = (name: string): void => {
    const maker = makers.get(name);
    if (!maker || again.has(maker) || saved.has(name)) return;
    const isRepeated = maker.operator !== "Shape" && (moving.has(maker.operator) || !dependent.has(maker.outputs[0]));
    if (!isRepeated) {
      saved.set(name, maker.operator === "Shape" ? "int64" : "float32");
      return;
    }
    again.add(maker);
    for (const input of maker.inputs) require(input);
  };
  const measuring = backward.filter(({ operator, inputs }) => operator === "Shape" && makers.has(inputs[0]));
  for (const node of backward) if (!measuring.includes(node)) for (const name of node.inputs) require(name);
  for (const name of [...dense.values(), ...[...rows.values()].flat().flatMap((one) => [one.ids, one.values])])
    require(name);
  const isThere = (name: string) => saved.has(name) || again.has(makers.get(name)!);
  const moved = measuring.filter(({ inputs }) => !isThere(inputs[0]));
  for (const { outputs } of moved) saved.set(outputs[0], "int64");
  return { saved: [...saved], again: forward.filter((node) => again.has(node)), moved };
}

function gradientOutputs(
  { inputs }: OnnxGraph,
  { dense, rows }: ReversePass,
): { nodes: OnnxNode[]; outputs: OnnxValue[] } {
  const shapeOf = (parameter: string) => inputs.find(({ name }) => name === parameter)!.shape;
  const nodes: OnnxNode[] = [];
  const outputs: OnnxValue[] = [];
  const give = (value: string, output: OnnxValue) => {
    nodes.push({ operator: "Identity", domain: "", inputs: [value], outputs: [output.name], attributes: {} });
    outputs.push(output);
  };
  for (const [parameter, value] of dense)
    give(value, { name: gradientName(parameter), type: "float32", shape: shapeOf(parameter) });
  for (const [parameter, lookups] of rows) {
    for (const [i, { ids, values }] of lookups.entries()) {
      const count = `${parameter} ids ${i}`;
      give(ids, { name: idsName(parameter, i), type: "int32", shape: [count] });
      give(values, { name: rowsName(parameter, i), type: "float32", shape: [count, ...shapeOf(parameter).slice(1)] });
    }
  }
  return { nodes, outputs };
}
