import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTransformer } from "./load.ts";

const published = (name: string) => join(import.meta.dirname, "../../test/golden/published", name);
const before = process.env["SEMSPACE_CACHE"];
let cache = "";

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "semspace-published-"));
  process.env["SEMSPACE_CACHE"] = cache;
});

afterAll(() => {
  if (before === undefined) delete process.env["SEMSPACE_CACHE"];
  else process.env["SEMSPACE_CACHE"] = before;
  rmSync(cache, { recursive: true, force: true });
});

async function hidden(source: Parameters<typeof loadTransformer>[0]): Promise<number[]> {
  const transformer = await loadTransformer(source, { threads: 1 });
  const batch = { ids: Int32Array.of(2, 7, 9, 3), attentionMask: Int32Array.of(1, 1, 1, 1), rows: 1, columns: 4 };
  const { data } = await transformer.run(batch);
  await transformer.dispose();
  return [...data];
}

const inMemory = (name: string) =>
  Object.fromEntries(
    readdirSync(published(name)).map((file) => [file, new Uint8Array(readFileSync(join(published(name), file)))]),
  );

describe("one checkpoint gives one set of vectors, in whatever form it was published", () => {
  test.each([
    ["pytorch_model.bin, a ZIP archive", "bert-zip"],
    ["pytorch_model.bin of before PyTorch 1.6", "bert-legacy"],
    ["pytorch_model.bin in two shards", "bert-shards"],
    ["pytorch_model.bin with tensors that are transposed views", "bert-views"],
  ])("%s: on disk and in memory", async (_, name) => {
    const expected = await hidden(published("bert-safetensors"));
    expect(await hidden(published(name))).toEqual(expected);
    expect(await hidden(inMemory(name))).toEqual(expected);
  });
});

test("each shard is linked beside the graph, not copied", async () => {
  const folder = published("bert-shards");
  await hidden(folder);
  const inodes = readdirSync(folder)
    .filter((file) => file.endsWith(".bin"))
    .map((file) => statSync(join(folder, file)).ino);
  const linked = readdirSync(join(cache, "graphs")).map((graph) =>
    readdirSync(join(cache, "graphs", graph)).map((file) => statSync(join(cache, "graphs", graph, file)).ino),
  );
  expect(linked.some((files) => inodes.every((inode) => files.includes(inode)))).toBe(true);
});

test("a folder without weights says what was looked for", async () => {
  await expect(loadTransformer({ "config.json": new Uint8Array() })).rejects.toThrow(
    "No weights in (memory). Looked for: model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json, onnx/model.onnx",
  );
});

test("a shard that is missing is named", async () => {
  const { "pytorch_model-00002-of-00002.bin": _, ...files } = inMemory("bert-shards");
  await expect(loadTransformer(files)).rejects.toThrow(
    'names the shard "pytorch_model-00002-of-00002.bin", which is missing',
  );
});
