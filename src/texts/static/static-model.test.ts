import { expect, test } from "vitest";
import golden from "../../../test/golden/static.json" with { type: "json" };
import torchFiles from "../../../test/golden/torch_files.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { openFolder } from "../../hub/folder.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { loadStaticModel, readStaticParts, staticModelFiles, staticReading, type StaticReading } from "./index.ts";

type Files = Record<string, Uint8Array>;

function filesOf(name: string): Files {
  const { files } = golden.cases.find((entry) => entry.name === name)!;
  return Object.fromEntries(Object.entries(files).map(([path, base64]) => [path, bytesOfBase64(base64)]));
}

/** Whether modules.json asks for Normalize, which is not part of the static model itself. */
function normalizes(files: Files): boolean {
  return new TextDecoder().decode(files["modules.json"]).includes("Normalize");
}

const readings = golden.cases.flatMap(({ name, vectors }) =>
  Object.entries(vectors).map(([reading, wanted]) => ({
    name,
    reading: reading as StaticReading,
    wanted: wanted as number[][],
  })),
);

test.each(readings)("$name: vectors are those of $reading", async ({ name, reading, wanted }) => {
  const files = filesOf(name);
  const normalize = reading === "sentence-transformers" ? normalizes(files) : undefined;
  for (const kernels of ["wasm", "reference"] as const) {
    const model = await loadStaticModel(files, { reading, normalize, kernels });
    const vectors = model.encodeTexts(golden.texts);
    for (const [i, text] of golden.texts.entries()) {
      const worst = Math.max(
        ...wanted[i].map((value, j) => Math.abs(value - vectors.row(i)[j]) / Math.max(1, Math.abs(value))),
      );
      expect(worst, `${JSON.stringify(text)} with ${kernels}`).toBeLessThan(1e-6);
    }
    await model.dispose();
    expect(() => model.encodeTexts(["a"])).toThrow("disposed");
  }
});

test("a folder of model2vec is read as model2vec even where modules.json is there too, other folders by modules.json", async () => {
  const readingOf = async (files: Files) => staticReading(await openFolder(files));
  expect(await readingOf(filesOf("float32"))).toBe("model2vec");
  expect(await readingOf(filesOf("early model2vec without a model type"))).toBe("model2vec");
  expect(await readingOf(filesOf("sentence-transformers root"))).toBe("sentence-transformers");
  expect(await readingOf(filesOf("sentence-transformers subfolder"))).toBe("sentence-transformers");
  const bert = {
    "config.json": new TextEncoder().encode('{"model_type":"bert"}'),
    "model.safetensors": new Uint8Array(),
  };
  expect(await readingOf(bert)).toBeUndefined();
  await expect(loadStaticModel(bert)).rejects.toThrow("holds no static model");
});

test.each(["float32", "int8 with row scales", "mapping and double weights"])(
  "%s: a written folder gives the same vectors",
  async (name) => {
    const parts = await readStaticParts(await openFolder(filesOf(name)), "model2vec");
    const first = await loadStaticModel(filesOf(name));
    const again = await loadStaticModel(staticModelFiles(parts));
    expect(again.encodeTexts(golden.texts).data).toEqual(first.encodeTexts(golden.texts).data);
  },
);

test("an option overrides how many tokens count; null counts all", async () => {
  const files = filesOf("float32");
  const long = ["dog ".repeat(600) + "cat"];
  const all = await loadStaticModel(files, { maxLength: null });
  const cut = await loadStaticModel(files);
  const dog = (await loadStaticModel(files, { maxLength: 1 })).encodeTexts(long).data;
  expect(cut.maxLength).toBe(512);
  expect(all.maxLength).toBeUndefined();
  expect(cut.encodeTexts(long).data[0]).toBeCloseTo(dog[0], 5);
  expect(all.encodeTexts(long).data[0]).not.toBeCloseTo(dog[0], 5);
});

test("a table stored as float16 comes back rounded", async () => {
  const parts = await readStaticParts(await openFolder(filesOf("float32")), "model2vec");
  const half = await readStaticParts(await openFolder(staticModelFiles(parts, { storage: "float16" })), "model2vec");
  expect(half.config["embedding_dtype"]).toBe("float16");
  for (const [i, value] of parts.rows.entries()) expect(Math.abs(half.rows[i] - value)).toBeLessThan(2e-3);
});

test.each([
  [
    "a table of fewer rows than token ids",
    { embeddings: [12, 5] },
    "the tokenizer has ids up to 12, the table has 12 rows",
  ],
  ["too few weights", { embeddings: [13, 5], weights: [3] }, "the tokenizer has ids up to 12, weights has 3 values"],
  ["too few mapped ids", { embeddings: [4, 5], mapping: [3] }, "the tokenizer has ids up to 12, mapping has 3 values"],
  [
    "no table",
    { vectors: [13, 5] },
    "No table in model.safetensors in (memory). It has: vectors; a static model has one of: embeddings",
  ],
  [
    "a table that is no matrix",
    { embeddings: [65] },
    'Tensor "embeddings" in model.safetensors in (memory) has the shape [65]',
  ],
  [
    "weights that are no vector",
    { embeddings: [13, 5], weights: [13, 1] },
    'Tensor "weights" in model.safetensors in (memory) has the shape [13, 1]',
  ],
])("%s is refused by name", async (_what, shapes, message) => {
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b));
    return [
      name,
      name === "mapping" ? { dtype: "I32", shape, data: new Int32Array(data.length) } : { dtype: "F32", shape, data },
    ];
  });
  const bytes = writeSafetensors(Object.fromEntries(tensors) as Parameters<typeof writeSafetensors>[0]);
  await expect(loadStaticModel({ ...filesOf("float32"), "model.safetensors": bytes })).rejects.toThrow(message);
});

test("a table in pytorch_model.bin, in the root or in a folder of its own, is read", async () => {
  const { zip, tensors } = torchFiles.cases.find(({ name }) => name === "static")!;
  const table = { "pytorch_model.bin": bytesOfBase64(zip), "tokenizer.json": filesOf("float32")["tokenizer.json"] };
  const modules = (path: string) =>
    new TextEncoder().encode(JSON.stringify([{ type: "sentence_transformers.models.StaticEmbedding", path }]));
  const nested = Object.fromEntries(Object.entries(table).map(([name, bytes]) => [`0_StaticEmbedding/${name}`, bytes]));
  for (const files of [
    { ...table, "modules.json": modules("") },
    { ...nested, "modules.json": modules("0_StaticEmbedding") },
  ]) {
    const { rows, dimensions } = await readStaticParts(await openFolder(files), "sentence-transformers");
    expect(dimensions).toBe(6);
    expect([...rows]).toEqual(tensors["embedding.weight"]!.values.map(Math.fround));
  }
  expect((await readStaticParts(await openFolder(nested), "model2vec")).dimensions).toBe(6);
});

test("a mapping to a row that is not there is refused before anything is looked up", async () => {
  const parts = await readStaticParts(await openFolder(filesOf("mapping and double weights")), "model2vec");
  const files = staticModelFiles({ ...parts, rowOf: parts.rowOf!.map((row, id) => (id === 7 ? 4 : row)) });
  await expect(loadStaticModel(files)).rejects.toThrow("mapping sends id 7 to row 4, the table has rows 0 to 3");
});

test("an int8 table is not written without its row scales", async () => {
  const parts = await readStaticParts(await openFolder(filesOf("int8 alone")), "model2vec");
  expect(() => staticModelFiles(parts)).toThrow("pass weightOf");
});
