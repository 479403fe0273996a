import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { trainTokenizer } from "../tokenizers/index.ts";
import { labelledPairs } from "./set-fit-pairs.ts";
import { loadSetFit, saveSetFit, setFit } from "./set-fit.ts";
import { staticLearner } from "./static/static-learner.ts";

const folder = mkdtempSync(join(tmpdir(), "set-fit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sweet = ["honey", "sugar", "candy", "syrup"];
const metal = ["iron", "copper", "zinc", "steel"];
const filler = ["the", "old", "some", "fresh", "more", "red"];
const sentences = (words: readonly string[], shift: number): string[] =>
  Array.from({ length: 8 }, (_, i) => `${filler[(i + shift) % 6]} ${words[i % 4]} ${filler[(i * 5 + shift) % 6]}`);
const texts = [...sentences(sweet, 0), ...sentences(metal, 1)];
const labels = texts.map((_, i) => (i < 8 ? "sweet" : "metal"));

test("alike and unlike pairs alternate, as many of both as the sampling says", () => {
  const classes = ["a", "a", "b"];
  const count = (sampling: "oversampling" | "undersampling" | "unique"): [number, number] => {
    const pairs = labelledPairs(classes, { sampling, seed: 1 });
    return [pairs.filter(({ alike }) => alike).length, pairs.filter(({ alike }) => !alike).length];
  };
  // With itself each text is a pair too: aa, aa, bb, ab are alike, a–b twice is not.
  expect(count("unique")).toEqual([4, 2]);
  expect(count("oversampling")).toEqual([4, 4]);
  expect(count("undersampling")).toEqual([2, 2]);
  const mixed = labelledPairs(["a", "b", "c"], { sampling: "oversampling", seed: 2 });
  expect(mixed.map(({ alike }) => alike)).toEqual([true, false, true, false, true, false]);
  expect(labelledPairs(["a", "b", "c"], { sampling: "oversampling", seed: 2 })).toEqual(mixed);
});

test("eight examples a class are told apart, also in sentences with other words around, and after saving", async () => {
  const tokenizer = await trainTokenizer([...texts, ...texts], { model: "wordpiece", vocabularySize: 120 });
  const path = join(folder, "tokenizer.json");
  writeFileSync(path, JSON.stringify(tokenizer.json));
  const learner = await staticLearner({ tokenizer: path, dimensions: 16 }, { threads: 1 });
  const classifier = await setFit({ learner, texts, labels, epochs: 3, learningRate: 0.05 });
  const questions = ["more sugar the", "steel some old", "red candy red", "fresh zinc more"];
  expect(await classifier.predict(questions)).toEqual(["sweet", "metal", "sweet", "metal"]);
  expect(classifier.labels).toEqual(["metal", "sweet"]);
  const saved = join(folder, "classifier");
  await saveSetFit(classifier, learner, saved);
  const again = await loadSetFit(saved);
  const [one, two] = [await classifier.probabilities(questions), await again.probabilities(questions)];
  for (const [i, each] of one.data.entries()) expect(two.data[i]).toBeCloseTo(each, 4);
  const head = join(saved, "setfit_head.json");
  const json = JSON.parse(readFileSync(head, "utf8"));
  writeFileSync(head, JSON.stringify({ ...json, weights: json.weights.slice(1) }));
  await expect(loadSetFit(saved)).rejects.toThrow("is for vectors of 15 dimensions, the body gives 16");
  writeFileSync(head, JSON.stringify({ ...json, intercepts: [] }));
  await expect(loadSetFit(saved)).rejects.toThrow("has no labels, weights and intercepts that fit together");
  await again.embedder.dispose();
  await learner.dispose();
});

test("texts that cannot be learnt from are refused", async () => {
  const learner = {} as never;
  await expect(setFit({ learner, texts, labels: labels.slice(1) })).rejects.toThrow("got 15 for 16");
  await expect(setFit({ learner, texts, labels: texts.map(() => "same") })).rejects.toThrow('got "same" only');
  await expect(setFit({ learner, texts, labels, sampling: "all" as never })).rejects.toThrow('Unknown sampling "all"');
});
