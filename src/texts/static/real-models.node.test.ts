import { join } from "node:path";
import { expect, test } from "vitest";
import golden from "../../../test/golden/static_models.json" with { type: "json" };
import { realModel } from "../../../test/real-models.ts";
import { loadEmbedder } from "../index.ts";

const shipped = join(import.meta.dirname, "../../../models/default");
const small = realModel("static-10k-64d");

async function largestDifference(folder: string, wanted: readonly number[][]): Promise<number> {
  const embedder = await loadEmbedder(folder);
  const vectors = await embedder.encode(golden.texts);
  await embedder.dispose();
  return Math.max(...wanted.map((row, i) => Math.max(...row.map((value, j) => Math.abs(value - vectors.row(i)[j])))));
}

test("the shipped model gives model2vec's vectors, for a text beyond 512 tokens too", async () => {
  expect(await largestDifference(shipped, golden.vectors.default)).toBeLessThan(1e-6);
});

test.skipIf(!small)("static-10k-64d (Unigram, mapping, weights, int8) gives model2vec's vectors", async () => {
  expect(await largestDifference(small!, golden.vectors["static-10k-64d"])).toBeLessThan(1e-6);
});
