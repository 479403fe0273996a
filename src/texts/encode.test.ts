/** The driver that all embedders share, on a body whose vectors can be worked out by hand. */
import { expect, expectTypeOf, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import type { EncodeOptions, EncodeProgress, TokenVectors } from "./embedder.ts";
import { createEmbedder } from "./encode.ts";
import type { TextBody } from "./text-body.ts";
import { type ModelSettings, plainSettings } from "./settings.ts";

/** Text → [length, 1 if it has an "a" else −1, 3]. */
const counting: TextBody = {
  name: "counting",
  dimensions: 3,
  maxLength: undefined,
  async embed(texts, output, job) {
    for (const [i, text] of texts.entries()) output.set([text.length, text.includes("a") ? 1 : -1, 3], i * 3);
    await job.advance(texts.length);
  },
  dispose: () => Promise.resolve(),
};

const embedder = createEmbedder(counting, plainSettings);
const withSettings = (settings: Partial<ModelSettings>): typeof embedder =>
  createEmbedder(counting, { ...plainSettings, ...settings });

async function* stream(count: number, read?: (i: number) => void): AsyncGenerator<string> {
  for (let i = 0; i < count; i += 1) {
    read?.(i);
    yield "x".repeat(i % 7);
  }
}

test("one text gives a vector, many give a matrix in their order, none give no rows", async () => {
  expect(await embedder.encode("abc")).toEqual(Float32Array.of(3, 1, 3));
  expect((await embedder.encode(["b", "aa", ""])).toArray()).toEqual([
    [1, -1, 3],
    [2, 1, 3],
    [0, -1, 3],
  ]);
  const none = await embedder.encode([]);
  expect([none.rows, none.columns]).toEqual([0, 3]);
  expect((await embedder.encode([], { precision: "ubinary" })).data).toEqual(new Uint8Array());
});

test("the result's type follows the input and the options", () => {
  const texts: readonly string[] = [];
  const options: EncodeOptions = {};
  expectTypeOf(embedder.encode("a")).resolves.toEqualTypeOf<Float32Array>();
  expectTypeOf(embedder.encode(texts)).resolves.toEqualTypeOf<Matrix>();
  expectTypeOf(embedder.encode(texts, { normalize: true })).resolves.toEqualTypeOf<Matrix>();
  expectTypeOf(embedder.encode(texts, { precision: "binary" })).resolves.toEqualTypeOf<Matrix<Int8Array>>();
  expectTypeOf(embedder.encode(texts, { precision: "ubinary" })).resolves.toEqualTypeOf<Matrix<Uint8Array>>();
  expectTypeOf(() => embedder.encode(texts, { output: "tokens" })).returns.resolves.toEqualTypeOf<TokenVectors[]>();
  expectTypeOf(embedder.encode("a", options)).resolves.toEqualTypeOf<
    Float32Array | Int8Array | Uint8Array | TokenVectors
  >();
  expectTypeOf(embedder.encode(stream(0))).toEqualTypeOf<AsyncGenerator<Matrix, void, undefined>>();
});

test("a vector is cut before it is normalised, and quantised last", async () => {
  const { data } = await embedder.encode(["aaa", "bbbb"], { truncateDim: 2, normalize: true });
  expect(data).toEqual(Float32Array.of(3 / Math.sqrt(10), 1 / Math.sqrt(10), 4 / Math.sqrt(17), -1 / Math.sqrt(17)));
  expect((await embedder.encode(["a", "b"], { precision: "ubinary", truncateDim: 2 })).data).toEqual(
    Uint8Array.of(0b1100_0000, 0b1000_0000),
  );
  expect((await embedder.encode(["b", "b".repeat(256)], { precision: "int8" })).data).toEqual(
    Int8Array.of(-128, -128, -128, 127, -128, -128),
  );
});

test("int8 of a single text or a stream needs ranges, and takes them", async () => {
  await expect(embedder.encode("a", { precision: "int8" })).rejects.toMatchObject({ code: "invalid-argument" });
  await expect(embedder.encode(stream(3), { precision: "int8" }).next()).rejects.toThrow(/a stream needs the ranges/);
  const ranges = Matrix.fromRows([
    [0, -1, 3],
    [255, 254, 3],
  ]);
  expect(await embedder.encode("aa", { precision: "uint8", ranges })).toEqual(Uint8Array.of(2, 2, 0));
  const calibrated = embedder.encode(stream(3), { precision: "uint8", calibration: ranges });
  expect((await calibrated.next()).value?.data).toEqual(Uint8Array.of(0, 0, 0, 1, 0, 0, 2, 0, 0));
  await expect(embedder.encode(["a", "b"], { precision: "int8", ranges: Matrix.zeros(2, 4) })).rejects.toThrow(
    /for 4 dimensions.*have 3/,
  );
});

test("more texts than one window come out in order, whatever the precision", async () => {
  const texts = Array.from({ length: 40_000 }, (_, i) => "x".repeat(i % 11));
  const lengths = Float32Array.from(texts, (text) => text.length);
  const floats = await embedder.encode(texts);
  expect(lengths.every((length, i) => floats.data[i * 3] === length)).toBe(true);
  const ranges = Matrix.fromRows([
    [0, -1, 3],
    [255, 254, 3],
  ]);
  const codes = await embedder.encode(texts, { precision: "uint8", ranges });
  expect(lengths.every((length, i) => codes.data[i * 3] === length)).toBe(true);
  const signs = await embedder.encode(texts, { precision: "ubinary" });
  expect([signs.rows, signs.columns]).toEqual([40_000, 1]);
});

test("a stream gives consecutive rows, and is read only as they are asked for", async () => {
  let read = 0;
  const matrices = embedder.encode(stream(10_000, (i) => (read = i + 1)));
  expect(read).toBe(0);
  const first = await matrices.next();
  const firstRows = first.value?.rows ?? 0;
  expect(firstRows).toBe(read);
  expect(read).toBeLessThan(10_000);
  let row = firstRows;
  for await (const matrix of matrices) {
    for (let i = 0; i < matrix.rows; i += 1, row += 1) expect(matrix.row(i)[0]).toBe(row % 7);
  }
  expect(row).toBe(10_000);
});

test("leaving a stream early closes its source", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<string> {
    try {
      yield* stream(100_000);
    } finally {
      closed = true;
    }
  }
  for await (const matrix of embedder.encode(source())) {
    expect(matrix.rows).toBeGreaterThan(0);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve));
  expect(closed).toBe(true);
});

test("an abort rejects with the signal's reason: before, between windows, and while a stream waits", async () => {
  await expect(embedder.encode("a", { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  const between = new AbortController();
  const texts = Array.from({ length: 40_000 }, () => "a");
  const progress = ({ done }: EncodeProgress): void => (done < 40_000 ? between.abort(new Error("stop")) : undefined);
  await expect(embedder.encode(texts, { signal: between.signal, progress })).rejects.toThrow("stop");
  const waiting = new AbortController();
  async function* silent(): AsyncGenerator<string> {
    yield "a";
    await new Promise(() => undefined);
  }
  setTimeout(() => waiting.abort("no more"), 5);
  await expect(embedder.encode(silent(), { signal: waiting.signal }).next()).rejects.toBe("no more");
});

test("progress counts texts up to their total", async () => {
  const seen: EncodeProgress[] = [];
  await embedder.encode(["a", "b", "c"], { progress: (state) => seen.push(state) });
  expect(seen.at(-1)).toEqual({ done: 3, total: 3 });
  seen.length = 0;
  for await (const { rows } of embedder.encode(stream(5), { progress: (state) => seen.push(state) }))
    expect(rows).toBe(5);
  expect(seen.at(-1)).toEqual({ done: 5, total: undefined });
});

test("equal texts of a window are encoded once, keep their rows, and count as ready", async () => {
  const seen: string[][] = [];
  const body: TextBody = {
    ...counting,
    async embed(texts, output, job) {
      seen.push([...texts]);
      expect(output.length).toBe(texts.length * 3);
      await counting.embed(texts, output, job);
    },
  };
  const model = createEmbedder(body, plainSettings);
  const states: EncodeProgress[] = [];
  const texts = ["bb", "a", "bb", "bb", "ccc", "a"];
  const lengths = texts.map((text) => text.length);
  const all = await model.encode(texts, { progress: (state) => states.push(state) });
  expect(all.toArray().map(([length]) => length)).toEqual(lengths);
  expect(states).toEqual([
    { done: 3, total: 6 },
    { done: 6, total: 6 },
  ]);
  const cut = await model.encode(texts, { prompt: "x", truncateDim: 2 });
  expect(cut.toArray()).toEqual(lengths.map((length, i) => [length + 1, texts[i] === "a" ? 1 : -1]));
  expect(seen).toEqual([
    ["bb", "a", "ccc"],
    ["xbb", "xa", "xccc"],
  ]);
});

test("prompts follow sentence-transformers: a given one, a named one, the task's, the default", async () => {
  const model = withSettings({ prompts: { query: "qq", passage: "ppp", long: "llll" }, defaultPromptName: "long" });
  const length = async (vector: Promise<Float32Array>): Promise<number> => (await vector)[0];
  expect(await length(model.encode("x"))).toBe(5);
  expect(await length(model.encodeQuery("x"))).toBe(3);
  // As in sentence-transformers 6.2, "document" is there and empty when it is not configured.
  expect(await length(model.encodeDocument("x"))).toBe(1);
  expect(await length(model.encodeDocument("x", { promptName: "passage" }))).toBe(4);
  expect(await length(model.encode("x", { prompt: "" }))).toBe(1);
  expect(await length(model.encodeQuery("x", { prompt: "ab", promptName: "passage" }))).toBe(3);
  await expect(model.encode("x", { promptName: "nope" })).rejects.toThrow(/"nope".*query, document, passage, long/);
  await expect(model.encode("x", { promptName: "toString" })).rejects.toThrow(/toString/);
});

test("the model's own truncation and measure are used unless the call says otherwise", async () => {
  const model = withSettings({ truncateDim: 2, similarity: "dot" });
  expect(model.dimensions).toBe(2);
  expect((await model.encode("a")).length).toBe(2);
  expect((await model.encode("a", { truncateDim: 3 })).length).toBe(3);
  const [a, b] = await Promise.all([model.encode("aa"), model.encode(["b", "a"])]);
  expect(model.similarity(a, b).toArray()).toEqual([[1, 3]]);
});

test("wrong arguments are refused by name", async () => {
  const wrong = (value: unknown): string => value as string;
  await expect(embedder.encode(wrong(undefined))).rejects.toThrow(/got undefined/);
  await expect(embedder.encode(wrong(new Set(["a"])))).rejects.toThrow(/async iterable/);
  await expect(embedder.encode(["a", wrong(3)])).rejects.toThrow(/Text 1 must be a string, got number/);
  await expect(embedder.encode("a", { precision: wrong("int4") as "int8" })).rejects.toThrow(/int4.*ubinary/);
  await expect(embedder.encode("a", { truncateDim: 0 })).rejects.toThrow(/truncateDim/);
  await expect(embedder.encode("a", { batchTokens: 0.5 })).rejects.toThrow(/batchTokens/);
  await expect(embedder.encode("a", { output: "tokens" })).rejects.toMatchObject({ code: "unsupported" });
  const withTokens = createEmbedder({ ...counting, embedTokens: () => Promise.resolve([]) }, plainSettings);
  await expect(withTokens.encode("a", { output: "tokens", normalize: true })).rejects.toThrow(
    /normalize does not apply/,
  );
  await expect(withTokens.encode("a", { output: "tokens", precision: "int8" })).rejects.toThrow(
    /precision does not apply/,
  );
});

test("a disposed embedder refuses to work", async () => {
  const model = withSettings({});
  await model.dispose();
  await model.dispose();
  await expect(model.encode("a")).rejects.toMatchObject({ code: "disposed" });
  await expect(model.encode(stream(1)).next()).rejects.toMatchObject({ code: "disposed" });
});
