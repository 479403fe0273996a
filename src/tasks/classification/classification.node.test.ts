import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { type Embedder, loadEmbedder } from "../../texts/index.ts";
import { replacedBytes } from "../../../test/replaced-bytes.ts";
import {
  classifierBytes,
  classifierKinds,
  calibrationKinds,
  crossValidateClassifier,
  loadClassifier,
  saveClassifier,
  trainClassifier,
  zeroShotClassifier,
} from "./index.ts";

const folder = join(import.meta.dirname, "../../../examples/texts/speeches");
const sentences = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), "utf8")
    .trim()
    .split("\n")
    .map((text) => ({ text, label: Number(file.slice(0, 4)) < 1900 ? "19th" : "20th" })),
);
const learned = sentences.filter((_, i) => i % 5 !== 4);
const held = sentences.filter((_, i) => i % 5 === 4);
const texts = learned.map(({ text }) => text);
const labels = learned.map(({ label }) => label);
const embedder = await loadEmbedder();
const scratch = mkdtempSync(join(tmpdir(), "semspace-classifier-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("which century is a sentence from, held-back sentences of the speeches", () => {
  test.each(classifierKinds)(
    "%s says it right far more often than the larger class, and as surely as it says",
    async (kind) => {
      const classifier = await trainClassifier(embedder, texts, labels, { kind });
      const found = await classifier.predict(held.map(({ text }) => text));
      const right = found.filter(([{ label }], i) => label === held[i].label).length / held.length;
      const sure = found.reduce((sum, [{ probability }]) => sum + probability, 0) / held.length;
      expect(right).toBeGreaterThan(0.7);
      expect(Math.abs(sure - right)).toBeLessThan(0.1);
    },
  );

  test.each(calibrationKinds)("with %s calibration all probabilities of a text sum to 1", async (calibration) => {
    const classifier = await trainClassifier(
      embedder,
      texts.slice(0, 300),
      labels.slice(0, 300).map((_, i) => "abc"[i % 3]),
      { calibration },
    );
    const [all] = await classifier.predict(texts.slice(0, 1), { top: 3 });
    expect(all.length).toBe(3);
    expect(all.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });

  test("cross-validation foretells the accuracy on held-back sentences", async () => {
    const { accuracy, macroF1, calibrationError, confusion } = await crossValidateClassifier(embedder, texts, labels, {
      C: "auto",
    });
    expect(accuracy).toBeGreaterThan(0.7);
    expect(macroF1).toBeLessThan(accuracy + 0.05);
    expect(calibrationError).toBeLessThan(0.1);
    expect(confusion!.labels).toEqual(["19th", "20th"]);
  });
});

test("texts may have several labels, or none", async () => {
  const lists = ["cats", "dogs", "cats and dogs", "stones"].flatMap((what) =>
    ["I like", "She saw", "We talk about", "Many"].map((start) => ({
      text: `${start} ${what}.`,
      labels: ["cats", "dogs"].filter((animal) => what.includes(animal)),
    })),
  );
  const classifier = await trainClassifier(
    embedder,
    lists.map(({ text }) => text),
    lists.map((one) => one.labels),
    { C: 100 },
  );
  expect(classifier.multiLabel).toBe(true);
  const found = await classifier.predict(["They feed dogs and cats.", "They feed cats.", "They count stones."]);
  expect(found.map((list) => list.map(({ label }) => label).toSorted())).toEqual([["cats", "dogs"], ["cats"], []]);
});

test("descriptions of labels are enough", async () => {
  const classifier = await zeroShotClassifier(embedder, {
    sport: ["sport, football, tennis", "a match between two teams"],
    money: "banks, money and the stock market",
  });
  const found = await classifier.predict(["The striker scored twice.", "Shares fell when the bank closed."]);
  expect(found.map(([{ label }]) => label)).toEqual(["sport", "money"]);
});

describe("a classifier's file", () => {
  test.each(classifierKinds)("%s: what is loaded predicts the same", async (kind) => {
    const classifier = await trainClassifier(
      embedder,
      texts.slice(0, 200),
      labels.slice(0, 200).map((_, i) => "abc"[i % 3]),
      { kind, calibration: "isotonic" },
    );
    const path = join(scratch, `${kind}.safetensors`);
    await saveClassifier(classifier, path);
    const loaded = await loadClassifier(path, embedder);
    expect([loaded.kind, loaded.labels, loaded.multiLabel]).toEqual([kind, classifier.labels, false]);
    const asked = held.slice(0, 20).map(({ text }) => text);
    const [before, after] = [await classifier.predict(asked, { top: 3 }), await loaded.predict(asked, { top: 3 })];
    for (const [i, list] of before.entries())
      for (const [j, { label, probability }] of list.entries()) {
        expect(after[i][j].label).toBe(label);
        expect(after[i][j].probability).toBeCloseTo(probability, 5);
      }
  });

  test("another model than it was made with is refused, whatever its dimensions", async () => {
    const bytes = classifierBytes(
      await trainClassifier(
        embedder,
        texts.slice(0, 50),
        labels.slice(0, 50).map((_, i) => String(i % 2)),
      ),
    );
    const shorter = { name: "short", dimensions: 64, encode: embedder.encode };
    await expect(loadClassifier(bytes, shorter)).rejects.toMatchObject({ code: "mismatch" });
    const turned = {
      name: "turned",
      dimensions: embedder.dimensions,
      encode: async (text: string) => (await embedder.encode(text, { normalize: true })).toReversed(),
    } as unknown as Embedder;
    await expect(loadClassifier(bytes, turned)).rejects.toThrow(
      /not with turned \(the same dimensions, other vectors\)/,
    );
  });

  test("a damaged file is named, never misread", async () => {
    const bytes = classifierBytes(
      await trainClassifier(
        embedder,
        texts.slice(0, 50),
        labels.slice(0, 50).map((_, i) => String(i % 2)),
      ),
    );
    for (const length of [0, 7, 100, bytes.length - 1])
      await expect(loadClassifier(bytes.slice(0, length), embedder)).rejects.toMatchObject({
        code: "invalid-file",
        message: "classifier is no file that semspace has written, or it is damaged. Make it again.",
      });
    const changes = [
      ["semspace-classifier", "semspace-classifies"],
      ['[\\"0\\",\\"1\\"]', '[\\"0\\",\\"1\\" '],
      ['\\"temperature\\":', '\\"tamperature\\":'],
      ['"intercepts"', '"interccpts"'],
    ];
    for (const [from, to] of changes)
      await expect(loadClassifier(replacedBytes(bytes, from, to), embedder)).rejects.toMatchObject({
        code: "invalid-file",
      });
  });
});

describe("what cannot be learned is refused with what was got", () => {
  test("labels that are missing, too few, or of one kind only", async () => {
    await expect(trainClassifier(embedder, ["a", "b"], ["x"])).rejects.toThrow("2 texts need 2 labels, got 1.");
    await expect(trainClassifier(embedder, ["a", "b"], ["x", ""])).rejects.toThrow(
      'The label of text 1 is missing ("").',
    );
    await expect(trainClassifier(embedder, ["a", "b"], ["x", undefined as unknown as string])).rejects.toThrow(
      "The label of text 1 is missing",
    );
    await expect(trainClassifier(embedder, ["a", "b"], ["x", "x"])).rejects.toThrow(
      'at least 2 different labels, got only "x"',
    );
    await expect(trainClassifier(embedder, [], [])).rejects.toThrow("at least 2 different labels, got none");
    await expect(trainClassifier(embedder, ["a", "b"], [["x"], "y"] as unknown as string[])).rejects.toThrow(
      "Give lists for all texts, or for none.",
    );
  });

  test("a label with a single example cannot be calibrated, but can be learned", async () => {
    const rare = [
      ["a", "b", "c"],
      ["x", "x", "y"],
    ] as const;
    await expect(trainClassifier(embedder, rare[0], rare[1], { calibration: "platt" })).rejects.toThrow('"y" has 1');
    expect((await trainClassifier(embedder, rare[0], rare[1])).labels).toEqual(["x", "y"]);
  });

  test("vectors that are not finite, in training and later", async () => {
    const broken = { ...embedder, encode: async () => Matrix.fromRows([[1], [Number.NaN]]) } as unknown as Embedder;
    await expect(trainClassifier(broken, ["a", "b"], ["x", "y"])).rejects.toThrow("Vector 1 holds NaN");
    const classifier = await zeroShotClassifier(embedder, { a: "cats", b: "stones" });
    const vector = new Float32Array(embedder.dimensions).fill(Number.NaN);
    expect(() => classifier.predictVectors(Matrix.fromRows([vector]))).toThrow("Vector 0 holds NaN");
    expect(() => classifier.predictVectors(Matrix.zeros(1, 3))).toThrow(`of ${embedder.dimensions} dimensions, got 3`);
  });

  test("an abort is heard between folds", async () => {
    const controller = new AbortController();
    const onProgress = ({ stage }: { stage: string }): void =>
      void (stage === "fit" && controller.abort(new Error("enough")));
    await expect(trainClassifier(embedder, texts, labels, { onProgress, signal: controller.signal })).rejects.toThrow(
      "enough",
    );
  });
});
