import { expect, test } from "vitest";
import golden from "../../test/golden/mteb.json" with { type: "json" };
import { embedderOf } from "../../test/embedder-of.ts";
import { evaluateBitext } from "./bitext.ts";
import { evaluateClustering } from "./clustering.ts";
import { evaluateFewShot, fewShotDraws } from "./few-shot.ts";
import { labelMetrics } from "./label-metrics.ts";
import { evaluatePairClassification, pairMetrics } from "./pair-classification.ts";
import { clusterAgreement } from "./v-measure.ts";

test.each(golden.labels)("precision, recall and F1 of %j equal scikit-learn's, macro and weighted", (known) => {
  const ours = labelMetrics(known.truth, known.predicted);
  expect(ours.accuracy).toBeCloseTo(known.accuracy, 12);
  for (const average of ["macro", "weighted"] as const)
    for (const name of ["precision", "recall", "f1"] as const)
      expect(ours[average][name]).toBeCloseTo(known[average][name], 12);
});

test.each(golden.clusters)("V-measure and adjusted Rand index equal scikit-learn's, case %#", (known) => {
  const ours = clusterAgreement(known.labels, known.groups);
  for (const name of ["homogeneity", "completeness", "vMeasure", "ari"] as const)
    expect(ours[name]).toBeCloseTo(known[name], 10);
});

test.each(golden.pairs)(
  "average precision, best accuracy and F1 of pairs equal MTEB's, ties among them, case %#",
  (known) => {
    const ours = pairMetrics(known.scores, known.truth.map(Boolean));
    for (const name of ["ap", "accuracy", "f1", "precision", "recall"] as const)
      expect(ours[name]).toBeCloseTo(known[name], 12);
  },
);

const fewShot = golden.fewShot;
const part = (vectors: number[][], labels: number[], name: string) => ({
  vectors: Object.fromEntries(vectors.map((vector, i) => [`${name} ${i}`, vector])),
  texts: labels.map((label, i) => ({ text: `${name} ${i}`, label: String(label) })),
});
const train = part(fewShot.train, fewShot.trainLabels, "train");
const known = part(fewShot.test, fewShot.testLabels, "test");

test("the texts of each experiment are those that MTEB draws", () => {
  const labels = fewShot.trainLabels.map(String);
  expect(fewShotDraws(labels, { samplesPerLabel: 4, experiments: 3, seed: 42 })).toEqual(fewShot.draws);
});

test("classification from a few texts a label scores as MTEB's recipe does", async () => {
  const embedder = embedderOf({ ...train.vectors, ...known.vectors });
  const { experiments, mean, rightness } = await evaluateFewShot(
    embedder,
    { train: train.texts, test: known.texts },
    { samplesPerLabel: 4, experiments: 3 },
  );
  for (const [i, experiment] of experiments.entries()) {
    expect(experiment.accuracy).toBeCloseTo(fewShot.experiments[i].accuracy, 12);
    expect(experiment.macro.f1).toBeCloseTo(fewShot.experiments[i].macro.f1, 12);
  }
  expect(rightness.reduce((sum, one) => sum + one, 0) / known.texts.length).toBeCloseTo(mean.accuracy, 12);
});

test("classification of one class, and without test texts, is refused in words", async () => {
  const embedder = embedderOf(train.vectors);
  const one = train.texts.map(({ text }) => ({ text, label: "same" }));
  await expect(evaluateFewShot(embedder, { train: one, test: one })).rejects.toThrow("at least 2 different labels");
  await expect(evaluateFewShot(embedder, { train: one, test: [] })).rejects.toThrow("There are no test texts");
});

const corners = { n: [0, 1], "n too": [0.1, 1], e: [1, 0], "e too": [1, 0.1], ne: [0.7, 0.7] };

test("texts of two labels that lie apart have a V-measure of 1, one label is refused", async () => {
  const texts = Object.keys(corners)
    .slice(0, 4)
    .map((text) => ({ text, label: text[0] }));
  const { vMeasure, ari, clusterings } = await evaluateClustering(embedderOf(corners), texts, { clusterings: 4 });
  // A draw with replacement may hold one label only; the mean stays below 1 then.
  expect(vMeasure).toBeGreaterThan(0.7);
  expect(ari).toBeLessThanOrEqual(1);
  expect(clusterings).toHaveLength(4);
  await expect(evaluateClustering(embedderOf(corners), [{ text: "n", label: "n" }])).rejects.toThrow(
    "at least 2 labels",
  );
});

test("pairs are measured by every measure; labels of one kind are refused", async () => {
  const pairs = [
    { a: "n", b: "n too", label: true },
    { a: "e", b: "e too", label: true },
    { a: "n", b: "e", label: false },
  ];
  const { maxAp, measures } = await evaluatePairClassification(embedderOf(corners), pairs);
  expect(maxAp).toBe(1);
  expect(measures.cosine).toMatchObject({ ap: 1, accuracy: 1, f1: 1 });
  await expect(evaluatePairClassification(embedderOf(corners), pairs.slice(0, 2))).rejects.toThrow(
    "pairs of both kinds, got 2 that belong together and 0 that do not",
  );
});

test("each text finds its translation among the nearest, and a wrong one costs both", async () => {
  const pairs = [
    { a: "n", b: "n too" },
    { a: "e", b: "ne" },
    { a: "ne", b: "e too" },
  ];
  const { accuracy, f1, nearest } = await evaluateBitext(embedderOf(corners), pairs);
  expect([...nearest]).toEqual([0, 2, 1]);
  expect(accuracy).toBeCloseTo(1 / 3, 12);
  expect(f1).toBeCloseTo(1 / 3, 12);
});
