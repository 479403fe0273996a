/** Accuracy, precision, recall and F1 of predicted labels, as scikit-learn averages them: "macro" over labels, "weighted" by how often a label is true. */
import { SemspaceError } from "../errors.ts";

export interface LabelMetrics {
  accuracy: number;
  /** Means over the labels that are true or predicted somewhere; a label that is never predicted, or never true, has 0. */
  macro: { precision: number; recall: number; f1: number };
  weighted: { precision: number; recall: number; f1: number };
}

/** Throws `mismatch` when the lists differ in length, `invalid-argument` when they are empty. */
export function labelMetrics<Label extends string | number>(
  truth: readonly Label[],
  predicted: readonly Label[],
): LabelMetrics {
  if (truth.length !== predicted.length) {
    const message = `${truth.length} true labels need as many predicted ones, got ${predicted.length}.`;
    throw new SemspaceError("mismatch", message);
  }
  if (truth.length === 0)
    throw new SemspaceError("invalid-argument", "Labels are measured on at least one text, got 0.");
  const counts = new Map<Label, { both: number; truth: number; predicted: number }>();
  const of = (label: Label) => {
    const known = counts.get(label) ?? { both: 0, truth: 0, predicted: 0 };
    counts.set(label, known);
    return known;
  };
  let right = 0;
  for (const [i, label] of truth.entries()) {
    of(label).truth += 1;
    of(predicted[i]).predicted += 1;
    if (label !== predicted[i]) continue;
    of(label).both += 1;
    right += 1;
  }
  const macro = { precision: 0, recall: 0, f1: 0 };
  const weighted = { precision: 0, recall: 0, f1: 0 };
  for (const { both, truth: trueCount, predicted: predictedCount } of counts.values()) {
    const own = {
      precision: predictedCount === 0 ? 0 : both / predictedCount,
      recall: trueCount === 0 ? 0 : both / trueCount,
      f1: (2 * both) / (trueCount + predictedCount),
    };
    for (const name of ["precision", "recall", "f1"] as const) {
      macro[name] += own[name] / counts.size;
      weighted[name] += (own[name] * trueCount) / truth.length;
    }
  }
  return { accuracy: right / truth.length, macro, weighted };
}
