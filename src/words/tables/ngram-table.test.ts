import { expect, test } from "vitest";
import golden from "../../../test/golden/word_vectors.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { written } from "../../../test/written-vectors.ts";
import { Matrix } from "../../matrix/index.ts";
import { trainFastText } from "../fasttext/train-fasttext.ts";
import { loadWordVectors } from "../formats/load.ts";
import { NgramTable } from "./ngram-table.ts";

const lines = Array.from({ length: 30 }, (_, i) => `cats purr dogs bark cat${i} dog${i} cats dogs naïve 東京都`);
const unknown = ["catsy", "undogged", "naïvely", "東京都民", "qqqzzzxxx"];

async function model(): Promise<Awaited<ReturnType<typeof trainFastText>>> {
  return trainFastText(lines, { dimensions: 6, epochs: 2, minCount: 1, buckets: 2000 });
}

test("words that a fastText model never saw keep their vectors when it is saved in this package's format", async () => {
  const trained = await model();
  const vectors = trained.wordVectors();
  const again = await loadWordVectors(written(vectors, "v.safetensors"));
  for (const word of unknown) {
    expect(vectors.vector(word), word).toEqual(trained.wordVector(word));
    expect(again.vector(word), word).toEqual(trained.wordVector(word));
  }
  expect(again.words).toEqual(vectors.words);
  expect(again.vectors).toEqual(vectors.vectors);
  expect(again.has("zz")).toBe(vectors.has("zz"));
});

test("those of a quantised and pruned model, of int8 and of product-quantised tables are kept as they are", async () => {
  const trained = await model();
  const pruned = (await trained.quantize({ cutoff: trained.words.length + 150, normalize: true })).wordVectors();
  for (const vectors of [
    pruned,
    trained.wordVectors().quantized(),
    trained.wordVectors().quantized({ subspaces: 3 }),
  ]) {
    const again = await loadWordVectors(written(vectors, "v.safetensors"));
    for (const word of unknown) {
      expect(again.has(word)).toBe(vectors.has(word));
      if (vectors.has(word)) expect(again.vector(word)).toEqual(vectors.vector(word));
    }
  }
  expect(pruned.has("qqqzzzxxx")).toBe(false);
});

test("gensim's n-grams are kept too", async () => {
  const vectors = await loadWordVectors(bytesOfBase64(golden.files.fasttext));
  const again = await loadWordVectors(written(vectors, "v.safetensors"));
  expect(again.vector("abcd")).toEqual(vectors.vector("abcd"));
});

test("n-grams whose parts do not belong together are refused", async () => {
  const parts = { table: Matrix.zeros(2, 3), buckets: 10, minN: 3, maxN: 6, unused: "zeros" } as const;
  const table = (used: number[], rows: number[]) => () =>
    new NgramTable({ ...parts, used: Int32Array.from(used), rows: Int32Array.from(rows) });
  expect(table([1, 9], [1, 0])).not.toThrow();
  expect(table([1, 10], [1, 0])).toThrow("do not belong together");
  expect(table([9, 1], [1, 0])).toThrow("do not belong together");
  expect(table([1, 9], [1, 2])).toThrow("do not belong together");
  expect(table([1, 9], [1])).toThrow("do not belong together");
  const { "v.safetensors": bytes } = written((await model()).wordVectors(), "v.safetensors");
  const changed = bytes.slice();
  const settings = new TextEncoder().encode("3 6 2000 zeros");
  const at = bytes.findIndex((_, start) => settings.every((byte, k) => bytes[start + k] === byte));
  changed.set(new TextEncoder().encode("3 6 2000 other"), at);
  await expect(loadWordVectors(changed)).rejects.toThrow('n-grams of "3 6 2000 other"');
});
