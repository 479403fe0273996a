import { expect, test } from "vitest";
import { openFolder, readJson, readJsonIfPresent, subfolder } from "./folder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a folder in memory reads files, ranges and sub-folders", async () => {
  const folder = await openFolder({ "config.json": bytes('{"a":1}'), "1_Pooling/config.json": bytes("{}") });
  expect(await readJson(folder, "config.json")).toEqual({ a: 1 });
  expect(await readJsonIfPresent(folder, "none.json")).toBeUndefined();
  expect(await readJson(subfolder(folder, "1_Pooling"), "config.json")).toEqual({});
  expect(await folder.read("config.json", { offset: 1, length: 3 })).toEqual(bytes('"a"'));
  expect(subfolder(folder, "")).toBe(folder);
});

test("a missing file, a cut file and broken JSON are each named", async () => {
  const folder = await openFolder({ "config.json": bytes("{") });
  await expect(folder.read("model.safetensors")).rejects.toThrow(
    "No file model.safetensors among the bytes given. Given: config.json.",
  );
  await expect(folder.read("config.json", { offset: 0, length: 9 })).rejects.toThrow(
    "config.json has 1 bytes, 9 needed.",
  );
  await expect(readJson(folder, "config.json")).rejects.toThrow("config.json in (memory) is not JSON.");
});

test("a path that leads out of the folder, and a source that is none, are refused", async () => {
  const folder = await openFolder({});
  expect(() => subfolder(folder, "1_Pooling/../../secret")).toThrow("which lies outside of it");
  await expect(openFolder(undefined as unknown as string)).rejects.toThrow("got undefined. Pass one of these.");
});
