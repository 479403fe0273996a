import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { maxSim } from "./max-sim.ts";
import { loadMultiVectorEncoder } from "./multi-vector-encoder.ts";

interface Golden {
  name: string;
  queries: string[];
  documents: string[];
  /** How many vectors each query and each document has. */
  rows: [number[], number[]];
  /** The last vector of the first query, and the first of the first document. */
  first: number[];
  second: number[];
  similarity: number[][];
}
const fixtures = join(import.meta.dirname, "../../../test/golden/tasks");
const golden = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as { multiVector: Golden[] };

test.each(golden.multiVector)("$name gives the vectors and scores of sentence-transformers", async (one) => {
  const model = await loadMultiVectorEncoder(join(fixtures, one.name));
  expect(model.dimensions).toBe(8);
  const queries = await model.encodeQuery(one.queries, { batchTokens: 30 });
  const documents = await model.encodeDocument(one.documents);
  expect([queries.map(({ rows }) => rows), documents.map(({ rows }) => rows)]).toEqual(one.rows);
  const close = (found: Float32Array, expected: number[]) => {
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5);
  };
  close(queries[0].row(queries[0].rows - 1), one.first);
  close(documents[0].row(0), one.second);
  const scores = model.similarity(queries, documents);
  for (const [i, row] of one.similarity.entries()) close(scores.row(i), row);
  expect(await model.encodeQuery([])).toEqual([]);
  await model.dispose();
});

test("the worked example of MaxSim: for each vector of the query its best partner, then the sum", () => {
  const query = new Matrix(Float32Array.of(1, 0, 0, 1), 2, 2);
  const document = new Matrix(Float32Array.of(0.5, 0.5, 0.9, 0.1, 0, -1), 3, 2);
  expect(maxSim(query, document)).toBeCloseTo(0.9 + 0.5);
  expect(maxSim(Matrix.zeros(0, 2), document)).toBe(0);
  expect(maxSim(query, Matrix.zeros(0, 2))).toBe(-Infinity);
  expect(() => maxSim(query, Matrix.zeros(1, 3))).toThrow("the query have 2 dimensions, those of the document 3");
});

test("a folder that is no multi-vector model, and settings that make no sense, are refused", async () => {
  const folder = join(fixtures, "multi-vector");
  const names = ["config.json", "model.safetensors", "tokenizer.json", "modules.json", "1_Dense/config.json"];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  const weights = { "1_Dense/model.safetensors": readFileSync(join(folder, "1_Dense/model.safetensors")) };
  const load = (changed: Record<string, unknown>) =>
    loadMultiVectorEncoder({
      ...files,
      ...weights,
      ...Object.fromEntries(
        Object.entries(changed).map(([name, value]) => [name, new TextEncoder().encode(JSON.stringify(value))]),
      ),
    });
  await expect(loadMultiVectorEncoder(join(fixtures, "cross-encoder"))).rejects.toThrow("is no multi-vector model");
  await expect(load({ "modules.json": [{ type: "x.StaticEmbedding", path: "" }] })).rejects.toThrow(
    "starts with the module StaticEmbedding",
  );
  await expect(
    load({
      "modules.json": [
        { type: "x.Transformer", path: "" },
        { type: "x.HierarchicalTokenPooling", path: "1" },
      ],
    }),
  ).rejects.toThrow("has the module HierarchicalTokenPooling after its first");
  const expansion = (value: unknown) => load({ "sentence_bert_config.json": { query_expansion: value } });
  await expect(expansion({ strategy: "wide", length: 8 })).rejects.toThrow(
    'strategy must be "fixed" or "min", got "wide"',
  );
  await expect(expansion({ strategy: "min" })).rejects.toThrow(
    "query_expansion.length must be a whole number of at least 1, got undefined",
  );
  await expect(load({ "2_MultiVectorMask/config.json": { skiplist_words: "," } })).rejects.toThrow(
    'skiplist_words must be a list of words, got ","',
  );
});
