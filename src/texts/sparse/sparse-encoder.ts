/**
 * Sparse encoder: a text becomes weights for words of the vocabulary, its own and those that go with it (SPLADE).
 * Formal et al. 2021, https://arxiv.org/abs/2109.10086. Reference: sentence-transformers 6.2, `SparseEncoder`. A folder with modules.json
 * (a transformer, then SpladePooling), or a bare masked language model, which gets the maximum over tokens.
 */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, readJsonIfPresent } from "../../hub/folder.ts";
import type { Matrix } from "../../matrix/index.ts";
import { topK as largest } from "../../matrix/index.ts";
import {
  type HeadedTransformer,
  loadHeadedTransformer,
  spladeActivations,
  type SpladeOptions,
  spladePoolings,
} from "../../transformers/index.ts";
import { padBatch, planBatches } from "../batches.ts";
import { defaultBatchTokens } from "../embedder.ts";
import { readModuleList, unknownModule } from "../load-modules.ts";
import { loadWithTokenizer, type TransformerModuleOptions, type WithTokenizer } from "../modules/transformer.ts";
import { type ModelSettings, promptFor, readSettings, type Task } from "../settings.ts";
import { sparseSimilarity, type SparseVector, sparseVector } from "./sparse-vector.ts";

export interface EncodeSparseOptions {
  /** What the texts are for: some models put another prompt before queries than before documents. */
  readonly task?: Task;
  /** Text put in front of every text, in place of the model's own. */
  readonly prompt?: string;
  /** Most entries that are kept of a vector, the largest. Default: all that are not 0. */
  readonly maxActiveDims?: number;
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number;
}

/** An entry of the vocabulary and its weight. */
export interface WeightedToken {
  readonly token: string;
  readonly weight: number;
}

/** A sparse encoder: `loadSparseEncoder` gives one. */
export interface SparseEncoder {
  /** Where the model came from, for messages. */
  readonly name: string;
  /** Entries of the vocabulary. */
  readonly dimensions: number;
  /** One text → one sparse vector. */
  encodeSparse(text: string, options?: EncodeSparseOptions): Promise<SparseVector>;
  /** Many texts → a sparse vector each. */
  encodeSparse(texts: readonly string[], options?: EncodeSparseOptions): Promise<SparseVector[]>;
  /** What a vector is made of, the heaviest first; at most `topK` entries. */
  tokens(vector: SparseVector, topK?: number): WeightedToken[];
  /** Dot products of every vector of `a` with every one of `b`, [a, b]. */
  similarity(a: readonly SparseVector[], b: readonly SparseVector[]): Matrix;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a sparse encoder. Throws `mismatch` for a folder without a masked language model's head, `unsupported` for other modules.
 *
 * @example
 * const model = await loadSparseEncoder("models/bert-tiny-splade");
 * const vector = await model.encodeSparse("what is the capital of france");
 * model.tokens(vector, 2); // [{ token: "capital", weight: 2.79… }, { token: "france", weight: 2.36… }]
 */
export async function loadSparseEncoder(
  source: ModelSource,
  options: TransformerModuleOptions = {},
): Promise<SparseEncoder> {
  const folder = await openFolder(source);
  const { transformer, ...splade } = await readFolder(folder);
  const load = () => loadHeadedTransformer(transformer, splade, options);
  const parts = await loadWithTokenizer(transformer, load, options);
  const settings = await readSettings(folder);
  const { tokenizer, model } = parts;
  function encodeSparse(text: string, settings?: EncodeSparseOptions): Promise<SparseVector>;
  function encodeSparse(texts: readonly string[], settings?: EncodeSparseOptions): Promise<SparseVector[]>;
  async function encodeSparse(
    texts: string | readonly string[],
    call: EncodeSparseOptions = {},
  ): Promise<SparseVector | SparseVector[]> {
    const isOne = typeof texts === "string";
    const vectors = await encode(parts, settings, { ...call, texts: isOne ? [texts] : texts });
    return isOne ? vectors[0] : vectors;
  }
  return {
    name: folder.name,
    dimensions: model.vocabularySize ?? tokenizer.vocabularySize,
    encodeSparse,
    tokens({ ids, weights }, topK = ids.length) {
      const { indices, scores } = largest(weights, topK);
      return Array.from(indices, (index, i) => ({ token: tokenizer.idToToken(ids[index]) ?? "", weight: scores[i] }));
    },
    similarity: sparseSimilarity,
    dispose: () => model.dispose(),
  };
}

async function encode(
  { tokenizer, model, maxLength }: WithTokenizer<HeadedTransformer>,
  settings: ModelSettings,
  {
    texts,
    task,
    prompt,
    maxActiveDims,
    batchTokens = defaultBatchTokens,
  }: EncodeSparseOptions & { texts: readonly string[] },
): Promise<SparseVector[]> {
  if (maxActiveDims !== undefined) wholeNumber("maxActiveDims", maxActiveDims, 1);
  const before = promptFor(settings, task, prompt === undefined ? {} : { prompt });
  const prompted = before === "" ? texts : texts.map((text) => before + text);
  const flat = tokenizer.encodeIds(prompted, maxLength === undefined ? {} : { maxLength });
  const lengths = Int32Array.from(texts, (_, i) => flat.starts[i + 1] - flat.starts[i]);
  const vectors: SparseVector[] = Array.from({ length: texts.length });
  for (const positions of planBatches(lengths, wholeNumber("batchTokens", batchTokens, 1))) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
    const { data, width } = await model.run(padBatch(flat, positions, model.padTokenId));
    for (const [row, position] of positions.entries()) {
      vectors[position] = sparseVector(data.subarray(row * width, (row + 1) * width), maxActiveDims);
    }
  }
  return vectors;
}

interface PoolingFile {
  pooling_strategy?: string;
  activation_function?: string;
}

async function readFolder(folder: ModelFolder): Promise<SpladeOptions & { transformer: ModelFolder }> {
  const usual = { pooling: "max", activation: "relu" } as const;
  if ((await folder.size("modules.json")) === undefined) return { transformer: folder, ...usual };
  const [first, second, ...rest] = await readModuleList(folder);
  const known = ["Transformer", "MLMTransformer"];
  if (!known.includes(first.type)) throw unknownModule(folder, `starts with the module ${first.type}`, known);
  const odd = second?.type === "SpladePooling" ? rest[0] : (second ?? first);
  if (odd !== undefined)
    throw unknownModule(folder, `has the module ${odd.type} where SpladePooling should be the last`, ["SpladePooling"]);
  const file = (await readJsonIfPresent<PoolingFile>(second.folder, "config.json")) ?? {};
  try {
    return {
      transformer: first.folder,
      pooling: oneOf("pooling_strategy", file.pooling_strategy ?? usual.pooling, spladePoolings),
      activation: oneOf("activation_function", file.activation_function ?? usual.activation, spladeActivations),
    };
  } catch (cause) {
    throw new SemspaceError("unsupported", `config.json in ${second.folder.name}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
