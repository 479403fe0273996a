/** What fastText's trainings can be told, with the original's defaults. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import type { EncodeOptions } from "../corpus/encode-corpus.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import { type FastTextKind, type FastTextLoss, type FastTextSettings, LABEL_PREFIX, lossCodes } from "./settings.ts";

interface CommonOptions {
  /** Length of the vectors. Default 100. */
  dimensions?: number;
  /** Falls evenly to 0. Default 0.05, for a classifier 0.1. */
  learningRate?: number;
  /** Default 5. */
  epochs?: number;
  /** Random outputs that each right one is held against, for the loss "ns". Default 5. */
  negative?: number;
  /** Rows that n-grams are hashed into; only those in use take memory. Default 2,000,000. */
  buckets?: number;
  /** Shortest and longest character n-gram in code points, `<` and `>` included; `maxN: 0` for none. Default 3 and 6, for a classifier none. */
  minN?: number;
  maxN?: number;
  /** Lanes that train at once. Default 1. */
  threads?: number;
  /** The same seed and one thread give the same model. Default 1. */
  seed?: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

export interface FastTextOptions extends CommonOptions, Omit<EncodeOptions, "onProgress" | "signal"> {
  /** A word predicts those around it, or the mean of their parts predicts it. Default "skip-gram". */
  architecture?: "skip-gram" | "cbow";
  /** Default "ns". */
  loss?: "ns" | "hs" | "softmax";
  /** Words on each side; for every word a number from 1 to this is drawn. Default 5. */
  window?: number;
  /** Words with a larger share of the corpus are thinned out; 0 keeps all. Default 1e-4. */
  sample?: number;
}

export interface FastTextClassifierOptions extends CommonOptions {
  /** "ova" (one-vs-all) where a text may have several labels. Default "softmax". */
  loss?: FastTextLoss;
  /** Rarer words are left out. Default 1. */
  minCount?: number;
  /** Rarer labels are left out. Default 0. */
  minCountLabel?: number;
  /** Longest run of words that is a feature of its own. Default 1. */
  wordNgrams?: number;
  /** What a label begins with. Default "__label__". */
  labelPrefix?: string;
}

/** The settings together with what only a training needs. */
export interface FastTextRun {
  settings: FastTextSettings;
  learningRate: number;
  threads: number;
  seed: number;
  signal: AbortSignal | undefined;
  onProgress: ((progress: TrainingProgress) => void) | undefined;
}

/** Throws `invalid-argument` for what cannot be. */
export function wordVectorRun(options: FastTextOptions): FastTextRun {
  const { architecture = "skip-gram", loss = "ns", sample = 1e-4, window = 5, minCount = 5 } = options;
  oneOf("architecture", architecture, ["skip-gram", "cbow"]);
  oneOf("loss", loss, ["ns", "hs", "softmax"]);
  wholeNumber("window", window, 1);
  wholeNumber("minCount", minCount);
  if (!(sample >= 0 && sample <= 1)) throw outside("sample", sample, "from 0 to 1");
  const kind = architecture === "cbow" ? "cbow" : "skipgram";
  const own = { kind, loss, window, sample, minCount, wordNgrams: 1, labelPrefix: LABEL_PREFIX } as const;
  return run({ minN: 3, maxN: 6, learningRate: 0.05, ...given(options) }, own);
}

/** Throws `invalid-argument` for what cannot be. */
export function classifierRun(options: FastTextClassifierOptions): FastTextRun {
  const { loss = "softmax", minCount = 1, wordNgrams = 1, labelPrefix = LABEL_PREFIX } = options;
  oneOf("loss", loss, lossCodes);
  wholeNumber("minCount", minCount);
  wholeNumber("wordNgrams", wordNgrams, 1);
  if (labelPrefix === "")
    throw new SemspaceError("invalid-argument", "labelPrefix must not be empty: every word would be a label.");
  const own = { kind: "supervised", loss, window: 5, sample: 1e-4, minCount, wordNgrams, labelPrefix } as const;
  return run({ minN: 0, maxN: 0, learningRate: 0.1, ...given(options) }, own);
}

type Own = Pick<FastTextSettings, "loss" | "window" | "sample" | "minCount" | "wordNgrams" | "labelPrefix"> & {
  kind: FastTextKind;
};

function run(options: CommonOptions & { minN: number; maxN: number; learningRate: number }, own: Own): FastTextRun {
  const { minN, maxN, learningRate, signal, onProgress } = options;
  wholeNumber("minN", minN);
  wholeNumber("maxN", maxN);
  if (maxN > 0 && minN > maxN) throw new SemspaceError("invalid-argument", `minN is ${minN}, maxN only ${maxN}.`);
  if (!(learningRate > 0 && learningRate < Infinity)) throw outside("learningRate", learningRate, "above 0");
  const buckets = wholeNumber("buckets", options.buckets ?? 2_000_000, 1);
  if (buckets > 0x7fffffff) throw outside("buckets", buckets, "below 2^31");
  const settings = {
    ...own,
    ...{ minN, maxN, learningRateUpdate: 100 },
    // As the original: a model without n-grams has no buckets.
    buckets: maxN > 0 || own.wordNgrams > 1 ? buckets : 0,
    dimensions: wholeNumber("dimensions", options.dimensions ?? 100, 1),
    epochs: wholeNumber("epochs", options.epochs ?? 5, 1),
    negative: wholeNumber("negative", options.negative ?? 5, 1),
  };
  const threads = wholeNumber("threads", options.threads ?? 1, 1);
  const seed = wholeNumber("seed", options.seed ?? 1);
  return { settings, learningRate, threads, seed, signal, onProgress };
}

/** Without what is undefined, so that defaults stand. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function outside(what: string, value: number, allowed: string): SemspaceError {
  return new SemspaceError("invalid-argument", `${what} must be ${allowed}, got ${value}.`);
}
