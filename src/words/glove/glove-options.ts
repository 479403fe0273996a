/** What a GloVe training can be told, with its defaults. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import type { EncodeOptions } from "../corpus/encode-corpus.ts";
import type { CountProgress } from "./count-progress.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import type { Checkpoint } from "../training/state-file.ts";
import type { WordVectors } from "../word-vectors.ts";

export interface GloveOptions extends Omit<EncodeOptions, "onProgress"> {
  /** Length of the vectors. Default 100. */
  dimensions?: number;
  /** Words on each side that count as near; one at distance d counts 1 / d. Default 10. */
  window?: number;
  /** Count words on both sides; false: only those to the right. Default true. */
  symmetric?: boolean;
  /** A neighbour counts 1 / distance; false: 1. Default true. */
  distanceWeighting?: boolean;
  /** Passes over all co-occurrences. Default 15. */
  epochs?: number;
  /** Co-occurrences of at least this weight fully, rarer ones less. Default 10, for small corpora; 100 for billions of words. */
  xMax?: number;
  /** Rarer ones count (x / xMax) to this power. Default 0.75. */
  alpha?: number;
  /** AdaGrad's. Default 0.05. */
  learningRate?: number;
  /** Parts of a gradient are cut to ± this. Default 100. */
  gradientClip?: number;
  /**
   * The biases' steps: "since-2019" as the C tool takes them today, without the learning rate; "before-2019" with it, as when
   * the vectors of 2014 (6B, 42B, 840B) were made. Default "since-2019".
   */
  biasConvention?: "since-2019" | "before-2019";
  /** A word's vector is the sum of its two sides, or the side of the word alone. Default "sum". */
  output?: "sum" | "word";
  /**
   * Vectors to begin with, for the words that they have (Mittens, Dingwall and Potts 2018): trained on another, larger corpus,
   * and adapted to this one. As many dimensions as `dimensions`.
   */
  initial?: WordVectors | undefined;
  /** How strongly words are held near their `initial` vectors: ½ mu × distance² is added to the cost. Default 0.1; 0 only begins there. */
  mu?: number;
  /** Lanes that count and train at once. Default 1; more need shared memory (Node). */
  threads?: number;
  /** The same seed, memoryLimit and one thread give the same vectors, bit for bit, on every machine. Default 1. */
  seed?: number;
  /**
   * Bytes for the text (a third) and for counting; what does not fit is in temporary files. The vectors come on top of it: some 16 bytes ×
   * dimensions a word while they are trained, as many again when they are taken out at the end. Default 120 MB.
   */
  memoryLimit?: number;
  /** Words counted, co-occurrences, bytes in temporary files; before the training begins. */
  onCounting?: ((progress: CountProgress) => void) | undefined;
  /** Cells trained on, cells a second, the mean cost of the epoch and the time left. */
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Where the state is kept after every epoch: a file, or who takes its bytes. */
  checkpoint?: Checkpoint | undefined;
  /** Goes on from a checkpoint of a training with the same corpus and settings: a file or its bytes. */
  resume?: string | Uint8Array | undefined;
}

/** The settings that shape the training, all of them set. */
export interface GloveSettings {
  dimensions: number;
  window: number;
  symmetric: boolean;
  distanceWeighting: boolean;
  epochs: number;
  xMax: number;
  alpha: number;
  learningRate: number;
  gradientClip: number;
  biasConvention: "since-2019" | "before-2019";
  output: "sum" | "word";
  mu: number;
  seed: number;
}

/** Fills the defaults in. Throws `invalid-argument` for what cannot be. */
export function gloveSettings(options: GloveOptions): GloveSettings {
  const { mu = 0.1 } = options;
  if (!(mu >= 0 && mu < Infinity)) {
    throw new SemspaceError("invalid-argument", `mu must be a number of at least 0, got ${mu}.`);
  }
  return {
    mu,
    dimensions: wholeNumber("dimensions", options.dimensions ?? 100, 1),
    window: wholeNumber("window", options.window ?? 10, 1),
    symmetric: options.symmetric ?? true,
    distanceWeighting: options.distanceWeighting ?? true,
    epochs: wholeNumber("epochs", options.epochs ?? 15, 1),
    xMax: positive("xMax", options.xMax ?? 10),
    alpha: positive("alpha", options.alpha ?? 0.75),
    learningRate: positive("learningRate", options.learningRate ?? 0.05),
    gradientClip: positive("gradientClip", options.gradientClip ?? 100),
    biasConvention: oneOf("biasConvention", options.biasConvention ?? "since-2019", ["since-2019", "before-2019"]),
    output: oneOf("output", options.output ?? "sum", ["sum", "word"]),
    seed: wholeNumber("seed", options.seed ?? 1),
  };
}

function positive(what: string, value: number): number {
  if (value > 0 && value < Infinity) return value;
  throw new SemspaceError("invalid-argument", `${what} must be a number above 0, got ${value}.`);
}
