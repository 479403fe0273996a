import { expect, test } from "vitest";
import { ProductQuantizer } from "../../matrix/index.ts";
import { ProductTable } from "../tables/product-table.ts";
import { loadFastText } from "./read-model.ts";
import { trainFastTextClassifier } from "./train-classifier.ts";
import { trainFastText } from "./train-fasttext.ts";
import { fastTextBytes } from "./write-model.ts";

/** Words of two classes, many of each, so that there is something to quantise. */
function lines(count: number): string[] {
  let state = 11;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  return Array.from({ length: count }, () => {
    const kind = below(2);
    const words = Array.from({ length: 6 }, () => `${kind ? "ka" : "so"}${below(300)}`);
    return `__label__${kind} ${words.join(" ")} the of`;
  });
}

function random(count: number): Float32Array {
  let state = 5;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

test("a quantised row is near the row, its length included when it is kept apart", () => {
  const rows = random(2000 * 7);
  for (const normalize of [false, true]) {
    const table = ProductTable.from(rows.slice(), 7, { pieceLength: 2, normalize });
    expect(table.quantizer).toMatchObject({ pieces: 4, lastPieceLength: 1 });
    let error = 0;
    let size = 0;
    for (let i = 0; i < table.rows; i += 1) {
      const row = table.row(i);
      for (let k = 0; k < 7; k += 1) {
        error += (row[k] - rows[i * 7 + k]) ** 2;
        size += rows[i * 7 + k] ** 2;
      }
    }
    expect(error / size).toBeLessThan(0.006);
  }
});

test("fewer rows than centroids are kept exactly", () => {
  const rows = random(30 * 4);
  const quantizer = ProductQuantizer.train(rows, 4, { pieceLength: 2, seed: 1 });
  const target = new Float32Array(4);
  quantizer.add(quantizer.encode(rows), 29 * 2, { target, scale: 1 });
  expect([...target]).toEqual([...rows.subarray(29 * 4)]);
});

async function again(model: Parameters<typeof fastTextBytes>[0]): Promise<ReturnType<typeof loadFastText>> {
  const blob = new Blob([...fastTextBytes(model)] as BlobPart[]);
  return loadFastText(new Uint8Array(await blob.arrayBuffer()));
}

test("a quantised classifier predicts the same labels from a fraction of the bytes, after being written too", async () => {
  const model = await trainFastTextClassifier(lines(600), {
    dimensions: 16,
    epochs: 20,
    learningRate: 0.5,
    wordNgrams: 2,
    buckets: 20_000,
  });
  const small = await again(await model.quantize({ normalize: true, output: true, cutoff: 600 }));
  expect(small.parts.input.rows).toBe(600);
  expect(small.words[0]).toBe("</s>");
  const tested = lines(700).slice(600);
  const same = tested.filter((line) => small.predict(line)[0].label === model.predict(line)[0].label);
  expect(same.length).toBeGreaterThan(97);
  await expect(small.quantize()).rejects.toThrow("quantised already");
});

test("training on after a cutoff wins back what the cutoff has lost", async () => {
  const text = lines(600);
  const model = await trainFastTextClassifier(text, {
    dimensions: 8,
    epochs: 20,
    learningRate: 0.5,
    wordNgrams: 2,
    buckets: 20_000,
  });
  const right = (tested: typeof model): number =>
    text.filter((line) => tested.predict(line)[0].label === line.split(" ", 1)[0]).length;
  const cut = await model.quantize({ cutoff: 300 });
  const further = await model.quantize({ cutoff: 300, retrain: { corpus: text, epochs: 10, learningRate: 0.5 } });
  expect(right(further)).toBeGreaterThanOrEqual(right(cut));
  expect(right(further)).toBeGreaterThan(570);
});

test("word vectors are quantised too: all words stay, unused buckets go, neighbours remain", async () => {
  const text = lines(600).map((line) => line.slice(11));
  const model = await trainFastText(text, { dimensions: 16, minCount: 1, sample: 0, epochs: 10, buckets: 50_000 });
  const small = await again(await model.quantize({ normalize: true }));
  expect(small.words).toEqual(model.words);
  expect(small.parts.input.rows).toBeLessThan(model.parts.input.rows);
  const near = small.wordVectors().mostSimilar("ka17", { top: 10 });
  expect(near.filter(({ word }) => word.startsWith("ka")).length).toBeGreaterThanOrEqual(9);
  await expect(model.quantize({ cutoff: 10 })).rejects.toThrow("all of which stay");
});
