/**
 * Cross-encoder: reads two texts together and says how well they fit, for putting found documents into a better order.
 * Reference: sentence-transformers 6.2, `CrossEncoder` (`predict`, `rank`): sigmoid for a model of one label, bare numbers for one of several,
 * unless the folder names an activation.
 */
import { SemspaceError, shown, wholeNumber } from "../errors.ts";
import { type ModelFolder, type ModelSource, readJsonIfPresent } from "../hub/folder.ts";
import { topK as largest } from "../matrix/index.ts";
import { defaultBatchTokens } from "../texts/embedder.ts";
import { activationOf } from "../texts/modules/activation.ts";
import { disposeOnError } from "../transformers/dispose-on-error.ts";
import { labelsOf } from "../transformers/index.ts";
import { loadTaskModel, type TaskModelOptions } from "./task-model.ts";
import { textLogits } from "./text-logits.ts";

export interface PredictOptions {
  /** What is applied to the model's numbers, in place of its own: "sigmoid" or "identity". */
  readonly activation?: "sigmoid" | "identity";
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number;
}

export interface RerankOptions extends PredictOptions {
  /** How many documents, the best first. Default: all. */
  readonly topK?: number;
}

/** A document in its new place. */
export interface RankedDocument {
  /** Its position among the documents that were given. */
  readonly index: number;
  readonly score: number;
  readonly document: string;
}

/** A cross-encoder: `loadCrossEncoder` gives one. */
export interface CrossEncoder {
  readonly labels: readonly string[];
  /** One number a pair; of a model with several labels one a pair and label, row-major [pairs, labels]. */
  predict(pairs: readonly (readonly [string, string])[], options?: PredictOptions): Promise<Float32Array>;
  /** The documents by how well they answer the query, the best first. Throws `unsupported` for a model of several labels. */
  rerank(query: string, documents: readonly string[], options?: RerankOptions): Promise<RankedDocument[]>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a cross-encoder. Throws `mismatch` for a folder that has no classifier, as embedding models have none.
 *
 * @example
 * const model = await loadCrossEncoder("models/ms-marco-MiniLM-L6-v2");
 * const ranked = await model.rerank("How many people live in Berlin?", documents, { topK: 10 });
 * ranked[0].document; // "Berlin has a population of 3,520,031 …"
 */
export async function loadCrossEncoder(source: ModelSource, options: TaskModelOptions = {}): Promise<CrossEncoder> {
  const parts = await loadTaskModel(source, "text-classification", options);
  const { labels, own } = await disposeOnError(parts.model, async () => ({
    labels: labelsOf(parts.model.config),
    own: await activationPath(parts.folder, parts.model.config.json),
  }));
  const usual = `torch.${own ?? (labels.length === 1 ? "Sigmoid" : "Identity")}`;
  const predict: CrossEncoder["predict"] = async (pairs, { activation, batchTokens = defaultBatchTokens } = {}) => {
    const paths = { sigmoid: "torch.Sigmoid", identity: "torch.Identity" };
    const { data } = await textLogits(parts, pairs, wholeNumber("batchTokens", batchTokens, 1));
    return data.map(activationOf(activation === undefined ? usual : paths[activation]));
  };
  return {
    labels,
    predict,
    async rerank(query, documents, { topK = documents.length, ...settings } = {}) {
      wholeNumber("topK", topK);
      if (labels.length !== 1) {
        throw new SemspaceError(
          "unsupported",
          `${parts.folder.name} has ${labels.length} labels, rerank needs a model of one. Use predict.`,
        );
      }
      const pairs = documents.map((document) => [query, document] as const);
      const { indices, scores } = largest(await predict(pairs, settings), topK);
      return Array.from(indices, (index, i) => ({ index, score: scores[i], document: documents[index] }));
    },
    dispose: () => parts.model.dispose(),
  };
}

/** The name of torch's activation that the folder asks for. A path that leads to other code than torch's is passed over, as it is there. */
async function activationPath(
  folder: ModelFolder,
  json: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const settings = await readJsonIfPresent<{ activation_fn?: unknown }>(folder, "config_sentence_transformers.json");
  const nested = json["sentence_transformers"] as { activation_fn?: unknown } | undefined;
  const path =
    settings?.activation_fn ?? nested?.activation_fn ?? json["sbert_ce_default_activation_function"] ?? undefined;
  if (path === undefined) return undefined;
  if (typeof path !== "string") {
    throw new SemspaceError(
      "invalid-file",
      `${folder.name}: activation_fn must be a path of torch, got ${shown(path)}.`,
    );
  }
  if (!path.startsWith("torch.")) return undefined;
  activationOf(path);
  return path.slice("torch.".length);
}
