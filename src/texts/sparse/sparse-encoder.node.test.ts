import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../../test/real-models.ts";
import { loadSparseEncoder } from "./sparse-encoder.ts";
import { dotSparse, type SparseVector } from "./sparse-vector.ts";

interface PythonVector {
  ids: number[];
  weights: number[];
}
interface Golden {
  pooling: string;
  activation: string;
  texts: string[];
  vectors: PythonVector[];
  few: PythonVector;
  tokens: [string, number][];
  similarity: number[][];
}
const fixtures = join(import.meta.dirname, "../../../test/golden/tasks");
const read = (file: string) => JSON.parse(readFileSync(join(fixtures, file), "utf8")) as unknown;
const { sparse } = read("expected.json") as { sparse: Golden[] };
const real = read("real.json") as { sparse: (PythonVector & { text: string })[]; similarity: number[][] };
const folder = join(fixtures, "masked-language-model");
const names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const modules = [
  { idx: 0, name: "0", path: "", type: "sentence_transformers.base.modules.transformer.Transformer" },
  { idx: 1, name: "1", path: "1_SpladePooling", type: "sentence_transformers.sparse_encoder.models.SpladePooling" },
];

/** The same entries, except those that rounding may leave out or let in; weights within a part of the largest. */
function expectVector(found: SparseVector, expected: PythonVector): void {
  const largest = Math.max(...expected.weights);
  const both = new Map<number, [number, number]>();
  for (const [i, id] of expected.ids.entries()) both.set(id, [expected.weights[i], 0]);
  for (const [i, id] of found.ids.entries()) both.set(id, [both.get(id)?.[0] ?? 0, found.weights[i]]);
  for (const [one, other] of both.values()) expect(Math.abs(one - other)).toBeLessThan(2e-5 * largest);
}

test.each(sparse)("vectors by $pooling and $activation are those of sentence-transformers", async (golden) => {
  const { pooling, activation, texts, vectors, few, tokens, similarity } = golden;
  const pooler = json({ pooling_strategy: pooling, activation_function: activation });
  const source = { ...files, "modules.json": json(modules), "1_SpladePooling/config.json": pooler };
  const model = await loadSparseEncoder(source);
  const found = await model.encodeSparse(texts, { batchTokens: 30 });
  for (const [i, vector] of found.entries()) expectVector(vector, vectors[i]);
  expectVector(await model.encodeSparse(texts[0], { maxActiveDims: 5 }), few);
  expect(model.tokens(found[0], 3).map(({ token }) => token)).toEqual(tokens.map(([token]) => token));
  const scores = model.similarity(found, found);
  for (const [i, row] of similarity.entries()) {
    for (const [j, score] of row.entries()) expect(scores.row(i)[j] / score).toBeCloseTo(1, 5);
  }
  expect(model.dimensions).toBeGreaterThan(100);
  await model.dispose();
});

const splade = realModel("bert-tiny-splade");
test.skipIf(!splade)("bert-tiny-splade gives the vectors of sentence-transformers", async () => {
  const model = await loadSparseEncoder(splade!);
  const found = await model.encodeSparse(real.sparse.map(({ text }) => text));
  for (const [i, expected] of real.sparse.entries()) expectVector(found[i], expected);
  expect(model.tokens(found[0], 3).map(({ token }) => token)).toEqual(["capital", "france", "french"]);
  expect(dotSparse(found[0], found[1])).toBeCloseTo(real.similarity[0][1], 4);
  await model.dispose();
});

test("a bare masked language model is taken as max and relu, and prompts go in front", async () => {
  const model = await loadSparseEncoder(folder);
  expectVector(await model.encodeSparse(sparse[0].texts[0]), sparse[0].vectors[0]);
  const settings = json({ prompts: { query: "the river " } });
  const prompted = await loadSparseEncoder({ ...files, "config_sentence_transformers.json": settings });
  expect(await prompted.encodeSparse("bank", { task: "query" })).toEqual(await model.encodeSparse("the river bank"));
  expect(await prompted.encodeSparse("bank", { task: "document" })).toEqual(await model.encodeSparse("bank"));
  expect(await model.encodeSparse([])).toEqual([]);
  await prompted.dispose();
  await model.dispose();
});

test("other modules, other poolings and encoders without a head are refused by name", async () => {
  const load = (list: unknown, pooler = {}) =>
    loadSparseEncoder({ ...files, "modules.json": json(list), "1_SpladePooling/config.json": json(pooler) });
  await expect(load([{ path: "", type: "x.Router" }, modules[1]])).rejects.toThrow("starts with the module Router");
  await expect(load(modules.slice(0, 1))).rejects.toThrow("SpladePooling should be the last");
  await expect(load([...modules, { path: "2", type: "x.Normalize" }])).rejects.toThrow(
    "has the module Normalize where",
  );
  await expect(load(modules, { pooling_strategy: "mean" })).rejects.toThrow(
    'Unknown pooling_strategy "mean". Use one of: max, sum.',
  );
  await expect(loadSparseEncoder(join(fixtures, "cross-encoder"))).rejects.toThrow("a head for SPLADE is needed");
});

test("a dot product is that of the entries that both vectors have", () => {
  const vector = (ids: number[], weights: number[]) => ({
    ids: Int32Array.from(ids),
    weights: Float32Array.from(weights),
  });
  expect(dotSparse(vector([1, 4, 9], [1, 2, 3]), vector([0, 4, 8, 9], [5, 6, 7, 8]))).toBe(36);
  expect(dotSparse(vector([], []), vector([1], [1]))).toBe(0);
});
