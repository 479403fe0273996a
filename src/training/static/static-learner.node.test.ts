import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { wordTokenizer } from "../../../test/small-training.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { saveStaticModel, staticModelFiles } from "../../texts/static/index.ts";
import { staticLearner } from "./static-learner.ts";

const folder = mkdtempSync(join(tmpdir(), "semspace-learner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokenizer = wordTokenizer();
const texts = ["cat sleeps", "Cat cat unheard-of river", "", "nothing known"];

test("the gradient of the table is that of the texts' vectors, checked by finite differences", async () => {
  const learner = await staticLearner({ tokenizer, dimensions: 8 });
  const table = learner.parameters[0].value;
  const upstream = new Matrix(
    Float32Array.from({ length: 4 * 8 }, (_, i) => Math.sin(i)),
    4,
    8,
  );
  const total = async (): Promise<number> =>
    (await learner.encode(texts)).data.reduce((sum, value, i) => sum + value * upstream.data[i], 0);
  await learner.encode(texts);
  const [{ rows }] = await learner.backward(upstream);
  const ids = [...rows!.ids];
  const values = rows!.values.slice();
  for (let i = 0; i < table.length; i += 1) {
    const kept = table[i];
    table[i] = kept + 0.5;
    const above = await total();
    table[i] = kept - 0.5;
    const slope = above - (await total());
    table[i] = kept;
    const row = ids.indexOf(Math.floor(i / 8));
    expect(slope).toBeCloseTo(row < 0 ? 0 : values[row * 8 + (i % 8)], 5);
  }
  await learner.dispose();
});

test("what is saved gives the vectors that were trained, in both layouts", async () => {
  const fresh = await staticLearner({ tokenizer, dimensions: 8 }, { normalize: false });
  const other = await staticLearner({ tokenizer, vectors: new Matrix(fresh.parts().rows as Float32Array, 19, 8) });
  await saveStaticModel(fresh.parts(), join(folder, "alone"), { layout: "sentence-transformers" });
  for (const [name, learner] of [
    ["fresh", fresh],
    ["other", other],
    ["alone-again", await staticLearner({ model: join(folder, "alone") })],
  ] as const) {
    learner.parameters[0].value.forEach((value, i, table) => (table[i] = value * 2));
    await learner.save(join(folder, name));
    const embedder = await loadEmbedder(join(folder, name));
    const own = await learner.embedder().encode(texts, { normalize: true });
    const read = await embedder.encode(texts, { normalize: true });
    for (const [i, value] of own.data.entries()) expect(read.data[i]).toBeCloseTo(value, 6);
    const again = await staticLearner({ model: join(folder, name) });
    expect(again.parameters[0].value).toEqual(learner.parameters[0].value);
  }
});

test("an int8 table with its scales is multiplied out", async () => {
  const rows = Int8Array.from({ length: 19 * 8 }, (_, i) => (i % 255) - 127);
  const weightOf = Float32Array.from({ length: 19 }, (_, i) => i / 100);
  const parts = { rows, dimensions: 8, weightOf, tokenizer: tokenizer["tokenizer.json"], config: { normalize: false } };
  const files = staticModelFiles(parts);
  const learner = await staticLearner({ model: files });
  const embedder = await loadEmbedder(files);
  const wanted = (await embedder.encode(texts)).data;
  const got = (await learner.encode(texts)).data;
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 5);
});

test("what cannot be trained is refused", async () => {
  await expect(staticLearner({ tokenizer, dimensions: 6 })).rejects.toThrow("a multiple of 4 dimensions, got 6");
  await expect(staticLearner({ tokenizer, vectors: Matrix.zeros(4, 8) })).rejects.toThrow(
    "the tokenizer has ids up to 18, the table has 4 rows",
  );
  await expect(staticLearner({ model: { "config.json": new TextEncoder().encode("{}") } })).rejects.toThrow(
    "holds no static model. Give one, or begin with random vectors",
  );
  const learner = await staticLearner({ tokenizer, dimensions: 8 });
  await expect(learner.backward(Matrix.zeros(1, 8))).rejects.toThrow("backward needs an encode before it");
});
