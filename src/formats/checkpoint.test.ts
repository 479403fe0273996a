import { describe, expect, test } from "vitest";
import { bytesOfBase64 } from "../../test/base64.ts";
import golden from "../../test/golden/torch_files.json" with { type: "json" };
import { openFolder } from "../hub/folder.ts";
import { findCheckpoint, openCheckpoint } from "./checkpoint.ts";
import { writeSafetensors } from "./safetensors-writer.ts";
import type { TensorFile } from "./tensor-file.ts";

const shard = (...names: string[]) =>
  writeSafetensors(
    Object.fromEntries(
      names.map((name) => [
        name,
        { dtype: "F32", shape: [1], data: new Uint8Array(Float32Array.of(name.length).buffer) },
      ]),
    ),
  );
const index = (map: unknown) => new TextEncoder().encode(JSON.stringify({ metadata: {}, weight_map: map }));
const torch = bytesOfBase64(golden.cases[0].zip);

async function open(files: Record<string, Uint8Array>): Promise<TensorFile> {
  const folder = await openFolder(files);
  return openCheckpoint(folder, (await findCheckpoint(folder))!);
}

const two = { "model-1.safetensors": shard("a", "bb"), "model-2.safetensors": shard("ccc") };
const map = { a: "model-1.safetensors", bb: "model-1.safetensors", ccc: "model-2.safetensors" };

describe("a folder's weights are found under transformers' names", () => {
  test("in shards with an index", async () => {
    const file = await open({ ...two, "model.safetensors.index.json": index(map) });
    expect([...file.tensors.keys()]).toEqual(["a", "bb", "ccc"]);
    expect([...(await file.readFloat32("ccc"))]).toEqual([3]);
    expect(file.tensor("bb").path).toBe("model-1.safetensors");
  });

  test("in shards of torch.save", async () => {
    const names = Object.keys(golden.cases[0].tensors);
    const file = await open({
      "pytorch_model-00001-of-00001.bin": torch,
      "pytorch_model.bin.index.json": index(
        Object.fromEntries(names.map((name) => [name, "pytorch_model-00001-of-00001.bin"])),
      ),
    });
    expect([...(await file.readFloat32("scalar"))]).toEqual([2.5]);
  });

  test("safetensors before shards before .bin", async () => {
    const files: Record<string, Uint8Array> = {
      ...{ ...two, "pytorch_model.bin": torch },
      ...{ "model.safetensors.index.json": index(map), "model.safetensors": shard("whole") },
    };
    expect([...(await open(files)).tensors.keys()]).toEqual(["whole"]);
    delete files["model.safetensors"];
    expect((await open(files)).tensors.size).toBe(3);
    delete files["model.safetensors.index.json"];
    expect((await open(files)).tensor("scalar").shape).toEqual([]);
    expect(await findCheckpoint(await openFolder({ "config.json": torch }))).toBeUndefined();
  });
});

describe("an index that does not fit its shards is refused", () => {
  test.each<[string, Record<string, Uint8Array>, unknown, string]>([
    [
      "a shard that is missing",
      { "model-1.safetensors": two["model-1.safetensors"] },
      map,
      'names the shard "model-2.safetensors", which is missing',
    ],
    [
      "a tensor in two shards",
      { ...two, "model-2.safetensors": shard("a", "ccc") },
      map,
      'tensor "a" lies in two shards, model-1.safetensors and model-2.safetensors',
    ],
    [
      "the same shard under two names",
      { ...two, "model-2.safetensors": two["model-1.safetensors"] },
      map,
      'tensor "a" lies in two shards',
    ],
    [
      "a tensor that no shard has",
      two,
      { ...map, dddd: "model-2.safetensors" },
      'tensor "dddd" is not in model-2.safetensors, where its index says',
    ],
    [
      "a shard outside of the folder",
      two,
      { a: "../model-1.safetensors" },
      'is in the shard "../model-1.safetensors"; a file name is needed',
    ],
    ["a shard that is no name", two, { a: 3 }, "is in the shard 3"],
    ["an index without a map", two, undefined, "its weight_map is undefined"],
  ])("%s", async (_, files, weights, message) => {
    await expect(open({ ...files, "model.safetensors.index.json": index(weights) })).rejects.toThrow(message);
  });

  test("an index that is no JSON", async () => {
    await expect(open({ "model.safetensors.index.json": Uint8Array.of(123) })).rejects.toThrow("is not JSON");
  });
});
