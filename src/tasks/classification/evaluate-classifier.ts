/** How good is a classifier on texts that it has not seen: right labels, and whether its probabilities come true. */
import { SemspaceError } from "../../errors.ts";
import { type Confusion, confusion } from "../../evaluation/confusion.ts";
import { type Encoder, encodeSettings } from "../model-probe.ts";
import { fitClassifier, type ClassifierOptions } from "./train-classifier.ts";
import { calibrated, logLoss } from "./calibration.ts";
import { selected, stratifiedFolds } from "./cross-validation.ts";
import { type Labels, readTargets } from "./targets.ts";

export interface ClassifierQuality {
  /** Share of texts whose labels are all right. */
  accuracy: number;
  /** Mean over the labels of the harmonic mean of precision and recall; a label that is never right has 0. */
  macroF1: number;
  /** Mean of -ln p of the truth. */
  logLoss: number;
  /** Mean distance between how sure the classifier is and how often it is right, in ten steps (expected calibration error). */
  calibrationError: number;
  /** Which labels were taken for which; only where a text has one label. */
  confusion?: Confusion;
}

/** Probabilities of texts, [texts, labels], against what is true. Labels that the classifier does not know count as errors. */
export function classifierQuality(
  probabilities: Float64Array,
  truth: Labels,
  { labels, multiLabel }: { labels: readonly string[]; multiLabel: boolean },
): ClassifierQuality {
  const count = labels.length;
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const members = new Uint8Array(probabilities.length);
  for (const [i, given] of truth.entries())
    for (const label of typeof given === "string" ? [given] : given) {
      const number = numbers.get(label);
      if (number !== undefined) members[i * count + number] = 1;
    }
  const loss = logLoss(probabilities, members, { labels: count, multiLabel });
  if (multiLabel) return { ...multiLabelFigures(probabilities, members, count), logLoss: loss };
  const predicted = truth.map((_, i) => largestAt(probabilities, i * count, count));
  const found = confusion(
    truth.map(String),
    predicted.map((label) => labels[label]),
  );
  const sure = predicted.map((label, i) => probabilities[i * count + label]);
  const right = predicted.map((label, i) => labels[label] === truth[i]);
  return {
    ...{ accuracy: found.accuracy, macroF1: found.macroF1, logLoss: loss },
    calibrationError: calibrationError(sure, right),
    confusion: found,
  };
}

export interface CrossValidated extends ClassifierQuality {
  folds: number;
}

/**
 * Trains and measures on parts of the texts that change places: every text is judged once, by a classifier that was trained (its C and
 * calibration included) without it. Throws what `trainClassifier` throws.
 */
export async function crossValidateClassifier(
  embedder: Encoder,
  texts: readonly string[],
  labels: Labels,
  options: ClassifierOptions = {},
): Promise<CrossValidated> {
  const targets = readTargets(labels, texts.length);
  const { signal, promptName, onProgress, seed = 1, folds = 5 } = options;
  if (texts.length < folds)
    throw new SemspaceError("invalid-argument", `${folds} folds need as many texts, got ${texts.length}.`);
  const vectors = await embedder.encode(texts, {
    ...encodeSettings(promptName),
    ...(signal && { signal }),
    progress: ({ done }) => onProgress?.({ stage: "encode", done, total: texts.length }),
  });
  const count = targets.labels.length;
  const shape = { labels: targets.labels, multiLabel: targets.multiLabel };
  const foldOf = stratifiedFolds(targets, { folds, seed });
  const probabilities = new Float64Array(texts.length * count);
  for (let fold = 0; fold < folds; fold += 1) {
    const held = [...foldOf.keys()].filter((i) => foldOf[i] === fold);
    const rest = [...foldOf.keys()].filter((i) => foldOf[i] !== fold);
    const part = { ...targets, rows: rest.map((i) => targets.rows[i]) };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { head, calibration } = await fitClassifier(selected(vectors, rest), part, {
      ...options,
      onProgress: noProgress,
    });
    const scores = head.scores(selected(vectors, held));
    const found = calibrated({ scores, labels: count, multiLabel: targets.multiLabel }, calibration);
    for (const [i, row] of held.entries()) probabilities.set(found.subarray(i * count, (i + 1) * count), row * count);
    onProgress?.({ stage: "fit", done: fold + 1, total: folds });
  }
  return { ...classifierQuality(probabilities, labels, shape), folds };
}

/** The inner fits are not counted one by one. */
function noProgress(): void {}

function multiLabelFigures(
  probabilities: Float64Array,
  members: Uint8Array,
  count: number,
): Omit<ClassifierQuality, "logLoss" | "confusion"> {
  const rows = members.length / count;
  const both = new Float64Array(count);
  const sums = new Float64Array(count);
  let exact = 0;
  for (let i = 0; i < rows; i += 1) {
    let same = true;
    for (let c = 0; c < count; c += 1) {
      const said = probabilities[i * count + c] >= 0.5 ? 1 : 0;
      const is = members[i * count + c];
      both[c] += said & is;
      sums[c] += said + is;
      same &&= said === is;
    }
    if (same) exact += 1;
  }
  const f1 = both.reduce((sum, hits, c) => sum + (sums[c] === 0 ? 0 : (2 * hits) / sums[c]), 0);
  const said = Array.from(probabilities, (p) => Math.max(p, 1 - p));
  const right = Array.from(probabilities, (p, i) => p >= 0.5 === (members[i] === 1));
  return { accuracy: exact / rows, macroF1: f1 / count, calibrationError: calibrationError(said, right) };
}

/** Guo et al. 2017, with ten bins of equal width. */
export function calibrationError(sure: readonly number[], right: readonly boolean[]): number {
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0 }));
  for (const [i, p] of sure.entries()) {
    const bin = bins[Math.min(9, Math.floor(p * 10))];
    bin.sure += p;
    bin.right += right[i] ? 1 : 0;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.sure - bin.right), 0) / sure.length;
}

function largestAt(values: Float64Array, from: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i += 1) if (values[from + i] > values[from + best]) best = i;
  return best;
}
