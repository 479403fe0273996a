import { expect, test } from "vitest";
import golden from "../../../test/golden/static.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { openFolder } from "../../hub/folder.ts";
import { loadStaticModel, readStaticParts } from "./index.ts";
import { startStaticPool } from "./static-pool.ts";

const { files } = golden.cases.find(({ name }) => name === "float32")!;
const model = Object.fromEntries(Object.entries(files).map(([path, base64]) => [path, bytesOfBase64(base64)]));

// Longer than the text after which threads are started.
const texts = Array.from(
  { length: 9000 },
  (_, i) => `${golden.texts[i % golden.texts.length]} ${"the cat sat ".repeat(80)} ${i % 7} dogs`,
);

test("several threads give the vectors of one, to the bit, and count every text", async () => {
  const one = await loadStaticModel(model);
  const two = await loadStaticModel(model, { threads: 2 });
  const wanted = one.encodeTexts(texts);
  const got = new Float32Array(wanted.data.length);
  let done = 0;
  for (let round = 0; round < 2; round += 1) {
    got.fill(Number.NaN);
    await two.embed(texts, got, { advance: (count) => (done += count) });
    expect(got).toEqual(wanted.data);
  }
  expect(done).toBe(2 * texts.length);
  const reason = new Error("enough");
  await expect(two.embed(texts, got, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await two.dispose();
  await expect(two.embed(texts, got)).rejects.toMatchObject({ code: "disposed" });
  await one.dispose();
});

test("a number of threads that is none is refused", async () => {
  await expect(loadStaticModel(model, { threads: 0 })).rejects.toThrow(
    "threads must be a whole number of at least 1, got 0.",
  );
});

test("threads start from the sources, and a model that cannot be made ends them", async () => {
  const parts = await readStaticParts(await openFolder(model), "model2vec");
  const options = { reading: "model2vec", name: "test" } as const;
  const pool = await startStaticPool(parts, options, 2);
  const output = new Float32Array(2 * parts.dimensions);
  await pool!.encodeInto(["the cat", "a dog"], output);
  expect(output).toEqual((await loadStaticModel(model)).encodeTexts(["the cat", "a dog"]).data);
  await pool!.dispose();
  await expect(pool!.encodeInto(["the cat"], output)).rejects.toThrow("threads were ended");
  expect(await startStaticPool({ ...parts, dimensions: 4 }, options, 1)).toBeUndefined();
});
