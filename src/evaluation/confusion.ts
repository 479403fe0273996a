/** Which labels were taken for which, and the figures that follow: accuracy and macro F1, as scikit-learn computes them. */
import { SemspaceError } from "../errors.ts";

export interface Confusion {
  /** Share of right labels, 0 … 1. */
  accuracy: number;
  /** The mean over labels of the harmonic mean of precision and recall; a label that is never right has 0. */
  macroF1: number;
  /** All labels that are true or predicted somewhere, ascending. */
  labels: string[];
  /** counts[i][j]: how often label i was taken for label j. */
  counts: number[][];
}

/** Throws `mismatch` when the lists differ in length. */
export function confusion(truth: readonly string[], predicted: readonly string[]): Confusion {
  if (truth.length !== predicted.length) {
    throw new SemspaceError(
      "mismatch",
      `${truth.length} true labels need as many predicted ones, got ${predicted.length}.`,
    );
  }
  const labels = [...new Set([...truth, ...predicted])].sort();
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const [i, label] of truth.entries()) counts[numbers.get(label)!][numbers.get(predicted[i])!] += 1;
  let [right, f1] = [0, 0];
  for (let i = 0; i < labels.length; i += 1) {
    const both = counts[i].reduce((sum, n) => sum + n, 0) + counts.reduce((sum, row) => sum + row[i], 0);
    right += counts[i][i];
    f1 += (2 * counts[i][i]) / both;
  }
  return { accuracy: right / truth.length, macroF1: f1 / labels.length, labels, counts };
}
