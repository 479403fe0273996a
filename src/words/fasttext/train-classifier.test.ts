import { describe, expect, test } from "vitest";
import type { FastTextModel } from "./fasttext-model.ts";
import { loadFastText } from "./read-model.ts";
import { trainFastTextClassifier } from "./train-classifier.ts";
import { fastTextBytes } from "./write-model.ts";

const animals = "cat dog straße кошка 猫 horse cows".split(" ");
const vehicles = "car bus train поезд 車 lorry ships".split(" ");
const common = "the a my runs stands sleeps is and old new big small".split(" ");

/** Lines of animals and vehicles among common words; every third has a second label. */
function lines(count: number, seed: number): string[] {
  let state = seed;
  const draw = <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from[(state >>> 8) % from.length];
  };
  return Array.from({ length: count }, (_, i) => {
    const kind = draw(["animal", "vehicle"]);
    const words = Array.from({ length: 6 }, () => draw(common));
    words[2] = draw(kind === "animal" ? animals : vehicles);
    if (i % 3 === 0) words.push("urgent");
    return `__label__${kind}${i % 3 === 0 ? " __label__now" : ""} ${words.join(" ")}`;
  });
}

function accuracy(model: FastTextModel, tested: readonly string[]): number {
  const right = tested.filter((line) => {
    const labels = model.labelsOf(line);
    return labels.includes(model.predict(line.replace(/__label__\S+/g, ""))[0].label);
  });
  return right.length / tested.length;
}

const options = { dimensions: 10, epochs: 20, learningRate: 0.5, buckets: 1000 };

describe.each(["softmax", "hs", "ns", "ova"] as const)("with the loss %s", (loss) => {
  test("a classifier learns what words belong to which label", async () => {
    const model = await trainFastTextClassifier(lines(400, 1), { ...options, loss, wordNgrams: 2 });
    expect(accuracy(model, lines(200, 2))).toBeGreaterThan(0.97);
  });
});

test("one-vs-all finds both labels of a text that has two", async () => {
  const model = await trainFastTextClassifier(lines(400, 1), { ...options, loss: "ova" });
  const labels = model.predict("the cat is urgent", { top: 3, threshold: 0.5 }).map(({ label }) => label);
  expect(labels.toSorted()).toEqual(["__label__animal", "__label__now"]);
  expect(model.predict("the cat is old", { top: 3, threshold: 0.5 }).map(({ label }) => label)).toEqual([
    "__label__animal",
  ]);
});

test("one thread and one seed give the same model, another seed another", async () => {
  const train = async (seed: number): Promise<number[]> => {
    const model = await trainFastTextClassifier(lines(60, 1), { ...options, minN: 2, maxN: 3, seed });
    return [...model.sentenceVector("the cat is old")];
  };
  const [first, again, other] = [await train(1), await train(1), await train(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("character n-grams carry a classifier to words that it has not seen", async () => {
  const model = await trainFastTextClassifier(lines(400, 1), { ...options, minN: 2, maxN: 4 });
  expect(model.predict("кошки")[0].label).toBe("__label__animal");
});

test("only the buckets in use take memory, and a written model is the same model", async () => {
  const model = await trainFastTextClassifier(lines(60, 1), { ...options, wordNgrams: 2, buckets: 100_000 });
  const pieces = [...fastTextBytes(model)];
  const bytes = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  const again = await loadFastText(bytes);
  expect(again.parts.input.rows).toBe(model.parts.input.rows);
  for (const line of lines(20, 3)) expect(again.predict(line, { top: 3 })).toEqual(model.predict(line, { top: 3 }));
});

test("rare words and labels are left out, and a word of another prefix is a word", async () => {
  const text = ["#x a b", "#x a c", "#y a __label__z"];
  const model = await trainFastTextClassifier(text, { dimensions: 4, labelPrefix: "#", minCount: 2, minCountLabel: 2 });
  expect(model.labels).toEqual(["#x"]);
  expect(model.words).toEqual(["</s>", "a"]);
});

test("a text without labels, and an aborted training, say so", async () => {
  await expect(trainFastTextClassifier(["no label here"])).rejects.toThrow("None of 1 lines has a label");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(trainFastTextClassifier(lines(10, 1), { signal })).rejects.toThrow("enough");
  await expect(trainFastTextClassifier(lines(10, 1), { learningRate: -1 })).rejects.toThrow("learningRate");
});
