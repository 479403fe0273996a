/**
 * SetFit (Tunstall et al. 2022): a classifier from a few examples a class. The body learns by pairs which texts are alike, then logistic regression on
 * its vectors tells the classes apart. Reference: setfit 1.1 with its defaults (CosineSimilarity, one epoch, batches of 16, scikit-learn's head).
 * Differs: the body learns without dropout; the
 * head sees vectors of length 1 (setfit's normalize_embeddings, off there); the head is kept as JSON instead of a pickle.
 */
import { joinLocation, writeBytes } from "#platform";
import { oneOf, SemspaceError, shown } from "../errors.ts";
import { type ModelSource, openFolder, readJson } from "../hub/folder.ts";
import { fitLogisticRegression, LogisticRegression, type Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { loadEmbedder } from "../texts/load-embedder.ts";
import type { LoadOptions } from "../texts/load-model.ts";
import { datasetOf } from "./data/dataset.ts";
import type { Learner } from "./learner.ts";
import { losses } from "./losses/index.ts";
import { labelledPairs, type PairSampling, pairSamplings } from "./set-fit-pairs.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";

/** What the training of the body takes besides, with setfit's defaults. */
type BodyOptions = Pick<
  TrainOptions,
  "epochs" | "maxSteps" | "batchSize" | "learningRate" | "warmup" | "weightDecay" | "seed" | "onProgress" | "signal"
>;

export interface SetFitOptions extends BodyOptions {
  /** The body; it is changed in place and stays the caller's to dispose of. */
  learner: Learner;
  /** Some examples of each class; 8 are often enough. */
  texts: readonly string[];
  /** The class of each. */
  labels: readonly string[];
  /** Default "oversampling". */
  sampling?: PairSampling | undefined;
  /** Inverse strength of the head's penalty, as scikit-learn's. Default 1. */
  C?: number | undefined;
}

const headFile = "setfit_head.json";
/** A saved body may scale its vectors where the learner does not; so the head always sees them scaled. */
const unitLength = { normalize: true } as const;

/** A body and the regression on its vectors. */
export class SetFitClassifier {
  readonly embedder: Embedder;
  readonly head: LogisticRegression<string>;

  constructor(embedder: Embedder, head: LogisticRegression<string>) {
    this.embedder = embedder;
    this.head = head;
  }

  /** Ascending. */
  get labels(): readonly string[] {
    return this.head.classes;
  }

  /** The most probable label of each text. */
  async predict(texts: readonly string[]): Promise<string[]> {
    return this.head.predict(await this.embedder.encode(texts, unitLength));
  }

  /** [texts, labels] */
  async probabilities(texts: readonly string[]): Promise<Matrix> {
    return this.head.probabilities(await this.embedder.encode(texts, unitLength));
  }
}

/**
 * Learns a classifier. Throws `mismatch` for another number of labels than texts, `invalid-argument` for fewer than two classes and for empty texts.
 *
 * @example
 * const learner = await transformerLearner({ model: "models/all-MiniLM-L6-v2" });
 * const classifier = await setFit({ learner, texts: ["love it", "awful", …], labels: ["good", "bad", …] });
 * await classifier.predict(["what a film"]); // ["good"]
 * await saveSetFit(classifier, learner, "my-classifier"); // loadSetFit("my-classifier")
 */
export async function setFit(options: SetFitOptions): Promise<SetFitClassifier> {
  const { learner, texts, labels, sampling = "oversampling", C = 1, ...body } = options;
  oneOf("sampling", sampling, pairSamplings);
  if (texts.length !== labels.length) {
    throw new SemspaceError(
      "mismatch",
      `SetFit needs a label for each text, got ${labels.length} for ${texts.length}.`,
    );
  }
  if (new Set(labels).size < 2)
    throw new SemspaceError(
      "invalid-argument",
      `SetFit needs texts of two classes or more, got ${shown(labels[0])} only.`,
    );
  const pairs = labelledPairs(labels, { sampling, seed: body.seed ?? 42 });
  const data = datasetOf(
    {
      sentence1: pairs.map(({ first }) => texts[first]),
      sentence2: pairs.map(({ second }) => texts[second]),
    },
    { name: "the pairs of SetFit", labels: Float32Array.from(pairs, ({ alike }) => Number(alike)) },
  );
  await train({ batchSize: 16, weightDecay: 0.01, clip: 1, ...body, learner, data, loss: losses.cosineSimilarity() });
  const embedder = learner.embedder();
  const head = fitLogisticRegression(await embedder.encode(texts, unitLength), labels, { C });
  return new SetFitClassifier(embedder, head);
}

/** Writes the body's folder as the learner does, which other programs open, and the head beside it. Throws `unavailable` in a browser. */
export async function saveSetFit({ head }: SetFitClassifier, learner: Learner, folder: string): Promise<void> {
  await learner.save(folder);
  const { classes, weights, intercepts } = head;
  const written = { labels: classes, weights: Array.from(weights), intercepts: Array.from(intercepts) };
  await writeBytes(joinLocation(folder, headFile), new TextEncoder().encode(`${JSON.stringify(written)}\n`));
}

/** Opens what {@link saveSetFit} has written. Throws what `loadEmbedder` throws, `invalid-file` for a head that is none. */
export async function loadSetFit(source: ModelSource, options?: LoadOptions): Promise<SetFitClassifier> {
  const folder = await openFolder(source);
  const head = readHead(await readJson<unknown>(folder, headFile), folder.name);
  const embedder = await loadEmbedder(folder, options);
  const columns = head.weights.length / head.intercepts.length;
  if (columns === embedder.dimensions) return new SetFitClassifier(embedder, head);
  await embedder.dispose();
  throw new SemspaceError(
    "mismatch",
    `${headFile} of ${folder.name} is for vectors of ${columns} dimensions, the body gives ${embedder.dimensions}.`,
  );
}

function readHead(json: unknown, name: string): LogisticRegression<string> {
  const { labels, weights, intercepts } = (json ?? {}) as Record<string, unknown>;
  const isNumbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(each));
  const isRead = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  if (isRead && isNumbers(weights) && isNumbers(intercepts)) {
    const outputs = labels.length === 2 ? 1 : labels.length;
    if (labels.length >= 2 && intercepts.length === outputs && weights.length % outputs === 0) {
      return new LogisticRegression({
        classes: labels,
        ...{ weights: Float64Array.from(weights), intercepts: Float64Array.from(intercepts) },
        ...{ iterations: 0, converged: true },
      });
    }
  }
  throw new SemspaceError(
    "invalid-file",
    `${headFile} of ${name} has no labels, weights and intercepts that fit together. Save the classifier again.`,
  );
}
