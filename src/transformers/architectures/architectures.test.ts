import { expect, test } from "vitest";
import type { StoredTensor } from "../../formats/index.ts";
import { encoderGraph } from "../encoder-graph.ts";
import { type Architecture, readArchitecture } from "./index.ts";

/** What adding an architecture takes: words looked up, nothing more, from a config.json with keys of its own. */
const lookup: Architecture = {
  modelTypes: ["lookup"],
  anchor: "words.weight",
  wordEmbeddings: "words.weight",
  keys: { hidden_size: "dim", num_attention_heads: "n_heads", num_hidden_layers: "n_layers", intermediate_size: "ffn" },
  refuse: ({ json }) => (json["sparse"] ? "sparse rows; only dense ones are built" : undefined),
  maxPositions: (config) => config.positionRows,
  build(g, { ids }, { vocabularySize, hiddenSize }) {
    const hidden = g.gather(g.weight("words.weight", [vocabularySize, hiddenSize]), ids);
    return { hidden, layers: [hidden], attentions: [] };
  },
};
const json = { model_type: "lookup", vocab_size: 7, dim: 4, n_heads: 2, n_layers: 1, ffn: 8 };

test("an architecture is one object, and may have its own keys in config.json", () => {
  const { architecture, config } = readArchitecture(json, "config.json", [lookup]);
  expect(config).toMatchObject({
    hiddenSize: 4,
    heads: 2,
    layers: 1,
    intermediateSize: 8,
    positionRows: 512,
    padTokenId: 0,
  });
  const stored = (_name: string, shape: readonly number[]): StoredTensor => ({
    type: "float32",
    shape,
    file: "w",
    offset: 0,
    length: 0,
  });
  const graph = encoderGraph(architecture, config, stored);
  expect([...graph.weights.keys()]).toEqual(["words.weight"]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["last_hidden_state", "mean", "cls"]);
});

test("messages name the keys that the file has, and what an architecture refuses", () => {
  const read = (changes: object) => () => readArchitecture({ ...json, ...changes }, "config.json", [lookup]);
  expect(read({ dim: 0 })).toThrow("config.json: dim must be a whole number from 1 to 100000000, got 0.");
  expect(read({ dim: 5 })).toThrow("config.json: dim 5 cannot be shared among 2 n_heads.");
  expect(read({ sparse: true })).toThrow("config.json asks for sparse rows; only dense ones are built.");
  expect(read({ model_type: "bert" })).toThrow('unknown architecture "bert" in model_type. Known: lookup.');
});
