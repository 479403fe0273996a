/** Looks at a finished graph: who makes a value, who uses it; and replaces nodes. */
import type { OnnxAttribute, OnnxGraph, OnnxNode } from "../formats/onnx-writer.ts";

export class GraphPatterns {
  readonly #graph: OnnxGraph;
  readonly #makers: ReadonlyMap<string, OnnxNode>;
  readonly #uses: ReadonlyMap<string, readonly OnnxNode[]>;

  constructor(graph: OnnxGraph) {
    const makers = new Map<string, OnnxNode>();
    const uses = new Map<string, OnnxNode[]>();
    for (const node of graph.nodes) {
      for (const name of node.outputs) makers.set(name, node);
      for (const name of node.inputs) uses.set(name, [...(uses.get(name) ?? []), node]);
    }
    this.#graph = graph;
    this.#makers = makers;
    this.#uses = uses;
  }

  /** The node that makes `name`, if it is an `operator`. */
  made(name: string, operator: string): OnnxNode | undefined {
    const node = this.#makers.get(name);
    return node?.operator === operator && node.domain === "" ? node : undefined;
  }

  /** As {@link made}, if no more than one node uses the value, so that it can disappear. */
  onlyUse(name: string, operator: string): OnnxNode | undefined {
    return this.#uses.get(name)?.length === 1 ? this.made(name, operator) : undefined;
  }

  /** The values of a constant of the graph. */
  constant(name: string): readonly number[] | undefined {
    return this.#graph.constants.get(name)?.values;
  }

  /** The graph with every `operator` for which `rewrite` gives nodes replaced by them; they must make the same outputs. */
  replace(operator: string, rewrite: (node: OnnxNode) => readonly OnnxNode[] | undefined): OnnxGraph {
    const nodes = this.#graph.nodes.flatMap((node) => (node.operator === operator ? (rewrite(node) ?? node) : node));
    return { ...this.#graph, nodes };
  }
}

/** An operator of ONNX Runtime's own. */
export function fused(
  operator: string,
  inputs: readonly string[],
  { output, attributes = {} }: { output: string; attributes?: Record<string, OnnxAttribute> },
): OnnxNode {
  return { operator, domain: "com.microsoft", inputs, outputs: [output], attributes };
}

/** Without the nodes, inputs, constants and weights that no output needs. */
export function prune(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of node.inputs) needed.add(name);
    return true;
  });
  const used = <T>(tensors: ReadonlyMap<string, T>) => new Map([...tensors].filter(([name]) => needed.has(name)));
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => needed.has(name)),
    nodes: nodes.toReversed(),
    constants: used(graph.constants),
    weights: used(graph.weights),
  };
}
