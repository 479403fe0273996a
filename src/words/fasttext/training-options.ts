/** What fastText's trainings can be told, with the original's defaults. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import type { EncodeOptions } from "../corpus/encode-corpus.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import type { Checkpoint } from "../training/state-file.ts";
import type { WordVectors } from "../word-vectors.ts";
import { type FastTextKind, type FastTextLoss, type FastTextSettings, LABEL_PREFIX, lossCodes } from "./settings.ts";

interface CommonOptions {
  /** Length of the vectors. Default 100. */
  dimensions?: number;
  /** Falls evenly to 0. Default 0.05, for CBOW with `cbowGradient: "mean"` 0.2, for a classifier 0.1. */
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
  /**
   * Vectors that the rows of their words begin with, in any format that `loadWordVectors` reads (the original's -pretrainedVectors).
   * Words that the corpus lacks become words too.
   */
  pretrainedVectors?: string | WordVectors | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Where the state is kept after every epoch: a file, or who takes its bytes. `loadFastText` reads it as a model. */
  checkpoint?: Checkpoint | undefined;
  /** Goes on from a checkpoint of a training with the same corpus and settings: a file or its bytes. */
  resume?: string | Uint8Array | undefined;
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
  /**
   * CBOW: "word2vec" gives the whole error to every row of the context, as the original; "mean" divides it among the context words, each
   * of whose rows gets its word's share, as in skip-gram. Default "word2vec".
   */
  cbowGradient?: "mean" | "word2vec";
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

/** How a model is trained further: what is not given is as the model says, but for the learning rate, which a file does not keep. */
export type FastTextFurtherOptions = Omit<
  FastTextOptions & Omit<FastTextClassifierOptions, "loss">,
  | "architecture"
  | "dimensions"
  | "buckets"
  | "minN"
  | "maxN"
  | "wordNgrams"
  | "pretrainedVectors"
  | "vocabulary"
  | "extend"
  | "loss"
> & { loss?: FastTextLoss };

/** The settings together with what only a training needs. */
export interface FastTextRun extends Pick<
  CommonOptions,
  "signal" | "onProgress" | "checkpoint" | "resume" | "pretrainedVectors"
> {
  settings: FastTextSettings;
  cbowGradient: "mean" | "word2vec";
  minCountLabel: number;
  learningRate: number;
  threads: number;
  seed: number;
}

/** Throws `invalid-argument` for what cannot be. */
export function wordVectorRun(options: FastTextOptions): FastTextRun {
  const { architecture = "skip-gram", loss = "ns", sample = 1e-4, window = 5, minCount = 5 } = options;
  const { cbowGradient = "word2vec" } = options;
  oneOf("architecture", architecture, ["skip-gram", "cbow"]);
  oneOf("cbowGradient", cbowGradient, ["mean", "word2vec"]);
  oneOf("loss", loss, ["ns", "hs", "softmax"]);
  wholeNumber("window", window, 1);
  wholeNumber("minCount", minCount);
  if (!(sample >= 0 && sample <= 1)) throw outside("sample", sample, "from 0 to 1");
  const kind = architecture === "cbow" ? "cbow" : "skipgram";
  const learningRate = kind === "cbow" && cbowGradient === "mean" ? 0.2 : 0.05;
  const own = { kind, loss, window, sample, minCount, wordNgrams: 1, labelPrefix: LABEL_PREFIX } as const;
  return { ...run({ minN: 3, maxN: 6, learningRate, ...given(options) }, own), cbowGradient };
}

/** Throws `invalid-argument` for what cannot be. */
export function classifierRun(options: FastTextClassifierOptions): FastTextRun {
  const { loss = "softmax", minCount = 1, wordNgrams = 1, labelPrefix = LABEL_PREFIX } = options;
  oneOf("loss", loss, lossCodes);
  wholeNumber("minCount", minCount);
  wholeNumber("wordNgrams", wordNgrams, 1);
  const minCountLabel = wholeNumber("minCountLabel", options.minCountLabel ?? 0);
  if (labelPrefix === "")
    throw new SemspaceError("invalid-argument", "labelPrefix must not be empty: every word would be a label.");
  const own = { kind: "supervised", loss, window: 5, sample: 1e-4, minCount, wordNgrams, labelPrefix } as const;
  return { ...run({ minN: 0, maxN: 0, learningRate: 0.1, ...given(options) }, own), minCountLabel };
}

/** Throws `invalid-argument` for what cannot be. */
export function furtherRun(settings: FastTextSettings, options: FastTextFurtherOptions): FastTextRun {
  const { kind, loss, dimensions, window, epochs, negative, wordNgrams, buckets, minN, maxN, sample, minCount } =
    settings;
  const { labelPrefix } = settings;
  const fixed = { dimensions, minN, maxN, ...(buckets > 0 && { buckets }) };
  // A file may have zeros where the original looks at nothing.
  const usual = { ...{ epochs: epochs || 5, negative: negative || 5, window: window || 5 }, sample, minCount, loss };
  const told = { ...usual, ...given(options), ...fixed };
  if (kind === "supervised") return classifierRun({ labelPrefix, ...told, wordNgrams });
  return wordVectorRun({ ...(told as FastTextOptions), architecture: kind === "cbow" ? "cbow" : "skip-gram" });
}

type Own = Pick<FastTextSettings, "loss" | "window" | "sample" | "minCount" | "wordNgrams" | "labelPrefix"> & {
  kind: FastTextKind;
};

function run(options: CommonOptions & { minN: number; maxN: number; learningRate: number }, own: Own): FastTextRun {
  const { minN, maxN, learningRate, signal, onProgress, checkpoint, resume, pretrainedVectors } = options;
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
  const watched = { signal, onProgress, checkpoint, resume, pretrainedVectors };
  return { settings, learningRate, threads, seed, cbowGradient: "word2vec", minCountLabel: 0, ...watched };
}

/** Without what is undefined, so that defaults stand. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function outside(what: string, value: number, allowed: string): SemspaceError {
  return new SemspaceError("invalid-argument", `${what} must be ${allowed}, got ${value}.`);
}
