/** The default model, in Node and in Chromium, with no download. */
import { expect, test } from "vitest";
import { loadEmbedder } from "./load-embedder.ts";

test("loadEmbedder without a source opens the shipped model, which knows what is near", async () => {
  const embedder = await loadEmbedder();
  const vectors = await embedder.encode(["king", "queen", "banana", "keyboard"]);
  const [, queen, banana, keyboard] = embedder.similarity(vectors.row(0), vectors).data;
  expect(queen).toBeGreaterThan(banana + 0.2);
  expect(queen).toBeGreaterThan(keyboard + 0.2);
  expect(Math.hypot(...vectors.row(0))).toBeCloseTo(1, 5);
});

test("the shipped model's vectors do not depend on the texts around them", async () => {
  const embedder = await loadEmbedder();
  const texts = Array.from({ length: 3000 }, (_, i) => `text number ${i} about ${i % 2 ? "films" : "rivers"}`);
  const many = await embedder.encode(texts);
  for (const i of [0, 1, 2047, 2048, 2999]) expect(many.row(i)).toEqual(await embedder.encode(texts[i]));
});

test("what is no model2vec folder nor a transformer is refused", async () => {
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  await expect(loadEmbedder({})).rejects.toMatchObject({ code: "missing-file" });
  await expect(loadEmbedder({ "config.json": json({ model_type: "model2vec" }) })).rejects.toMatchObject({
    code: "missing-file",
  });
  await expect(loadEmbedder({ "modules.json": new TextEncoder().encode("[{") })).rejects.toMatchObject({
    code: "invalid-file",
  });
  await expect(loadEmbedder(undefined, { pooling: "cls" })).rejects.toThrow(/static model/);
  await expect(loadEmbedder(undefined, { threads: 0 })).rejects.toThrow(/threads/);
});
