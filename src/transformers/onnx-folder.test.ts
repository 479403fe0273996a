import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import { writeOnnx } from "../formats/index.ts";
import type { ModelSource } from "../hub/folder.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import { loadTransformer } from "./load.ts";

/** Vectors of five tokens. */
const table = [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42];
const batch = { ids: Int32Array.of(4, 1), attentionMask: Int32Array.of(1, 1), rows: 1, columns: 2 };

/** An export that looks its tokens up; `stored` keeps the table in a file beside it. */
function lookup(
  outputs: (g: GraphBuilder, vectors: Value) => void,
  {
    input = "input_ids",
    type = "int64",
    stored = false,
  }: { input?: string; type?: "int64" | "int32"; stored?: boolean } = {},
): Uint8Array {
  const file = "model.onnx_data";
  const g = new GraphBuilder((_name, shape) => ({ type: "float32", shape, file, offset: 0, length: 60 }));
  const ids = g.input(input, type, ["rows", "columns"]);
  outputs(g, g.gather(stored ? g.weight("table", [5, 3]) : g.constant("float32", table, [5, 3]), ids));
  return writeOnnx(g.graph());
}

const tokenEmbeddings = (g: GraphBuilder, vectors: Value): void => {
  g.output("sentence_embedding", g.squeeze(g.gather(vectors, g.constant("int64", [0]), 1), [1]), ["rows", 3]);
  g.output("token_embeddings", vectors, ["rows", "columns", 3]);
};

async function vectors(source: ModelSource): Promise<number[]> {
  const transformer = await loadTransformer(source, { threads: 1 });
  const { data, dimensions } = await transformer.run(batch);
  expect(dimensions).toBe(3);
  await transformer.dispose();
  return [...data];
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "semspace-onnx-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("the output with one vector a token is found, and the inputs get the type that they ask for", async () => {
  for (const type of ["int64", "int32"] as const) {
    expect(await vectors({ "model.onnx": lookup(tokenEmbeddings, { type }) })).toEqual([40, 41, 42, 10, 11, 12]);
  }
});

test("of outputs with other names the first of three dimensions is taken, also when its size is not declared", async () => {
  const model = lookup((g, vectors_) => {
    g.output("pooled", g.squeeze(g.gather(vectors_, g.constant("int64", [0]), 1), [1]), ["rows", 3]);
    g.output("logits", vectors_, ["rows", "columns", "values"]);
  });
  expect(await vectors({ "onnx/model.onnx": model })).toEqual([40, 41, 42, 10, 11, 12]);
  const config = (architecture: string): Uint8Array =>
    new TextEncoder().encode(JSON.stringify({ model_type: "bert", architectures: [architecture] }));
  await expect(
    vectors({ "onnx/model.onnx": model, "config.json": config("BertForTokenClassification") }),
  ).rejects.toThrow("is exported as BertForTokenClassification: it gives scores, no vectors of tokens");
  expect(await vectors({ "onnx/model.onnx": model, "config.json": config("BertModel") })).toHaveLength(6);
});

test("an export with its weights in a file beside it is opened: on disk, in memory, and made of symbolic links", async () => {
  const model = lookup(tokenEmbeddings, { stored: true });
  const data = new Uint8Array(Float32Array.from(table).buffer);
  const folder = temporaryFolder();
  mkdirSync(join(folder, "blobs"));
  mkdirSync(join(folder, "plain"));
  mkdirSync(join(folder, "snapshot", "onnx"), { recursive: true });
  for (const [name, bytes] of [
    ["model.onnx", model],
    ["model.onnx_data", data],
  ] as const) {
    writeFileSync(join(folder, "plain", name), bytes);
    writeFileSync(join(folder, "blobs", `sha-${name}`), bytes);
    symlinkSync(join(folder, "blobs", `sha-${name}`), join(folder, "snapshot", "onnx", name));
  }
  for (const source of [
    join(folder, "plain"),
    join(folder, "snapshot"),
    { "model.onnx": model, "model.onnx_data": data },
  ]) {
    expect(await vectors(source)).toEqual([40, 41, 42, 10, 11, 12]);
  }
});

test("an export stands in for an architecture that is not built here, and cannot pool", async () => {
  const config = new TextEncoder().encode(JSON.stringify({ model_type: "longformer", hidden_size: 3 }));
  const transformer = await loadTransformer({
    "config.json": config,
    "model.safetensors": new Uint8Array(0),
    "onnx/model.onnx": lookup(tokenEmbeddings),
  }).catch((error: unknown) => error as Error);
  if (transformer instanceof Error) throw transformer;
  expect(transformer).toMatchObject({
    config: undefined,
    maxPositions: undefined,
    vocabularySize: undefined,
    poolings: [],
  });
  await expect(transformer.pool(batch, "mean")).rejects.toThrow('cannot pool by "mean". It can: none.');
  await transformer.dispose();
});

test("an export that asks for something else, or gives no vectors of tokens, is refused with what it has", async () => {
  await expect(loadTransformer({ "model.onnx": lookup(tokenEmbeddings, { input: "pixels" }) })).rejects.toThrow(
    'asks for an input "pixels" of int64. Inputs can be: input_ids, attention_mask, token_type_ids, position_ids',
  );
  const pooledOnly = lookup((g, vectors_) =>
    g.output("pooled", g.squeeze(g.gather(vectors_, g.constant("int64", [0]), 1), [1]), ["rows", 3]),
  );
  await expect(loadTransformer({ "model.onnx": pooledOnly })).rejects.toThrow(
    "gives pooled [rows, 3]. An output of three dimensions is needed",
  );
});

test("a broken export and a folder without a model are refused", async () => {
  await expect(loadTransformer({ "model.onnx": new Uint8Array(100).fill(7) })).rejects.toMatchObject({
    code: "invalid-file",
  });
  await expect(loadTransformer({ "config.json": new Uint8Array() })).rejects.toThrow(
    "No weights in (memory). Looked for: model.safetensors",
  );
});

const bge = realModel("bge-small-en-v15-onnx");
test.skipIf(!bge)("the real export bge-small-en-v1.5 gives what onnxruntime gives in Python", async () => {
  const path = join(import.meta.dirname, "../../test/golden/encoders/bge.json");
  const golden = JSON.parse(readFileSync(path, "utf8")) as {
    ids: number[];
    mask: number[];
    rows: number;
    columns: number;
    first: number[];
  };
  const { rows, columns } = golden;
  const transformer = await loadTransformer(bge!);
  expect(transformer).toMatchObject({ dimensions: 384, maxPositions: 512, vocabularySize: 30522 });
  const { data } = await transformer.run({
    ids: Int32Array.from(golden.ids),
    attentionMask: Int32Array.from(golden.mask),
    rows,
    columns,
  });
  const largest = Math.max(
    ...golden.first.map((value, i) => Math.abs(value - data[Math.floor(i / 384) * columns * 384 + (i % 384)])),
  );
  expect(largest).toBeLessThan(1e-5);
  await transformer.dispose();
});
