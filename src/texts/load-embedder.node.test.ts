/** Whole models against sentence-transformers: tiny ones of both schemas, and stored vectors of real ones (test/golden/texts.py). */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { floatsOfBase64 } from "../../test/base64.ts";
import golden from "../../test/golden/texts.json" with { type: "json" };
import real from "../../test/golden/texts-real.json" with { type: "json" };
import { realModel } from "../../test/real-models.ts";
import type { Embedder } from "./embedder.ts";
import { describeModel, loadEmbedder } from "./load-embedder.ts";

const tiny = (name: string): string => join(import.meta.dirname, "../../test/golden/texts", name);

/** A tiny model's files, by name. */
function filesOf(name: string): Record<string, Uint8Array> {
  const paths = readdirSync(tiny(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const inside = paths.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    inside.map((path) => [path.slice(tiny(name).length + 1), new Uint8Array(readFileSync(path))]),
  );
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function largestDifference(got: Float32Array, expected: Float32Array): number {
  expect(got.length).toBe(expected.length);
  return got.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i])), 0);
}

describe.each(Object.entries(golden.models))("the tiny model of the %s", (name, expected) => {
  let model: Embedder;
  beforeAll(async () => {
    model = await loadEmbedder(tiny(name));
  });
  afterAll(() => model.dispose());

  test("has the dimensions and the maximum length of Python", async () => {
    expect(model.dimensions).toBe(expected.dimensions);
    expect((await describeModel(tiny(name))).maxLength).toBe(expected.maxLength);
  });

  test("gives Python's vectors for nasty texts, by every way to ask", async () => {
    const ways = {
      encode: model.encode(golden.nasty),
      encodeQuery: model.encodeQuery(golden.nasty),
      encodeDocument: model.encodeDocument(golden.nasty),
      prompt: model.encode(golden.nasty, { prompt: "sentence " }),
      normalize: model.encode(golden.nasty, { normalize: true }),
      truncateDim: model.encode(golden.nasty, { truncateDim: 5 }),
      both: model.encode(golden.nasty, { truncateDim: 5, normalize: true }),
      ...("promptName" in expected && { promptName: model.encode(golden.nasty, { promptName: "other" }) }),
    };
    for (const [way, vectors] of Object.entries(ways)) {
      const wanted = floatsOfBase64((expected as unknown as Record<string, string>)[way]);
      expect([way, largestDifference((await vectors).data, wanted) < 2e-6]).toEqual([way, true]);
    }
  });

  test("gives the same vectors in small batches, one by one, and from a stream", async () => {
    const wanted = floatsOfBase64(expected.encode);
    expect(largestDifference((await model.encode(golden.nasty, { batchTokens: 1 })).data, wanted)).toBeLessThan(2e-6);
    expect(
      largestDifference(await model.encode(golden.nasty[4]), wanted.slice(4 * model.dimensions, 5 * model.dimensions)),
    ).toBeLessThan(2e-6);
    async function* stream(): AsyncGenerator<string> {
      yield* golden.nasty;
    }
    for await (const matrix of model.encode(stream()))
      expect(largestDifference(matrix.data, wanted)).toBeLessThan(2e-6);
  });

  test("gives Python's token vectors, with tokens and offsets", async () => {
    const all = await model.encode(golden.nasty, { output: "tokens" });
    for (const [i, { vectors, tokens }] of all.entries()) {
      expect(tokens.length).toBe(vectors.rows);
      expect(largestDifference(vectors.data, floatsOfBase64(expected.tokens[i]))).toBeLessThan(5e-6);
    }
    const one = await model.encode("best movie", { output: "tokens", prompt: "" });
    expect(one.tokens).toEqual(["[CLS]", "best", "movie", "[SEP]"]);
    expect(Array.from(one.offsets)).toEqual([0, 0, 0, 4, 5, 10, 0, 0]);
    const prompted = await model.encode("movie", { output: "tokens", prompt: "best " });
    expect(Array.from(prompted.offsets)).toEqual([0, 0, 0, 0, 0, 5, 0, 0]);
  });

  test("gives Python's codes in every precision", async () => {
    const many = [...golden.nasty, ...golden.nasty];
    for (const precision of ["int8", "uint8", "binary", "ubinary"] as const) {
      const codes = (await model.encode(many, { precision })).data;
      const wanted = expected[precision].flat();
      expect(codes.length).toBe(wanted.length);
      // A value on the edge of a step may fall to its other side: the vectors agree to 1e-6, a step is some 1e-3.
      const off = wanted.filter((value, i) => Math.abs(value - codes[i]) > (precision.endsWith("binary") ? 0 : 1));
      expect([precision, off]).toEqual([precision, []]);
    }
  });

  test("compares by the model's own measure", async () => {
    const a = await model.encode(golden.nasty);
    const b = await model.encode(golden.nasty.slice(0, 5));
    expect(largestDifference(model.similarity(a, b).data, floatsOfBase64(expected.similarity))).toBeLessThan(5e-6);
    expect(model.similarity(a.row(0), b).rows).toBe(1);
  });
});

const sentenceTransformersFiles = new Set([
  "modules.json",
  "config_sentence_transformers.json",
  "sentence_bert_config.json",
]);

function bareFiles(): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(filesOf("new-schema")).filter(([name]) => !sentenceTransformersFiles.has(name)),
  );
}

test("a transformer without modules.json is pooled by the mean, or as the caller says", async () => {
  const model = await loadEmbedder(bareFiles());
  expect(largestDifference((await model.encode(golden.nasty)).data, floatsOfBase64(golden.bare))).toBeLessThan(2e-6);
  const both = await loadEmbedder(bareFiles(), { pooling: ["mean", "cls"] });
  expect(both.dimensions).toBe(2 * model.dimensions);
});

test("the caller's pooling stands in for the folder's", async () => {
  const files = filesOf("new-schema");
  const description = await describeModel(files, { pooling: ["cls", "mean"] });
  expect(description.modules).toEqual(["Transformer", "Pooling", "Dense", "LayerNorm", "Normalize"]);
  await expect(loadEmbedder(files, { pooling: "max" })).rejects.toThrow(
    /takes 64 dimensions, the vectors before it have 32/,
  );
  await expect(loadEmbedder(files, { pooling: "avg" as "max" })).rejects.toThrow(/Use one of: cls, max, mean/);
});

test("a shorter maximum length cuts texts, special tokens kept", async () => {
  const model = await loadEmbedder(filesOf("old-schema"), { maxLength: 4 });
  const { tokens } = await model.encode("best movie ever word", { output: "tokens" });
  expect(tokens).toEqual(["[CLS]", "best", "movie", "[SEP]"]);
});

test("what no sentence-transformers model can be is refused, and says why", async () => {
  const files = filesOf("new-schema");
  const withModules = (modules: unknown): Promise<Embedder> =>
    loadEmbedder({ ...files, "modules.json": json(modules) });
  const listed = JSON.parse(new TextDecoder().decode(files["modules.json"])) as {
    idx: number;
    name: string;
    path: string;
    type: string;
  }[];
  await expect(withModules([])).rejects.toMatchObject({ code: "invalid-file" });
  await expect(withModules({})).rejects.toMatchObject({ code: "invalid-file" });
  await expect(withModules([null])).rejects.toMatchObject({
    code: "invalid-file",
    message: expect.stringContaining("entry 0") as string,
  });
  await expect(withModules([listed[0], { ...listed[1], path: "../1_Pooling" }])).rejects.toMatchObject({
    code: "invalid-file",
  });
  await expect(withModules([{ ...listed[0], type: "sentence_transformers.models.CLIPModel" }])).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/CLIPModel.*Known: Transformer, StaticEmbedding/) as string,
  });
  await expect(
    withModules([...listed, { ...listed[1], type: "sentence_transformers.models.CNN" }]),
  ).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/CNN.*Known: Pooling, Dense, LayerNorm, Normalize/) as string,
  });
  await expect(withModules([listed[0]])).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringContaining("no vector for a text") as string,
  });
  await expect(withModules([listed[0], listed[2]])).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringContaining('reads "sentence_embedding"') as string,
  });
});

test("a tokenizer with ids beyond the embedding table is refused at loading", async () => {
  const files = filesOf("new-schema");
  const tokenizer = JSON.parse(new TextDecoder().decode(files["tokenizer.json"])) as {
    model: { vocab: Record<string, number> };
  };
  tokenizer.model.vocab["toolarge"] = 500;
  await expect(loadEmbedder({ ...files, "tokenizer.json": json(tokenizer) })).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringMatching(/ids up to 500, the model has embeddings for 0 to \d+/) as string,
  });
});

test("a name that is neither a folder nor in the hub's cache says where it was looked for, offline", async () => {
  await expect(loadEmbedder("someone/not-a-model")).rejects.toMatchObject({
    code: "missing-file",
    message: expect.stringContaining(
      'No folder "someone/not-a-model" here. There is no model someone/not-a-model (main) in the hub\'s cache',
    ) as string,
  });
  await expect(loadEmbedder("./nowhere/at/all")).rejects.toMatchObject({ code: "missing-file" });
});

test("settings that are not sound are refused by name", async () => {
  const files = filesOf("new-schema");
  const withSettings = (settings: object): Promise<Embedder> =>
    loadEmbedder({ ...files, "config_sentence_transformers.json": json(settings) });
  await expect(withSettings({ similarity_fn_name: "maxsim" })).rejects.toThrow(/maxsim.*cosine, dot/);
  await expect(withSettings({ truncate_dim: 0 })).rejects.toThrow(/truncate_dim/);
  await expect(withSettings({ prompts: { query: 3 } })).rejects.toThrow(/query/);
  await expect(withSettings({ default_prompt_name: "nope" })).rejects.toThrow(/nope.*query, document/);
});

const { texts, ...vectors } = real;
for (const [name, expected] of Object.entries(vectors)) {
  const folder = realModel(name);
  test.skipIf(!folder)(`${name} gives Python's vectors for nasty texts within 1e-6`, { timeout: 300_000 }, async () => {
    const model = await loadEmbedder(folder);
    const wanted = floatsOfBase64(expected);
    const { data } = await model.encode(texts.slice(0, wanted.length / model.dimensions));
    expect(largestDifference(data, wanted)).toBeLessThan(1e-6);
    await model.dispose();
    await expect(model.encode("again")).rejects.toMatchObject({ code: "disposed" });
  });
}
