import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointFolder, readGolden } from "../../test/golden-checkpoint.ts";
import type { OnnxGraph, StoredTensor } from "../formats/index.ts";
import { readArchitecture } from "./architectures/index.ts";
import { encoderGraph } from "./encoder-graph.ts";
import { fuse } from "./fuse.ts";
import { GraphBuilder } from "./graph.ts";
import { maskBias } from "./layers.ts";

const config = {
  ...{ hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 3, intermediate_size: 16, vocab_size: 10 },
  ...{ max_position_embeddings: 16 },
};
const stored = (_name: string, shape: readonly number[]): StoredTensor => ({
  type: "float32",
  shape,
  file: "weights",
  offset: 0,
  length: 0,
});

function graphOf(modelType: string): OnnxGraph {
  const { architecture, config: checked } = readArchitecture({ ...config, model_type: modelType }, "config.json");
  return encoderGraph(architecture, checked, stored);
}

const operators = (graph: OnnxGraph) =>
  graph.nodes.map((node) => `${node.domain}${node.domain && ":"}${node.operator}`);

test.each(readGolden("encoders").map(({ name }) => name))(
  "%s is built of plain operators; fused, every block has one of attention",
  (name) => {
    const text = readFileSync(join(checkpointFolder("encoders", name), "config.json"), "utf8");
    const { architecture, config: checked } = readArchitecture(
      JSON.parse(text) as Record<string, unknown>,
      "config.json",
    );
    const plain = encoderGraph(architecture, checked, stored);
    expect(plain.nodes.every((node) => node.domain === "")).toBe(true);
    const blocks = operators(plain).filter((operator) => operator === "Softmax").length;
    expect(blocks).toBeGreaterThan(1);
    const fused = fuse(plain);
    const attention = fused.nodes.filter((node) => node.operator === "MultiHeadAttention");
    expect(attention).toHaveLength(blocks);
    expect(attention.map((node) => node.inputs[4])).toEqual(attention.map(() => "attention_mask"));
    expect(operators(fused)).not.toContain("Softmax");
  },
);

test("attention that is fused takes the mask as it is, and MPNet's relative bias beside it", () => {
  for (const [modelType, inputs] of [
    ["bert", 5],
    ["mpnet", 6],
  ] as const) {
    const attention = fuse(graphOf(modelType)).nodes.find((node) => node.operator === "MultiHeadAttention")!;
    expect(attention.inputs).toHaveLength(inputs);
    expect(attention.inputs[4]).toBe("attention_mask");
    expect(attention.attributes).toMatchObject({ num_heads: { int: 2 }, scale: { float: 0.5 } });
  }
});

test("a fused graph keeps its inputs, outputs and weights, and every value is made before it is used", () => {
  const plain = graphOf("mpnet");
  const fused = fuse(plain);
  expect(fused.inputs).toEqual(plain.inputs);
  expect(fused.outputs).toEqual(plain.outputs);
  expect([...fused.weights.keys()]).toEqual([...plain.weights.keys()]);
  const known = new Set([
    "",
    ...fused.weights.keys(),
    ...fused.constants.keys(),
    ...fused.inputs.map((input) => input.name),
  ]);
  for (const node of fused.nodes) {
    expect(node.inputs.filter((name) => !known.has(name))).toEqual([]);
    for (const name of node.outputs) known.add(name);
  }
});

test("a softmax that is not attention is left alone", () => {
  const g = new GraphBuilder(stored);
  const mask = g.input("mask", "int32", ["rows", "columns"]);
  g.output(
    "out",
    g.reshape(g.transpose(g.matmul(g.softmax(maskBias(g, mask)), maskBias(g, mask)), [0, 2, 1, 3]), [0, 0, -1]),
    ["rows"],
  );
  const graph = g.graph();
  expect(operators(fuse(graph))).toEqual(operators(graph));
});
