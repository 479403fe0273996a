/**
 * A classifier from a few or many labelled texts, on the vectors of any embedder: the head is fitted to all of them; what it must be told
 * beside (C, the calibration) is learned by cross-validation, so from texts that the judged head had not seen.
 */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import type { Multiclass } from "../../matrix/logistic-regression.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { encodeSettings, probeModel } from "../model-probe.ts";
import {
  calibrated,
  type Calibration,
  type CalibrationKind,
  calibrationKinds,
  learnCalibration,
  logLoss,
} from "./calibration.ts";
import { outOfFoldScores } from "./cross-validation.ts";
import { fitHead } from "./fit-head.ts";
import { type ClassifierKind, classifierKinds, type Head, type HeadOptions, type Targets } from "./head.ts";
import { type Labels, membership, readTargets } from "./targets.ts";
import { checkFinite, TextClassifier } from "./text-classifier.ts";

export interface ClassifierOptions {
  /** "logistic" (default), "neighbors" (the nearest examples vote) or "centroids" (the nearest mean of a label). */
  kind?: ClassifierKind;
  /** Of logistic regression, as scikit-learn's C; several, or "auto" for 0.1 … 100: the one with the least log loss in cross-validation. Default 1. */
  C?: number | readonly number[] | "auto";
  /** Default "multinomial". */
  multiclass?: Multiclass;
  /** "balanced": all labels weigh the same, however many texts they have; or a weight a label. For logistic regression. */
  classWeights?: "balanced" | Readonly<Record<string, number>>;
  /** How many examples vote. Default 10. */
  neighbors?: number;
  /** How probabilities are made to come true. Default "temperature", "none" where a label has a single example. */
  calibration?: CalibrationKind;
  /** Of cross-validation; at most the examples of the rarest label. Default 5. */
  folds?: number;
  /** Deals the texts into folds. Default 1. */
  seed?: number;
  /** Name of one of the model's own prompts, "classification" for instance. Default: the model's default prompt. */
  promptName?: string;
  /** Default 1e-4. */
  tolerance?: number;
  /** Default 1000. */
  maxIterations?: number;
  onProgress?: (progress: ClassifierProgress) => void;
  signal?: AbortSignal;
}

export interface ClassifierProgress {
  stage: "encode" | "fit";
  /** Texts, or fits. */
  done: number;
  total: number;
}

const AUTO = [0.1, 1, 10, 100];

/**
 * Learns which labels texts have. Lists of labels make a multi-label classifier.
 * Throws `mismatch` when texts and labels differ in number, `invalid-argument` for missing labels, a single label, vectors that are not
 * finite, or more folds than cross-validation can have; the signal's reason when aborted.
 *
 * @example
 * const classifier = await trainClassifier(embedder, ["Best movie ever!", "Dull."], ["good", "bad"]);
 * await classifier.predict("I loved it"); // [{ label: "good", probability: 0.6… }]
 */
export async function trainClassifier(
  embedder: Embedder,
  texts: readonly string[],
  labels: Labels,
  options: ClassifierOptions = {},
): Promise<TextClassifier> {
  const targets = readTargets(labels, texts.length);
  const { signal, promptName, onProgress } = options;
  const vectors = await embedder.encode(texts, {
    ...encodeSettings(promptName),
    ...(signal && { signal }),
    progress: ({ done }) => onProgress?.({ stage: "encode", done, total: texts.length }),
  });
  const { head, calibration } = await fitClassifier(vectors, targets, options);
  const { multiLabel } = targets;
  const model = await probeModel(embedder, promptName);
  return new TextClassifier(embedder, { labels: targets.labels, multiLabel, head, calibration, model });
}

/** The same from unit vectors, without a model. */
export async function fitClassifier(
  vectors: Matrix,
  targets: Targets,
  options: ClassifierOptions,
): Promise<{ head: Head; calibration: Calibration; C: number }> {
  const settings = checkedOptions(targets, options);
  const { kind, calibration, folds, candidates, head: headOptions } = settings;
  checkFinite(vectors);
  const { onProgress, signal, seed = 1 } = options;
  const validated = candidates.length > 1 || calibration !== "none";
  const total = 1 + (validated ? folds * candidates.length : 0);
  let done = 0;
  const report = (): void => onProgress?.({ stage: "fit", done: (done += 1), total });
  const shape = { labels: targets.labels.length, multiLabel: targets.multiLabel };
  const truth = membership(targets);
  let best = { C: candidates[0], loss: Infinity, scores: new Float64Array() as Float64Array };
  for (const C of validated ? candidates : []) {
    const fit = (part: Matrix, of: Targets) => fitHead(kind, part, of, { ...headOptions, C });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const scores = await outOfFoldScores(vectors, targets, { fit, folds, seed, signal, onFold: report });
    const plain = calibrated({ scores, ...shape }, { kind: "temperature", temperature: 1 });
    const loss = logLoss(plain, truth, shape);
    if (loss < best.loss) best = { C, loss, scores };
  }
  const learned = learnCalibration(calibration, { scores: best.scores, ...shape }, truth);
  const head = fitHead(kind, vectors, targets, { ...headOptions, C: best.C });
  report();
  return { head, calibration: learned, C: best.C };
}

interface CheckedOptions {
  kind: ClassifierKind;
  calibration: CalibrationKind;
  folds: number;
  candidates: readonly number[];
  head: Omit<HeadOptions, "C">;
}

function checkedOptions(targets: Targets, options: ClassifierOptions): CheckedOptions {
  const { C = 1, neighbors = 10, folds = 5, seed = 1, tolerance = 1e-4, maxIterations = 1000 } = options;
  const kind = oneOf("kind", options.kind ?? "logistic", classifierKinds);
  wholeNumber("neighbors", neighbors, 1);
  wholeNumber("seed", seed);
  const candidates = kind !== "logistic" ? [1] : C === "auto" ? AUTO : typeof C === "number" ? [C] : C;
  if (candidates.length === 0) throw new SemspaceError("invalid-argument", "The list of values for C is empty.");
  const rarest = rarestLabel(targets);
  const possible = Math.min(wholeNumber("folds", folds, 2), rarest.examples);
  const usual: CalibrationKind = possible < 2 ? "none" : "temperature";
  const calibration = oneOf("calibration", options.calibration ?? usual, calibrationKinds);
  if (possible < 2 && (calibration !== "none" || candidates.length > 1))
    throw new SemspaceError(
      "invalid-argument",
      `Cross-validation needs 2 texts of every label, ${JSON.stringify(rarest.label)} has ${rarest.examples}. Add texts, or use calibration "none" and one C.`,
    );
  const { multiclass = "multinomial", classWeights } = options;
  return {
    ...{ kind, calibration, folds: possible, candidates },
    head: { multiclass, classWeights, neighbors, tolerance, maxIterations },
  };
}

function rarestLabel({ labels, rows }: Targets): { label: string; examples: number } {
  const sizes = new Uint32Array(labels.length);
  for (const row of rows) for (const label of row) sizes[label] += 1;
  const least = sizes.reduce((best, size, i) => (size < sizes[best] ? i : best), 0);
  return { label: labels[least], examples: sizes[least] };
}
