import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFolder } from "../hub/folder.ts";
import { linkedGraph } from "./graph-cache.ts";
import { loadTransformer } from "./load.ts";

const fixtures = join(import.meta.dirname, "../../test/golden/encoders");
const fixture = join(fixtures, "bert-gelu");
const before = process.env["SEMSPACE_CACHE"];
let work = "";
let model = "";

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "semspace-graphs-"));
  model = join(work, "model");
  cpSync(fixture, model, { recursive: true });
  process.env["SEMSPACE_CACHE"] = join(work, "cache");
});

afterEach(() => {
  if (before === undefined) delete process.env["SEMSPACE_CACHE"];
  else process.env["SEMSPACE_CACHE"] = before;
  rmSync(work, { recursive: true, force: true });
});

const graphs = () => readdirSync(join(work, "cache", "graphs"));

/** The first values that the model of a folder gives. */
async function vector(folder: string): Promise<number[]> {
  const transformer = await loadTransformer(folder, { threads: 1 });
  const { data } = await transformer.run({
    ids: Int32Array.of(2, 7, 3),
    attentionMask: Int32Array.of(1, 1, 1),
    rows: 1,
    columns: 3,
  });
  await transformer.dispose();
  return [...data.subarray(0, 4)];
}

test("the graph is kept in the cache with a hard link to the weights, and nothing is written beside the model", async () => {
  const files = readdirSync(model);
  const values = await vector(model);
  expect(readdirSync(model)).toEqual(files);
  expect(graphs()).toHaveLength(1);
  const linked = statSync(join(work, "cache", "graphs", graphs()[0], "weights"));
  expect(linked.ino).toBe(statSync(join(model, "model.safetensors")).ino);
  expect(await vector(model)).toEqual(values);
  expect(graphs()).toHaveLength(1);
});

test("a folder of symbolic links, as the hub's cache is one, gives the same vectors by way of the real file", async () => {
  const values = await vector(model);
  const snapshot = join(work, "snapshot");
  mkdirSync(snapshot);
  for (const file of readdirSync(model)) symlinkSync(join("..", "model", file), join(snapshot, file));
  symlinkSync(snapshot, join(work, "alias"));
  expect(await vector(snapshot)).toEqual(values);
  expect(await vector(join(work, "alias"))).toEqual(values);
  expect(graphs()).toHaveLength(1);
});

test("a read-only folder is opened", async () => {
  const values = await vector(model);
  for (const file of readdirSync(model)) chmodSync(join(model, file), 0o444);
  chmodSync(model, 0o555);
  expect(await vector(model)).toEqual(values);
  chmodSync(model, 0o755);
});

test("a cache behind a symbolic link is used", async () => {
  mkdirSync(join(work, "elsewhere"));
  symlinkSync(join(work, "elsewhere"), join(work, "cache"));
  const values = await vector(model);
  expect(readdirSync(join(work, "elsewhere", "graphs"))).toHaveLength(1);
  expect(await vector(model)).toEqual(values);
});

test("a cache that cannot be written makes no difference to the vectors", async () => {
  const values = await vector(model);
  writeFileSync(join(work, "file"), "");
  process.env["SEMSPACE_CACHE"] = join(work, "file", "cache");
  const weights = { ranges: new Map([["weights", "model.safetensors"]]), packed: () => Promise.resolve(undefined) };
  expect(await linkedGraph(await openFolder(model), weights, { graph: new Uint8Array(4) })).toBeUndefined();
  expect(await vector(model)).toEqual(values);
});

test("a folder in memory gives the same vectors", async () => {
  const files = Object.fromEntries(
    readdirSync(model).map((file) => [file, new Uint8Array(readFileSync(join(model, file)))]),
  );
  const transformer = await loadTransformer(files, { threads: 1 });
  const { data } = await transformer.run({
    ids: Int32Array.of(2, 7, 3),
    attentionMask: Int32Array.of(1, 1, 1),
    rows: 1,
    columns: 3,
  });
  expect([...data.subarray(0, 4)]).toEqual(await vector(model));
  await transformer.dispose();
});

test("changed weights are seen, whether the file was replaced or written over", async () => {
  const values = await vector(model);
  const other = readFileSync(join(fixtures, "bert-relu", "model.safetensors"));
  writeFileSync(join(model, "model.safetensors"), other);
  const written = await vector(model);
  expect(written).not.toEqual(values);
  rmSync(join(model, "model.safetensors"));
  cpSync(join(fixture, "model.safetensors"), join(model, "model.safetensors"));
  expect(await vector(model)).toEqual(values);
});

test("what the cache keeps of a model that is gone is removed when another is opened", async () => {
  await vector(model);
  const [orphan] = graphs();
  rmSync(join(model, "model.safetensors"));
  cpSync(join(fixtures, "bert-relu"), join(work, "relu"), { recursive: true });
  await vector(join(work, "relu"));
  expect(graphs()).toHaveLength(1);
  expect(graphs()).not.toContain(orphan);
});

test("a damaged entry of the cache is made again", async () => {
  const values = await vector(model);
  const entry = join(work, "cache", "graphs", graphs()[0]);
  rmSync(join(entry, "weights"));
  writeFileSync(join(entry, "weights"), "not the weights");
  expect(await vector(model)).toEqual(values);
  rmSync(join(entry, "model.onnx"));
  expect(await vector(model)).toEqual(values);
  writeFileSync(join(entry, "model.onnx"), "not a graph");
  expect(await vector(model)).toEqual(values);
});

test("many that open a model at once all get it, and leave one entry", async () => {
  const values = await Promise.all(Array.from({ length: 8 }, () => vector(model)));
  for (const one of values) expect(one).toEqual(values[0]);
  expect(graphs()).toHaveLength(1);
});

test("weights that do not lie on float boundaries are read", async () => {
  const values = await vector(model);
  const path = join(model, "model.safetensors");
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE());
  const shifted = Buffer.concat([bytes.subarray(0, 8 + length), Buffer.from(" "), bytes.subarray(8 + length)]);
  shifted.writeBigUInt64LE(BigInt(length + 1));
  writeFileSync(path, shifted);
  expect(await vector(model)).toEqual(values);
  process.env["SEMSPACE_CACHE"] = join(path, "cache");
  expect(await vector(model)).toEqual(values);
});
