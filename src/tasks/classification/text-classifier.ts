/** A classifier of texts: a model that gives vectors, a head that scores them, and a calibration that makes scores probabilities. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { topK } from "../../matrix/top-k.ts";
import { type Encoder, encodeSettings, type ModelProbe } from "../model-probe.ts";
import { type Calibration, calibrated } from "./calibration.ts";
import type { ClassifierKind, Head } from "./head.ts";

export interface LabelProbability {
  readonly label: string;
  /** 0 … 1 */
  readonly probability: number;
}

export interface ClassifierPredictOptions {
  /** How many labels, the likeliest first. Default: 1; of a multi-label classifier all that are likely enough. */
  readonly top?: number;
  /** Labels below this probability are left out. Default 0; for a multi-label classifier without `top` 0.5. */
  readonly threshold?: number;
  readonly signal?: AbortSignal;
}

export interface ClassifierParts {
  labels: readonly string[];
  multiLabel: boolean;
  head: Head;
  calibration: Calibration;
  model: ModelProbe;
}

/** `trainClassifier`, `zeroShotClassifier` and `loadClassifier` give one. It does not own the embedder. */
export class TextClassifier {
  readonly #embedder: Encoder;
  readonly #parts: ClassifierParts;

  constructor(embedder: Encoder, parts: ClassifierParts) {
    this.#embedder = embedder;
    this.#parts = parts;
  }

  get labels(): readonly string[] {
    return this.#parts.labels;
  }

  get kind(): ClassifierKind {
    return this.#parts.head.kind;
  }

  /** Whether a text may have several labels, or none. */
  get multiLabel(): boolean {
    return this.#parts.multiLabel;
  }

  /** What a file holds of it. */
  get parts(): ClassifierParts {
    return this.#parts;
  }

  /** The labels of a text, the likeliest first. */
  predict(text: string, options?: ClassifierPredictOptions): Promise<LabelProbability[]>;
  /** The labels of each text. */
  predict(texts: readonly string[], options?: ClassifierPredictOptions): Promise<LabelProbability[][]>;
  async predict(
    texts: string | readonly string[],
    options: ClassifierPredictOptions = {},
  ): Promise<LabelProbability[] | LabelProbability[][]> {
    const { signal } = options;
    const settings = { ...encodeSettings(this.#parts.model.promptName), ...(signal && { signal }) };
    const list = typeof texts === "string" ? [texts] : texts;
    const found = this.predictVectors(await this.#embedder.encode(list, settings), options);
    return typeof texts === "string" ? found[0] : found;
  }

  /** The labels of unit vectors that the same model made. Throws `mismatch` for another length, `invalid-argument` for NaN. */
  predictVectors(vectors: Matrix, options: Omit<ClassifierPredictOptions, "signal"> = {}): LabelProbability[][] {
    const { labels, multiLabel } = this.#parts;
    const usual = multiLabel ? labels.length : 1;
    const top = wholeNumber("top", options.top ?? usual, 1);
    const { threshold = multiLabel && options.top === undefined ? 0.5 : 0 } = options;
    const probabilities = this.probabilities(vectors);
    return Array.from({ length: vectors.rows }, (_, row) => {
      const of = Float32Array.from(probabilities.subarray(row * labels.length, (row + 1) * labels.length));
      const { indices, scores } = topK(of, top);
      return Array.from(indices, (index, i) => ({ label: labels[index], probability: scores[i] })).filter(
        ({ probability }) => probability >= threshold,
      );
    });
  }

  /** [rows, labels], for unit vectors that the same model made. */
  probabilities(vectors: Matrix): Float64Array {
    const { head, labels, multiLabel, calibration } = this.#parts;
    checkFinite(vectors);
    return calibrated({ scores: head.scores(vectors), labels: labels.length, multiLabel }, calibration);
  }
}

/** Throws `invalid-argument` that names the first row that is not finite. */
export function checkFinite({ data, columns }: Matrix): void {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return;
  throw new SemspaceError(
    "invalid-argument",
    `Vector ${Math.floor(wrong / columns)} holds ${data[wrong]}; vectors must be finite numbers. Is this the right model?`,
  );
}
