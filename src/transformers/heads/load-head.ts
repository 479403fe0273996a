/** From a model's folder to an encoder with a head that runs: its own checkpoint, or a ready ONNX export that gives logits. */
import { SemspaceError, shown } from "../../errors.ts";
import { findCheckpoint } from "../../formats/index.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson, readJsonIfPresent } from "../../hub/folder.ts";
import type { TransformerConfig } from "../config.ts";
import type { ConfigFile } from "../config-values.ts";
import { feedsOf } from "../feeds.ts";
import { refuseDtypeOfExport } from "../dtype.ts";
import { openGraph, type TransformerOptions } from "../load.ts";
import { findOnnx, onnxLimits, onnxSources } from "../onnx-folder.ts";
import { openFirst, type Session, type SessionOptions, type SessionTensor } from "../session.ts";
import { checkBatch, float32Of, type TokenBatch } from "../transformer.ts";
import { headGraph, logitsOutput } from "./head-graph.ts";
import type { Head } from "./head.ts";
import { sequenceClassification } from "./sequence-classification.ts";
import { splade, type SpladeOptions } from "./splade.ts";
import { tokenClassification } from "./token-classification.ts";
import { tokenFiller } from "./masked-language-model.ts";

const heads: Readonly<Record<"fill-mask" | "token-classification" | "text-classification", Head>> = {
  "fill-mask": tokenFiller,
  "token-classification": tokenClassification,
  "text-classification": sequenceClassification,
};

/** What a model with a head is loaded for; names as the hub's pipelines have them. SPLADE comes with its settings. */
export type HeadTask = keyof typeof heads | SpladeOptions;

/** Rows of numbers, [data.length / width, width]. */
export interface Logits {
  readonly data: Float32Array;
  /** Labels, or entries of the vocabulary. */
  readonly width: number;
}

/** An encoder with a head. */
export interface HeadedTransformer {
  /** config.json, for labels and activations. */
  readonly config: ConfigFile;
  readonly padTokenId: number;
  /** Longest row, special tokens included; undefined when a ready ONNX model does not say. */
  readonly maxPositions: number | undefined;
  /** Rows of the embedding table; undefined when a ready ONNX model does not say. */
  readonly vocabularySize: number | undefined;
  /**
   * What the head says: a row a text for "text-classification" and SPLADE, a row a token, padding included, for "token-classification",
   * and for "fill-mask" a row for each of `tokens`, which are counted through the batch, row · columns + column.
   */
  run(batch: TokenBatch, tokens?: readonly number[]): Promise<Logits>;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/** Throws `mismatch` for a checkpoint that has no such head, `unsupported` for an encoder whose head is not known. */
export async function loadHeadedTransformer(
  source: ModelSource,
  task: HeadTask,
  options: SessionOptions & Pick<TransformerOptions, "fuse"> = {},
): Promise<HeadedTransformer> {
  const folder = await openFolder(source);
  await refuseOtherHead(folder, task);
  const onnx = await findOnnx(folder);
  const hasWeights = (await findCheckpoint(folder)) !== undefined;
  if (!hasWeights && onnx !== undefined && typeof task === "string") return openExport(folder, onnx, options);
  const head = typeof task === "string" ? heads[task] : splade(task);
  let opened: Awaited<ReturnType<typeof openGraph>>;
  try {
    opened = await openGraph(folder, (checkpoint) => headGraph(checkpoint, head), options);
  } catch (error) {
    // A ready export is the way out for an architecture that is not built here.
    const isUnknown = error instanceof SemspaceError && error.code === "unsupported";
    if (isUnknown && onnx !== undefined && typeof task === "string") return openExport(folder, onnx, options);
    throw withHint(error, task);
  }
  const { session, architecture, config } = opened;
  return new HeadedSession(session, folder.name, {
    config,
    padTokenId: config.padTokenId,
    maxPositions: architecture.maxPositions(config),
    vocabularySize: config.vocabularySize,
    typeVocabularySize: config.typeVocabularySize,
  });
}

async function openExport(folder: ModelFolder, path: string, options: SessionOptions): Promise<HeadedTransformer> {
  refuseDtypeOfExport(options, `${path} in ${folder.name}`);
  const json = await readJson<Record<string, unknown>>(folder, "config.json");
  const { config: known, maxPositions, vocabularySize } = await onnxLimits(folder);
  const session = await openFirst(onnxSources(folder, path), options);
  if (!session.outputs.some(({ name }) => name === logitsOutput)) {
    const got = session.outputs.map(({ name }) => name).join(", ");
    await session.dispose();
    throw new SemspaceError(
      "mismatch",
      `${path} in ${folder.name} gives ${got}, no "${logitsOutput}". A model with a head is needed.`,
    );
  }
  const config = { json, source: `config.json in ${folder.name}` };
  return new HeadedSession(session, folder.name, {
    config,
    padTokenId: known?.padTokenId ?? 0,
    maxPositions,
    vocabularySize,
    ...(known ? { typeVocabularySize: known.typeVocabularySize } : {}),
  });
}

type Limits = Pick<HeadedTransformer, "config" | "padTokenId" | "maxPositions" | "vocabularySize"> &
  Partial<Pick<TransformerConfig, "typeVocabularySize">>;

const tokensInput = "token_positions";

class HeadedSession implements HeadedTransformer {
  readonly config: ConfigFile;
  readonly padTokenId: number;
  readonly maxPositions: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly #session: Session;
  readonly #feeds: (batch: TokenBatch) => Record<string, SessionTensor>;
  readonly #choosesTokens: boolean;
  #disposed = false;

  constructor(session: Session, model: string, limits: Limits) {
    const { config, padTokenId, maxPositions, vocabularySize, typeVocabularySize } = limits;
    this.config = config;
    this.padTokenId = padTokenId;
    this.maxPositions = maxPositions;
    this.vocabularySize = vocabularySize;
    this.#session = session;
    this.#feeds = feedsOf(
      session.inputs.filter(({ name }) => name !== tokensInput),
      model,
      typeVocabularySize,
    );
    this.#choosesTokens = session.inputs.some(({ name }) => name === tokensInput);
  }

  async run(batch: TokenBatch, tokens?: readonly number[]): Promise<Logits> {
    if (this.#disposed) throw new SemspaceError("disposed", "This model was disposed of. Load it again.");
    checkBatch(batch, this);
    const feeds = this.#feeds(batch);
    if (this.#choosesTokens && tokens) {
      feeds[tokensInput] = { type: "int64", shape: [tokens.length], data: BigInt64Array.from(tokens, BigInt) };
    }
    const result = (await this.#session.run(feeds, [logitsOutput]))[logitsOutput];
    const width = result.shape[result.shape.length - 1];
    const data = float32Of(result, logitsOutput);
    return { data: tokens && !this.#choosesTokens ? rowsOf(data, tokens, width) : data, width };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#session.dispose();
  }
}

function rowsOf(data: Float32Array, rows: readonly number[], width: number): Float32Array {
  const chosen = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) chosen.set(data.subarray(row * width, (row + 1) * width), i * width);
  return chosen;
}

/** What `architectures` of config.json ends with when a folder has another head, whose tensors or logits could be taken for these. */
const otherHeads: Readonly<Record<keyof typeof heads, RegExp>> = {
  "fill-mask": /For(?:Token|Sequence)Classification$/,
  "token-classification": /For(?:SequenceClassification|MaskedLM)$/,
  "text-classification": /For(?:TokenClassification|MaskedLM)$/,
};

/** Labels of texts and of tokens have tensors of the same names and shapes, and a ready export calls all logits alike. */
async function refuseOtherHead(folder: ModelFolder, task: HeadTask): Promise<void> {
  if (typeof task !== "string") return;
  const json = await readJsonIfPresent<{ architectures?: unknown }>(folder, "config.json");
  const named = Array.isArray(json?.architectures) ? (json.architectures as unknown[]) : [];
  const other = named.find((name) => typeof name === "string" && otherHeads[task].test(name));
  if (other === undefined || named.length > 1) return;
  throw new SemspaceError(
    "mismatch",
    `config.json in ${folder.name} names the architecture ${shown(other)}, whose head is not for ${task}. A model with a head for ${task} is needed.`,
  );
}

/** A missing tensor mostly means that the folder holds the encoder alone. */
function withHint(error: unknown, task: HeadTask): unknown {
  if (!(error instanceof SemspaceError) || error.code !== "mismatch" || !error.message.startsWith("No tensor"))
    return error;
  const wanted = typeof task === "string" ? task : "SPLADE";
  const message = `No whole model for ${wanted}: ${error.message} A model with a head for ${wanted} is needed.`;
  return new SemspaceError("mismatch", message, { cause: error });
}
