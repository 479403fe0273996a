/** A fastText model in memory: word vectors of any word, text vectors, and for a classifier the labels of a text. */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import { FeatureReader, wordsOf } from "./features.ts";
import { OutputLayer } from "./output-layer.ts";
import { ngramTable } from "./subwords.ts";
import type { QuantizeOptions } from "./quantize.ts";
import type { FastTextSettings } from "./settings.ts";
import type { ModelTable } from "./table.ts";
import type { FastTextFurtherOptions } from "./training-options.ts";

export interface FastTextParts {
  readonly settings: FastTextSettings;
  readonly dictionary: FastTextDictionary;
  /** [words + buckets, dimensions] */
  readonly input: ModelTable;
  /** [labels, dimensions]; of a model of word vectors [words, dimensions]. */
  readonly output: ModelTable;
  /** Mean loss of each epoch of the training that made it. */
  readonly losses?: readonly number[];
}

/** A label with its prefix, as in the training text. */
export interface Prediction {
  label: string;
  probability: number;
}

export interface PredictOptions {
  /** How many labels, at most. Default 1; Infinity for all. */
  top?: number;
  /** Labels below this probability are left out. Default 0. */
  threshold?: number;
}

export class FastTextModel {
  readonly parts: FastTextParts;
  readonly #features: FeatureReader;
  readonly #encoder: TextEncoder = new TextEncoder();
  #layer: OutputLayer | undefined;

  constructor(parts: FastTextParts) {
    this.parts = parts;
    this.#features = new FeatureReader(parts.settings, parts.dictionary);
  }

  get settings(): FastTextSettings {
    return this.parts.settings;
  }

  get dimensions(): number {
    return this.parts.settings.dimensions;
  }

  get words(): readonly string[] {
    return this.parts.dictionary.words;
  }

  /** The labels of a classifier, as they stand in the text. */
  get labels(): readonly string[] {
    return this.parts.dictionary.labels;
  }

  /** Mean loss of each epoch of its training, in nats; none for a model that was read from fastText's file. */
  get losses(): readonly number[] {
    return this.parts.losses ?? [];
  }

  /**
   * The labels of a text, best first; none for a text of which the model knows nothing. Line breaks are spaces.
   * Throws `unsupported` for a model that is no classifier.
   */
  predict(text: string, { top = 1, threshold = 0 }: PredictOptions = {}): Prediction[] {
    if (this.settings.kind !== "supervised") {
      throw new SemspaceError(
        "unsupported",
        "This fastText model has word vectors only. Train a classifier: trainFastTextClassifier.",
      );
    }
    if (!(top >= 1)) throw new SemspaceError("invalid-argument", `top must be at least 1, got ${top}.`);
    const { rows } = this.#features.lineRows(text);
    if (rows.length === 0) return [];
    this.#layer ??= new OutputLayer(this.parts.output, this.settings.loss, this.#outputCounts());
    const scored = this.#layer.score(this.#mean(rows), { top, threshold });
    return scored.map(({ index, probability }) => ({ label: this.labels[index], probability }));
  }

  /** The labels that stand in a line of a classifier's text, those that the model knows. */
  labelsOf(line: string): string[] {
    return this.#features.lineRows(line).labels.map((index) => this.labels[index]);
  }

  /** The mean of the word's own row and its n-grams' rows, [dimensions]; zeros for a word of which nothing is known. */
  wordVector(word: string): Float32Array {
    return this.#mean(this.#features.wordRows(this.#encoder.encode(word)));
  }

  /**
   * The vector of a text, [dimensions]: of a classifier the mean of all its features, else the mean of its words' vectors
   * scaled to length 1.
   */
  sentenceVector(text: string): Float32Array {
    if (this.settings.kind === "supervised") return this.#mean(this.#features.lineRows(text).rows);
    const sum = new Float32Array(this.dimensions);
    let words = 0;
    for (const word of wordsOf(text)) {
      const vector = this.#mean(this.#features.wordRows(word));
      const length = Math.sqrt(vector.reduce((squares, x) => squares + x * x, 0));
      if (length === 0) continue;
      words += 1;
      for (let k = 0; k < sum.length; k += 1) sum[k] += vector[k] / length;
    }
    if (words > 0) for (let k = 0; k < sum.length; k += 1) sum[k] /= words;
    return sum;
  }

  /** All words with their vectors; words that are not among them get a vector of their n-grams. */
  wordVectors(): WordVectors {
    const { dictionary } = this.parts;
    const matrix = Matrix.zeros(dictionary.wordCount, this.dimensions);
    for (let id = 0; id < dictionary.wordCount; id += 1) {
      this.#meanInto(this.#features.wordRows(dictionary.bytes(id)), matrix.row(id));
    }
    return new WordVectors(dictionary.words, matrix, {
      counts: dictionary.parts.counts.subarray(0, dictionary.wordCount),
      subwords: ngramTable(this.parts),
    });
  }

  /**
   * Goes on training, on this or another corpus: words, n-grams and labels that are new there get rows too. Gives a new model; its
   * settings are this one's unless `options` say otherwise. What `loss: "hs"` has learned of its tree is learned anew, since the tree
   * grows anew. Throws `unsupported` for a quantised model.
   */
  async train(source: CorpusSource, options: FastTextFurtherOptions = {}): Promise<FastTextModel> {
    const { trainFurther } = await import("./train-further.ts");
    return new FastTextModel(await trainFurther(this.parts, source, options));
  }

  /**
   * The same model in a tenth of the memory or less, a little less exact; `saveFastText` writes it as `.ftz`. Neighbours of words
   * in a quantised classifier mean little. Throws `unsupported` for a model that is quantised already.
   */
  async quantize(options?: QuantizeOptions): Promise<FastTextModel> {
    const { quantizeParts } = await import("./quantize.ts");
    return new FastTextModel(await quantizeParts(this.parts, options));
  }

  #outputCounts(): Float64Array {
    const { counts, words } = this.parts.dictionary.parts;
    return counts.subarray(words);
  }

  #mean(rows: readonly number[]): Float32Array {
    const mean = new Float32Array(this.dimensions);
    this.#meanInto(rows, mean);
    return mean;
  }

  #meanInto(rows: readonly number[], mean: Float32Array): void {
    for (const row of rows) this.parts.input.addRow(row, mean, 1);
    if (rows.length > 0) for (let k = 0; k < mean.length; k += 1) mean[k] /= rows.length;
  }
}
