/** How a classifier of texts is trained: the options that `classify train` and `classify evaluate` share. */
import type { ClassifierOptions } from "../tasks/index.ts";
import { UsageError, type Values } from "./arguments.ts";
import type { Progress } from "./progress.ts";

export const classifierOptions = {
  kind: {
    type: "string",
    choices: ["logistic", "neighbors", "centroids"],
    default: "logistic",
    describe: "What decides",
  },
  C: {
    type: "string",
    value: "N|auto",
    default: "1",
    describe: "Of logistic regression: larger fits the texts more closely; auto tries 0.1, 1, 10, 100",
  },
  multiclass: {
    type: "string",
    choices: ["multinomial", "one-vs-rest"],
    default: "multinomial",
    describe: "Of logistic regression",
  },
  balanced: { type: "flag", describe: "All labels weigh the same, however many texts they have" },
  neighbors: { type: "whole", value: "N", least: 1, default: 10, describe: "Examples that vote, for --kind neighbors" },
  calibration: {
    type: "string",
    choices: ["none", "temperature", "platt", "isotonic"],
    describe: "How probabilities are made to come true (default: temperature)",
  },
  folds: {
    type: "whole",
    value: "N",
    least: 2,
    default: 5,
    describe: "Parts of the texts that change places in cross-validation",
  },
  seed: { type: "whole", value: "N", default: 1, describe: "Deals the texts into folds" },
  "prompt-name": { type: "string", value: "NAME", describe: "Put this prompt of the model in front of every text" },
} as const;

/** Throws {@link UsageError} for a C that is none. */
export function trainingOptions(given: Values<typeof classifierOptions>): ClassifierOptions {
  const { kind, neighbors, folds, seed, multiclass } = given;
  const settings = {
    ...{ kind, neighbors, folds, seed, multiclass },
    ...{ C: penalty(given.C), promptName: given["prompt-name"] },
    ...{
      calibration: given.calibration,
      classWeights: given.balanced ? "balanced" : undefined,
    },
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function penalty(text: string | undefined): number | "auto" | undefined {
  if (text === undefined || text === "auto") return text;
  const number = Number(text);
  if (!(number > 0 && number < Infinity)) throw new UsageError(`--C must be a number above 0 or auto, got "${text}".`);
  return number;
}

/** Shows encoding, then fitting. */
export function showClassifying(progress: Progress): NonNullable<ClassifierOptions["onProgress"]> {
  return ({ stage, done, total }) =>
    progress.update(stage === "encode" ? "texts embedded" : "classifiers fitted", done, total);
}
