/** What a word2vec training can be told, with its defaults. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import type { EncodeOptions } from "../corpus/encode-corpus.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import type { Checkpoint } from "../training/state-file.ts";

/** A timer waits for at most 2³¹ milliseconds. */
const MOST_MINUTES = 35_000;

export interface Word2VecOptions extends Omit<EncodeOptions, "onProgress"> {
  /** Context words predict the centre one by one, or their mean does. Default "skip-gram". */
  architecture?: "skip-gram" | "cbow";
  /** Length of the vectors. Default 100. */
  dimensions?: number;
  /** Words on each side; for every centre a number from 1 to this is drawn. Default 5. */
  window?: number;
  /** Random words that each prediction is held against. Default 5; 0 needs `hierarchicalSoftmax`. */
  negative?: number;
  /** Predict the word's way through a Huffman tree, instead of (`negative: 0`) or beside negatives. Default false. */
  hierarchicalSoftmax?: boolean;
  /** Words with a larger share of the corpus are thinned out; 0 keeps all. Default 1e-3. */
  sample?: number;
  /** Falls evenly to a ten-thousandth. Default 0.025; for CBOW 0.15 with the gradient "mean", 0.05 with "word2vec". */
  learningRate?: number;
  /** Default 5. */
  epochs?: number;
  /** Lanes that train at once. Default 1; in a browser there is always one, as a bundle has no file that a thread could load. */
  threads?: number;
  /** The same seed and one thread give the same vectors, bit for bit, on every machine. Default 1. */
  seed?: number;
  /**
   * Makes a run with several threads repeatable: each thread trains on vectors of its own, which are brought together every 131,072 words.
   * Costs (threads + 1) times the memory for vectors; up to twice as fast where cores share no cache (docs/word2vec.md). Default false.
   */
  deterministic?: boolean;
  /** Negatives are drawn by count to this power. Default 0.75. */
  nsExponent?: number;
  /** CBOW: "mean" divides the error among the context words, which is the gradient; "word2vec" gives each the whole, as word2vec.c. Default "mean". */
  cbowGradient?: "mean" | "word2vec";
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Where the state is kept after every epoch: a file, or who takes its bytes. */
  checkpoint?: Checkpoint | undefined;
  /** Keeps it within an epoch too, whenever so many minutes have gone by. Default: no. */
  checkpointMinutes?: number | undefined;
  /** Goes on from a checkpoint of a training with the same corpus and settings: a file or its bytes. */
  resume?: string | Uint8Array | undefined;
}

/** The settings that shape the training, all of them set. */
export interface Word2VecSettings {
  architecture: "skip-gram" | "cbow";
  dimensions: number;
  window: number;
  negative: number;
  hierarchicalSoftmax: boolean;
  sample: number;
  learningRate: number;
  epochs: number;
  seed: number;
  nsExponent: number;
  cbowGradient: "mean" | "word2vec";
}

/** Fills the defaults in. Throws `invalid-argument` for what cannot be. */
export function word2VecSettings(options: Word2VecOptions): Word2VecSettings {
  const architecture = oneOf("architecture", options.architecture ?? "skip-gram", ["skip-gram", "cbow"]);
  const cbowGradient = oneOf("cbowGradient", options.cbowGradient ?? "mean", ["mean", "word2vec"]);
  const rate = architecture === "skip-gram" ? 0.025 : cbowGradient === "mean" ? 0.15 : 0.05;
  const { hierarchicalSoftmax = false, sample = 1e-3, learningRate = rate, nsExponent = 0.75 } = options;
  const settings: Word2VecSettings = {
    ...{ architecture, cbowGradient, hierarchicalSoftmax, sample, learningRate, nsExponent },
    dimensions: wholeNumber("dimensions", options.dimensions ?? 100, 1),
    window: wholeNumber("window", options.window ?? 5, 1),
    negative: wholeNumber("negative", options.negative ?? 5),
    epochs: wholeNumber("epochs", options.epochs ?? 5, 1),
    seed: wholeNumber("seed", options.seed ?? 1),
  };
  if (settings.negative === 0 && !hierarchicalSoftmax) {
    throw new SemspaceError("invalid-argument", "negative is 0: set hierarchicalSoftmax to true, or negative to 5.");
  }
  if (!(learningRate > 0 && learningRate < Infinity)) throw outside("learningRate", learningRate, "above 0");
  if (!(sample >= 0 && sample <= 1)) throw outside("sample", sample, "from 0 to 1");
  const { checkpointMinutes = 0 } = options;
  if (!(checkpointMinutes >= 0 && checkpointMinutes <= MOST_MINUTES))
    throw outside("checkpointMinutes", checkpointMinutes, `from 0 to ${MOST_MINUTES}`);
  if (!Number.isFinite(nsExponent)) throw outside("nsExponent", nsExponent, "a finite number");
  return settings;
}

function outside(what: string, value: number, allowed: string): SemspaceError {
  return new SemspaceError("invalid-argument", `${what} must be ${allowed}, got ${value}.`);
}
