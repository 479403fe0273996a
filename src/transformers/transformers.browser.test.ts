import { warn } from "#platform";
import { describe, expect, inject, test, vi } from "vitest";
import expected from "../../test/golden/encoders/expected.json" with { type: "json" };
import real from "../../test/golden/texts-real.json" with { type: "json" };
import { floatsOfBase64 } from "../../test/base64.ts";
import { batchOf, difference, type GoldenCheckpoint, tokenDifference } from "../../test/golden-states.ts";
import { loadEmbedder } from "../texts/index.ts";
import { loadTransformer } from "./load.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the real models. */
    models: string;
  }
}

const goldens: GoldenCheckpoint[] = expected;
const folderOf = (name: string) => new URL(`/test/golden/encoders/${name}/`, location.href);
const miniLm = new URL(`/@fs${inject("models")}/all-MiniLM-L6-v2/`, location.href);
const hasMiniLm = (await fetch(new URL("config.json", miniLm))).headers.get("content-type")?.includes("json");
if (!hasMiniLm) warn("all-MiniLM-L6-v2 is not fetched, its test skips. Fetch it: npm run models");

test.each(["bert-gelu", "mpnet", "deberta-v3", "roberta"])(
  "%s gives the reference's states in a browser",
  async (name) => {
    const golden = goldens.find((one) => one.name === name)!;
    const transformer = await loadTransformer(folderOf(name));
    const { data } = await transformer.run(batchOf(golden));
    expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-5);
    await transformer.dispose();
  },
);

test("several models open and run at once, each with its own weights", async () => {
  const differences = await Promise.all(
    goldens.slice(0, 5).map(async (golden) => {
      const transformer = await loadTransformer(folderOf(golden.name));
      const results = await Promise.all([transformer.run(batchOf(golden)), transformer.run(batchOf(golden))]);
      await transformer.dispose();
      return Math.max(...results.map(({ data }) => tokenDifference(golden, data, golden.hidden)));
    }),
  );
  expect(Math.max(...differences)).toBeLessThan(2e-5);
});

test("the caller's tokens and files in memory are left as they are", async () => {
  const golden = goldens.find(({ name }) => name === "bert-gelu")!;
  const files: Record<string, Uint8Array> = {};
  for (const file of ["config.json", "model.safetensors"]) {
    files[file] = new Uint8Array(await (await fetch(new URL(file, folderOf(golden.name)))).arrayBuffer());
  }
  const lengths = Object.values(files).map(({ length }) => length);
  const batch = batchOf(golden);
  const transformer = await loadTransformer(files);
  await transformer.run(batch);
  await transformer.dispose();
  expect(Object.values(files).map(({ length }) => length)).toEqual(lengths);
  expect(batch.ids).toHaveLength(golden.ids.length);
});

test("a model that asks for WebGPU runs on WebAssembly where there is none", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const golden = goldens.find(({ name }) => name === "bert-gelu")!;
  const transformer = await loadTransformer(folderOf(golden.name), { device: "webgpu" });
  const { data } = await transformer.run(batchOf(golden));
  expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-4);
  await transformer.dispose();
});

describe.skipIf(!hasMiniLm)("MiniLM", () => {
  test(
    "gives Python's vectors within 1e-4, and the page's timers run while it works",
    { timeout: 120_000 },
    async () => {
      const embedder = await loadEmbedder(miniLm);
      const vectors = await embedder.encode(real.texts);
      expect(difference(vectors.data, floatsOfBase64(real["all-MiniLM-L6-v2"]))).toBeLessThan(1e-4);
      let ticks = 0;
      const timer = setInterval(() => (ticks += 1), 16);
      await embedder.encode(Array.from({ length: 8 }, (_, i) => `${"a text that takes a while ".repeat(20)}${i}`));
      clearInterval(timer);
      // One batch, which takes a second: on the page's thread at most two would come through, before it and behind it.
      expect(ticks).toBeGreaterThan(4);
      await embedder.dispose();
    },
  );
});
