import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { batchOf, checkpointFolder, readGolden } from "../../test/golden-checkpoint.ts";
import { realModel } from "../../test/real-models.ts";
import type { ModelSource } from "../hub/folder.ts";
import { loadTransformer, type TransformerOptions } from "./load.ts";
import type { TokenBatch, Transformer } from "./transformer.ts";

const before = process.env["SEMSPACE_CACHE"];
const work = mkdtempSync(join(tmpdir(), "semspace-int8-"));
const model = join(work, "model");
cpSync(checkpointFolder("encoders", "bert-gelu"), model, { recursive: true });

beforeEach(() => {
  process.env["SEMSPACE_CACHE"] = join(work, "cache");
  rmSync(join(work, "cache"), { recursive: true, force: true });
});

afterAll(() => {
  if (before === undefined) delete process.env["SEMSPACE_CACHE"];
  else process.env["SEMSPACE_CACHE"] = before;
  rmSync(work, { recursive: true, force: true });
});

const int8 = (source: ModelSource, options: TransformerOptions = {}) =>
  loadTransformer(source, { threads: 1, ...options, dtype: "int8" });

/** Row i has lengths[i] tokens, of which the ids depend on its number in `texts`. */
function batch(lengths: readonly number[], texts: readonly number[], columns: number, vocabulary: number): TokenBatch {
  const ids = new Int32Array(lengths.length * columns);
  const attentionMask = new Int32Array(ids.length);
  for (const [row, length] of lengths.entries()) {
    for (let i = 0; i < length; i++)
      ids[row * columns + i] = 3 + ((i * 7919 + texts[row] * 104_729) % (vocabulary - 3));
    attentionMask.fill(1, row * columns, row * columns + length);
  }
  return { ids, attentionMask, rows: lengths.length, columns };
}

/** The text of number 0 alone, and then with others, in other places, padded further: how many of its vectors differ from those alone. */
async function differing(transformer: Transformer, lengths: readonly number[]): Promise<number> {
  const vocabulary = transformer.vocabularySize!;
  let count = 0;
  for (const length of lengths) {
    const alone = (await transformer.pool(batch([length], [0], length, vocabulary), "mean")).data;
    for (const more of [0, 1, 2, 5, 8]) {
      for (const place of [0, 1, 3]) {
        const columns = length + more;
        const rows = Array.from({ length: place + 2 }, (_, row) => (row === place ? length : columns - (row % 3)));
        const texts = rows.map((_, row) => (row === place ? 0 : row + 1));
        const { data, dimensions } = await transformer.pool(batch(rows, texts, columns, vocabulary), "mean");
        const one = data.subarray(place * dimensions, (place + 1) * dimensions);
        if (one.some((value, i) => value !== alone[i])) count += 1;
      }
    }
  }
  return count;
}

const goldens = ["encoders", "decoders"].flatMap((family) =>
  readGolden(family).map((golden) => ({ name: golden.name, family, golden })),
);

test.each(goldens)("int8 of $name is near to float32, and is not float32", async ({ name, family, golden }) => {
  const folder = checkpointFolder(family, name);
  const floats = await loadTransformer(folder, { threads: 1 });
  const rounded = await int8(folder);
  const expected = (await floats.run(batchOf(golden))).data;
  const got = (await rounded.run(batchOf(golden))).data;
  let [product, ours, theirs] = [0, 0, 0];
  for (const [i, masked] of golden.mask.entries()) {
    if (!masked) continue;
    for (let k = i * floats.dimensions; k < (i + 1) * floats.dimensions; k++) {
      product += got[k] * expected[k];
      ours += got[k] ** 2;
      theirs += expected[k] ** 2;
    }
  }
  expect(product / Math.sqrt(ours * theirs)).toBeGreaterThan(0.99);
  expect(got).not.toEqual(expected);
  await floats.dispose();
  await rounded.dispose();
});

test.each([1, 2])(
  "a text has the same int8 vector to the bit whatever the batch, its order and its padding, on %i threads",
  async (threads) => {
    const transformer = await int8(model, { threads });
    expect(await differing(transformer, [1, 2, 5, 7, 11, 14])).toBe(0);
    await transformer.dispose();
  },
);

const miniLm = realModel("all-MiniLM-L6-v2");
test.skipIf(!miniLm)("so it has with MiniLM", { timeout: 120_000 }, async () => {
  const transformer = await int8(miniLm!, { threads: 2 });
  expect(await differing(transformer, [3, 11, 17, 64])).toBe(0);
  await transformer.dispose();
});

/** The vectors of one batch. */
async function vectors(source: ModelSource, options: TransformerOptions = {}): Promise<Float32Array> {
  const transformer = await int8(source, options);
  const { data } = await transformer.run(batch([5, 9], [0, 1], 9, 20));
  await transformer.dispose();
  return data;
}

const kept = () => {
  const graphs = join(work, "cache", "graphs");
  return readdirSync(graphs)
    .map((entry) => join(graphs, entry, "int8-weights"))
    .filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
};

test("int8 weights are kept on disk when asked, found there the next time, and made again when the file is cut", async () => {
  const expected = await vectors(model);
  expect(kept()).toEqual([]);
  expect(await vectors(model, { cacheQuantized: true })).toEqual(expected);
  const [path] = kept();
  const { ino, size } = statSync(path);
  // Another model is opened, which clears up what no model needs.
  await vectors(checkpointFolder("encoders", "bert-relu"));
  expect(await vectors(model, { cacheQuantized: true })).toEqual(expected);
  expect(await vectors(model)).toEqual(expected);
  expect(statSync(path).ino).toBe(ino);
  truncateSync(path, size - 1);
  expect(await vectors(model)).toEqual(expected);
  expect(await vectors(model, { cacheQuantized: true })).toEqual(expected);
  expect(statSync(path).size).toBe(size);
});

test("a folder in memory and a cache that cannot be written give the same int8 vectors", async () => {
  const expected = await vectors(model);
  const files = Object.fromEntries(
    readdirSync(model).map((file) => [file, new Uint8Array(readFileSync(join(model, file)))]),
  );
  expect(await vectors(files, { cacheQuantized: true })).toEqual(expected);
  process.env["SEMSPACE_CACHE"] = join(model, "config.json", "cache");
  expect(await vectors(model, { cacheQuantized: true })).toEqual(expected);
});

test("an unknown dtype is named with the known ones, float16 is refused with the reason, a ready export keeps its own numbers", async () => {
  const load = (source: ModelSource, dtype: string) => loadTransformer(source, { dtype: dtype as "int8" });
  await expect(load(model, "int4")).rejects.toThrow(/dtype.*int4.*float32.*int8/);
  await expect(load(model, "float16")).rejects.toMatchObject({ code: "unsupported" });
  await expect(load(model, "float16")).rejects.toThrow(/widens/);
  const exported = { "config.json": new Uint8Array(), "onnx/model.onnx": new Uint8Array(4) };
  await expect(load(exported, "int8")).rejects.toThrow(/onnx\/model\.onnx.*ready ONNX file/);
});
