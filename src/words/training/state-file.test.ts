import { expect, test } from "vitest";
import { writeSafetensors } from "../../formats/index.ts";
import { checkSameSettings, keepState, openStateFile, stateFileBytes } from "./state-file.ts";

const data = Float32Array.of(1, 2, 3, 4);
const progress = { settings: { window: 5 }, epochs: 2, losses: [2.5, NaN] };
const bytes = stateFileBytes("GloVe", { rows: { dtype: "F32", shape: [2, 2], data } }, progress);

test("a state comes back with its matrices, settings and how far it has come", async () => {
  const file = await openStateFile(bytes, "GloVe");
  expect(file).toMatchObject(progress);
  expect([file.has("rows"), file.has("columns")]).toEqual([true, false]);
  expect(await file.float32("rows", 4)).toEqual(data);
  await expect(file.float32("rows", 5)).rejects.toThrow("rows has 4 values, 5 are needed");
  await expect(file.bytes("columns")).rejects.toThrow('No tensor "columns"');
});

test("another training's state, and what tells no progress, are refused", async () => {
  await expect(openStateFile(bytes, "word2vec")).rejects.toThrow("is no word2vec training of this package");
  for (const told of ['{"epochs":-1,"losses":[]}', '{"epochs":1.5,"losses":[]}', '{"epochs":1}', "null"]) {
    const file = writeSafetensors({}, { format: "semspace-glove", settings: "{}", progress: told });
    await expect(openStateFile(file, "GloVe")).rejects.toThrow("does not tell how many epochs");
  }
  const file = writeSafetensors({}, { format: "semspace-glove", settings: "{", progress: "{}" });
  await expect(openStateFile(file, "GloVe")).rejects.toThrow("its settings are not JSON");
});

test("a checkpoint of other settings names each of them, before and now", () => {
  expect(() => checkSameSettings({ window: 5, loss: "ns", seed: 1 }, { window: 6, loss: "hs", seed: 1 })).toThrow(
    'window 5, now 6; loss "ns", now "hs"',
  );
});

test("who takes the bytes is waited for", async () => {
  let taken = 0;
  await keepState(async (state) => {
    await Promise.resolve();
    taken = state.length;
  }, bytes);
  expect(taken).toBe(bytes.length);
});
