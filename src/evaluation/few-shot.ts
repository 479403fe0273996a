/**
 * MTEB's classification: a logistic regression (C 1, 100 rounds, vectors as the model gives them) learns from a few texts a label and is
 * asked for the labels of the test texts; the mean of several draws. The draws are MTEB's own, number for number, where the training texts
 * stand in the same order.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { fitLogisticRegression, Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { LabelledText } from "./classification.ts";
import { type LabelMetrics, labelMetrics } from "./label-metrics.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { pairMetrics } from "./pair-classification.ts";

export interface FewShotOptions {
  /** Training texts of each label. Default 8. */
  samplesPerLabel?: number;
  /** Default 10. */
  experiments?: number;
  /** Default 42, as in MTEB. */
  seed?: number;
  signal?: AbortSignal | undefined;
  /** Called after every experiment. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

export interface FewShotExperiment extends LabelMetrics {
  /** Average precision of the predicted labels; of two test labels only, the later one in the alphabet. */
  ap?: number;
}

export interface FewShotResult {
  /** Mean of the experiments, each measure for itself. */
  mean: FewShotExperiment;
  experiments: FewShotExperiment[];
  /** Share of the experiments in which each test text got its label. */
  rightness: Float64Array;
}

/** Throws `invalid-argument` when there are no test texts, or fewer than two labels in training. */
export async function evaluateFewShot(
  embedder: Pick<Embedder, "encode">,
  { train, test }: { train: readonly LabelledText[]; test: readonly LabelledText[] },
  { samplesPerLabel = 8, experiments = 10, seed = 42, signal, onProgress }: FewShotOptions = {},
): Promise<FewShotResult> {
  if (test.length === 0)
    throw new SemspaceError("invalid-argument", "There are no test texts; classification is measured on at least one.");
  const labels = train.map(({ label }) => label);
  const draws = fewShotDraws(labels, { samplesPerLabel, experiments, seed });
  const used = [...new Set(draws.flat())].sort((a, b) => a - b);
  const place = new Map(used.map((index, row) => [index, row]));
  const encode = (texts: readonly LabelledText[]): Promise<Matrix> =>
    embedder.encode(
      texts.map(({ text }) => text),
      { ...(signal && { signal }) },
    );
  const known = await encode(used.map((i) => train[i]));
  const asked = await encode(test);
  const truth = test.map(({ label }) => label);
  const rightness = new Float64Array(test.length);
  const results = draws.map((draw, done): FewShotExperiment => {
    signal?.throwIfAborted();
    const rows = Matrix.fromRows(draw.map((i) => known.row(place.get(i)!)));
    const classifier = fitLogisticRegression(
      rows,
      draw.map((i) => labels[i]),
    );
    const predicted = classifier.predict(asked);
    for (const [i, label] of predicted.entries()) if (label === truth[i]) rightness[i] += 1 / experiments;
    onProgress?.({ done: done + 1, total: draws.length });
    return Object.assign(labelMetrics(truth, predicted), apOf(truth, predicted));
  });
  return { mean: meanOfExperiments(results), experiments: results, rightness };
}

/**
 * The positions of the training texts of each experiment, as MTEB draws them: the list that the last experiment left is shuffled from the
 * same seed again, and the first texts of each label are taken.
 */
export function fewShotDraws(
  labels: readonly string[],
  { samplesPerLabel, experiments, seed }: { samplesPerLabel: number; experiments: number; seed: number },
): number[][] {
  wholeNumber("samplesPerLabel", samplesPerLabel, 1);
  wholeNumber("experiments", experiments, 1);
  wholeNumber("seed", seed);
  const order = labels.map((_, i) => i);
  return Array.from({ length: experiments }, () => {
    MersenneTwister.numpy(seed).shuffle(order);
    const counts = new Map<string, number>();
    return order.filter((i) => {
      const count = counts.get(labels[i]) ?? 0;
      if (count < samplesPerLabel) counts.set(labels[i], count + 1);
      return count < samplesPerLabel;
    });
  });
}

function apOf(truth: readonly string[], predicted: readonly string[]): { ap?: number } {
  const kinds = [...new Set(truth)].sort();
  if (kinds.length !== 2) return {};
  const scores = predicted.map((label) => (label === kinds[1] ? 1 : 0));
  return {
    ap: pairMetrics(
      scores,
      truth.map((label) => label === kinds[1]),
    ).ap,
  };
}

function meanOfExperiments(results: readonly FewShotExperiment[]): FewShotExperiment {
  const mean = (value: (one: FewShotExperiment) => number): number =>
    results.reduce((sum, one) => sum + value(one), 0) / results.length;
  const averages = (kind: "macro" | "weighted"): LabelMetrics["macro"] => ({
    precision: mean((one) => one[kind].precision),
    recall: mean((one) => one[kind].recall),
    f1: mean((one) => one[kind].f1),
  });
  return {
    accuracy: mean((one) => one.accuracy),
    macro: averages("macro"),
    weighted: averages("weighted"),
    ...(results[0].ap !== undefined && { ap: mean((one) => one.ap!) }),
  };
}
