/**
 * Classification of texts, or of pairs of texts: a label and how sure the model is.
 * Reference: transformers 5.3, `pipelines/text_classification.py`: softmax over several labels, a sigmoid for each where a text may have
 * several ("multi_label_classification") or there is only one, the bare number for regression.
 */
import { oneOf, wholeNumber } from "../errors.ts";
import type { ModelSource } from "../hub/folder.ts";
import { topK as largest } from "../matrix/index.ts";
import { defaultBatchTokens } from "../texts/embedder.ts";
import { sigmoid } from "../texts/modules/activation.ts";
import { disposeOnError } from "../transformers/dispose-on-error.ts";
import { labelsOf } from "../transformers/index.ts";
import { softmax } from "./softmax.ts";
import { loadTaskModel, type TaskModelOptions } from "./task-model.ts";
import { textLogits, type TextOrPair } from "./text-logits.ts";

/** How logits become scores. */
const scorings = ["softmax", "sigmoid", "none"] as const;
export type Scoring = (typeof scorings)[number];

export interface LabelScore {
  readonly label: string;
  readonly score: number;
}

export interface ClassifyOptions {
  /** How many labels, the best first. Default: all. */
  readonly topK?: number;
  /** In place of what the model's config says. */
  readonly scoring?: Scoring;
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number;
}

/** A classifier of texts: `loadSequenceClassifier` gives one. */
export interface SequenceClassifier {
  /** In the order of the model's outputs. */
  readonly labels: readonly string[];
  /** The labels of a text, the best first. */
  classify(text: string, options?: ClassifyOptions): Promise<LabelScore[]>;
  /** The labels of each text, or of each pair of texts. */
  classify(texts: readonly TextOrPair[], options?: ClassifyOptions): Promise<LabelScore[][]>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a classifier of texts. Longer texts are cut. Throws `mismatch` for a folder that has no such head.
 *
 * @example
 * const model = await loadSequenceClassifier("models/distilbert-base-uncased-finetuned-sst-2-english");
 * const [best] = await model.classify("Best movie ever!"); // { label: "POSITIVE", score: 0.99… }
 * await model.classify([["A man sleeps.", "A person is awake."]]); // of one pair, for a model that was trained on pairs
 */
export async function loadSequenceClassifier(
  source: ModelSource,
  options: TaskModelOptions = {},
): Promise<SequenceClassifier> {
  const parts = await loadTaskModel(source, "text-classification", options);
  const labels = await disposeOnError(parts.model, () => labelsOf(parts.model.config));
  const usual = usualScoring(parts.model.config.json["problem_type"], labels.length);
  const all = async (texts: readonly TextOrPair[], settings: ClassifyOptions = {}): Promise<LabelScore[][]> => {
    const { topK = labels.length, batchTokens = defaultBatchTokens } = settings;
    const scoring = oneOf("scoring", settings.scoring ?? usual, scorings);
    wholeNumber("topK", topK, 1);
    const { data, rows, columns } = await textLogits(parts, texts, wholeNumber("batchTokens", batchTokens, 1));
    return Array.from({ length: rows }, (_, row) => {
      const { indices, scores } = largest(scored(data.slice(row * columns, (row + 1) * columns), scoring), topK);
      return Array.from(indices, (index, i) => ({ label: labels[index], score: scores[i] }));
    });
  };
  function classify(text: string, settings?: ClassifyOptions): Promise<LabelScore[]>;
  function classify(texts: readonly TextOrPair[], settings?: ClassifyOptions): Promise<LabelScore[][]>;
  async function classify(
    texts: string | readonly TextOrPair[],
    settings?: ClassifyOptions,
  ): Promise<LabelScore[] | LabelScore[][]> {
    return typeof texts === "string" ? (await all([texts], settings))[0] : all(texts, settings);
  }
  return { labels, classify, dispose: () => parts.model.dispose() };
}

function usualScoring(problem: unknown, labels: number): Scoring {
  if (problem === "regression") return "none";
  return problem === "multi_label_classification" || labels === 1 ? "sigmoid" : "softmax";
}

function scored(logits: Float32Array, scoring: Scoring): Float32Array {
  if (scoring === "softmax") return softmax(logits);
  return scoring === "sigmoid" ? logits.map(sigmoid) : logits;
}
