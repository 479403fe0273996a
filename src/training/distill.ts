/**
 * Distillation: a static model from a transformer, without any text. Every token goes through the transformer alone; the
 * vectors are reduced by PCA and weighted by the tokens' rank (Zipf, SIF). About half a minute for 30,000 tokens.
 * Reference: model2vec 0.10 `distill`. Differs: PCA in double precision; int8 has one scale a row, in `weights`, instead
 * of one discarded scale for all; the unknown token's row is zero, so that readers that do not leave it out agree in
 * direction with those that do; no vocabulary quantisation, no "pooler".
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import { type ModelSource, openFolder } from "../hub/folder.ts";
import { fitPca, type Matrix, orientColumns, projectPca } from "../matrix/index.ts";
import { type StaticModelParts, staticReading } from "../texts/static/index.ts";
import { loadTokenizer } from "../tokenizers/index.ts";
import { loadTransformer } from "../transformers/index.ts";
import { distilledTokenizer, type TokenizerFile } from "./distill/distilled-tokenizer.ts";
import { int8Rows } from "./distill/int8-rows.ts";
import { newWords, sequencesOf, specialTokens } from "./distill/teacher-tokens.ts";
import { type DistillPooling, distillPoolings, tokenVectors } from "./distill/token-vectors.ts";
import { zipfWeights } from "./distill/zipf-weights.ts";

export interface DistillOptions {
  /** Words to add to the tokenizer's own tokens, most frequent first. */
  vocabulary?: readonly string[];
  /** Dimensions after PCA; "auto" rotates without cutting, null leaves the vectors as they are, a fraction keeps that share of the variance. Default 256. */
  pcaDimensions?: number | "auto" | null;
  /** Smaller makes frequent tokens lighter; null weighs all alike. Default 1e-4. */
  sifCoefficient?: number | null;
  /** Tokens whose beginning matches are left out; null keeps all. Default `\[unused\d+\]`. */
  tokenRemovePattern?: RegExp | string | null;
  /** How the table is kept. Default "int8": a quarter of the size, the same quality. */
  quantizeTo?: "float32" | "int8";
  /** Default "mean". */
  pooling?: DistillPooling;
  /** Most tokens of a text that the distilled model will look at; null for no limit. Default 512. */
  maxLength?: number | null;
  /** Threads for the transformer. */
  threads?: number;
  /** Called after every batch of tokens. */
  progress?: (progress: { done: number; total: number }) => void;
  /** Aborts between batches: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Distils the transformer in `source` to a static model. Save it with `saveStaticModel(parts, folder)`, or use it at once:
 * `loadEmbedder(staticModelFiles(parts))`.
 *
 * @example
 * const parts = await distill("all-MiniLM-L6-v2", { pcaDimensions: 128 });
 * await saveStaticModel(parts, "my-static-model");
 */
export async function distill(source: ModelSource, options: DistillOptions = {}): Promise<StaticModelParts> {
  const { pcaDimensions = 256, sifCoefficient = 1e-4, quantizeTo = "int8", maxLength = 512 } = options;
  const pooling = oneOf("pooling", options.pooling ?? "mean", distillPoolings);
  oneOf("quantizeTo", quantizeTo, ["float32", "int8"]);
  const remove = removePattern(options.tokenRemovePattern);
  checkDimensions(pcaDimensions);
  zipfWeights(0, sifCoefficient);
  if (maxLength !== null) wholeNumber("maxLength", maxLength, 1);

  const folder = await openFolder(source);
  if (await staticReading(folder)) {
    throw new SemspaceError(
      "unsupported",
      `${folder.name} is a static model already, one vector a token. Distil a transformer's folder, such as all-MiniLM-L6-v2.`,
    );
  }
  const teacher = await loadTokenizer(folder);
  const { unknown, padding } = await specialTokens(folder, teacher);
  const file = teacher.json as unknown as TokenizerFile;
  const words = newWords(options.vocabulary ?? [], teacher);
  const around = new Set(teacher.encode("").tokens);
  const distilled = distilledTokenizer(file, { remove, words, unknown, padding, around, maxLength });

  const transformer = await loadTransformer(folder, { threads: options.threads });
  let vectors: Matrix;
  try {
    const sequences = sequencesOf(distilled.tokens, teacher);
    const { progress, signal } = options;
    const padId = padding === undefined ? 0 : (teacher.tokenToId(padding) ?? 0);
    vectors = await tokenVectors(transformer, sequences, { pooling, padId, progress, signal });
  } finally {
    await transformer.dispose();
  }

  vectors = reduce(vectors, pcaDimensions);
  scaleRows(vectors, zipfWeights(vectors.rows, sifCoefficient));
  const unknownId = unknown === undefined ? -1 : distilled.tokens.indexOf(unknown);
  if (unknownId >= 0) vectors.row(unknownId).fill(0);
  const { rows, scales } = quantizeTo === "int8" ? int8Rows(vectors) : { rows: vectors.data, scales: undefined };
  return {
    rows,
    dimensions: vectors.columns,
    weightOf: scales,
    tokenizer: new TextEncoder().encode(JSON.stringify(distilled.file)),
    config: {
      model_type: "model2vec",
      architectures: ["StaticModel"],
      tokenizer_name: folder.name.split("/").findLast((part) => part !== "") ?? folder.name,
      apply_pca: pcaDimensions,
      sif_coefficient: sifCoefficient,
      hidden_dim: vectors.columns,
      seq_length: 1_000_000,
      normalize: true,
      pooling,
      max_length: maxLength,
    },
  };
}

function reduce(vectors: Matrix, dimensions: number | "auto" | null): Matrix {
  if (dimensions === null) return vectors;
  const { rows, columns } = vectors;
  const wanted = dimensions === "auto" ? columns : Math.min(dimensions, columns);
  // As model2vec: fewer tokens than dimensions leave nothing to reduce.
  if (wanted >= rows) return vectors;
  const pca = fitPca(vectors, { components: wanted >= 1 ? wanted : Math.min(rows, columns) });
  const components = wanted >= 1 ? wanted : enough(pca.explainedVarianceRatio, wanted);
  return orientColumns(projectPca(pca, vectors, { components }));
}

/** How many components explain the share `wanted` of the variance. */
function enough(ratios: Float64Array, wanted: number): number {
  let explained = 0;
  const last = ratios.findIndex((ratio) => (explained += ratio) >= wanted);
  return last < 0 ? ratios.length : last + 1;
}

function scaleRows({ data, columns }: Matrix, weights: Float64Array): void {
  for (const [i, weight] of weights.entries()) {
    for (let j = i * columns; j < (i + 1) * columns; j += 1) data[j] *= weight;
  }
}

function removePattern(pattern: RegExp | string | null = String.raw`\[unused\d+\]`): RegExp | undefined {
  if (pattern === null) return undefined;
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new SemspaceError("invalid-argument", `tokenRemovePattern is no regular expression: ${String(pattern)}.`, {
      cause,
    });
  }
}

function checkDimensions(dimensions: number | "auto" | null): void {
  if (dimensions === null || dimensions === "auto") return;
  if (typeof dimensions === "number" && dimensions > 0 && (dimensions < 1 || Number.isInteger(dimensions))) return;
  throw new SemspaceError(
    "invalid-argument",
    `pcaDimensions must be a whole number of at least 1, a share of the variance between 0 and 1, "auto" or null, got ${String(dimensions)}.`,
  );
}
