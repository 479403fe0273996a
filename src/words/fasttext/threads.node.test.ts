import { expect, test } from "vitest";
import { trainFastTextClassifier } from "./train-classifier.ts";
import { trainFastText } from "./train-fasttext.ts";

test("two threads learn what one learns", async () => {
  const words = (kind: number, i: number): string =>
    Array.from({ length: 6 }, (_, k) => `${kind ? "ka" : "so"}${(i * 7 + k * k * 3) % 40}`).join(" ");
  const lines = Array.from({ length: 900 }, (_, i) => words(i % 2, i >> 1));
  const labelled = lines.map((line, i) => `__label__${i % 2} ${line}`);
  const classifier = await trainFastTextClassifier(labelled, {
    threads: 2,
    dimensions: 8,
    epochs: 10,
    learningRate: 0.5,
  });
  expect(lines.filter((line, i) => classifier.predict(line)[0].label === `__label__${i % 2}`)).toHaveLength(900);
  const options = { threads: 2, dimensions: 12, epochs: 5, minCount: 1, sample: 0, buckets: 1000 };
  const near = (await trainFastText(lines, options)).wordVectors().mostSimilar("ka3", { top: 10 });
  expect(near.filter(({ word }) => word.startsWith("ka")).length).toBeGreaterThanOrEqual(9);
});
