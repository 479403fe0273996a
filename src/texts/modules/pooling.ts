/**
 * Pooling: from one vector per token to one vector per text, in the six ways of sentence-transformers 6.2
 * (`sentence_transformer/modules/pooling.py`) and their concatenation. The file's older schema names the ways by
 * booleans and concatenates in the order of `poolingModes`; the newer one lists them in order.
 */
import { SemspaceError, oneOf, wholeNumber } from "../../errors.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import type { ModuleBatch, TextModule } from "./module.ts";

/** In the order of concatenation of the older schema. */
export const poolingModes = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"] as const;
export type PoolingMode = (typeof poolingModes)[number];

export interface PoolingModule extends TextModule {
  readonly modes: readonly PoolingMode[];
  /** False leaves the prompt's tokens out. */
  readonly includePrompt: boolean;
}

interface PoolingFile {
  embedding_dimension?: number;
  word_embedding_dimension?: number;
  pooling_mode?: string | string[];
  include_prompt?: boolean;
  [legacy: `pooling_mode_${string}`]: boolean | undefined;
}

const legacyKeys: Record<PoolingMode, keyof PoolingFile> = {
  cls: "pooling_mode_cls_token",
  max: "pooling_mode_max_tokens",
  mean: "pooling_mode_mean_tokens",
  mean_sqrt_len_tokens: "pooling_mode_mean_sqrt_len_tokens",
  weightedmean: "pooling_mode_weightedmean_tokens",
  lasttoken: "pooling_mode_lasttoken",
};

/** Reads config.json of either schema. Throws `invalid-file` for an unknown mode, and lists the known ones. */
export async function loadPooling(folder: ModelFolder): Promise<PoolingModule> {
  const file = await readJson<PoolingFile>(folder, "config.json");
  try {
    const width = wholeNumber("embedding_dimension", file.embedding_dimension ?? file.word_embedding_dimension, 1);
    return createPooling(modesOf(file), { includePrompt: file.include_prompt ?? true, dimensions: width });
  } catch (cause) {
    throw new SemspaceError("invalid-file", `config.json in ${folder.name}: ${(cause as Error).message}`, { cause });
  }
}

function modesOf(file: PoolingFile): PoolingMode[] {
  if (file.pooling_mode !== undefined) {
    const listed = [file.pooling_mode].flat().map((mode) => oneOf("pooling mode", mode, poolingModes));
    return listed.length > 0 ? listed : ["mean"];
  }
  const chosen = poolingModes.filter((mode) => file[legacyKeys[mode]]);
  return chosen.length > 0 ? chosen : ["mean"];
}

/** Pools in the given ways, one after the other in the result. `dimensions` is what the tokens' vectors must have. */
export function createPooling(
  modes: readonly PoolingMode[],
  { includePrompt = true, dimensions }: { includePrompt?: boolean; dimensions?: number } = {},
): PoolingModule {
  return {
    modes,
    includePrompt,
    input: "token_embeddings",
    output: "sentence_embedding",
    dimensions(input) {
      if (dimensions !== undefined && dimensions !== input) {
        throw new SemspaceError("mismatch", `Pooling takes ${dimensions} dimensions, the token vectors have ${input}.`);
      }
      return input * modes.length;
    },
    apply: (tokens, batch) => pool(tokens, includePrompt ? { ...batch, promptLength: 0 } : batch, modes),
  };
}

function pool(tokens: Matrix, batch: ModuleBatch, modes: readonly PoolingMode[]): Matrix {
  const width = tokens.columns;
  const pooled = Matrix.zeros(batch.rows, width * modes.length);
  const sum = new Float64Array(width);
  for (let row = 0; row < batch.rows; row += 1) {
    const span = spanOf(batch, row);
    const vectors = tokens.data.subarray(row * batch.columns * width, (row + 1) * batch.columns * width);
    for (const [i, mode] of modes.entries()) {
      const start = (row * modes.length + i) * width;
      const output = pooled.data.subarray(start, start + width);
      if (mode === "cls") output.set(vectors.subarray(span.first * width, (span.first + 1) * width));
      else if (mode === "lasttoken") poolLast(vectors, span, output);
      else if (mode === "max") poolMax(vectors, span, output);
      else poolMean(vectors, { ...span, mode, sum }, output);
    }
  }
  return pooled;
}

/** The tokens of one row that count. */
interface Span {
  mask: Int32Array;
  /** First column that counts, or 0 when none does. */
  first: number;
  /** Columns of padding on the left. */
  padding: number;
}

function spanOf({ mask, columns, promptLength }: ModuleBatch, row: number): Span {
  const whole = mask.subarray(row * columns, (row + 1) * columns);
  const padding = Math.max(0, whole.indexOf(1));
  if (promptLength === 0) return { mask: whole, first: padding, padding };
  const counted = whole.slice().fill(0, 0, padding + promptLength);
  return { mask: counted, first: Math.max(0, counted.indexOf(1)), padding };
}

function poolLast(vectors: Float32Array, { mask }: Span, output: Float32Array): void {
  const last = mask.lastIndexOf(1);
  if (last >= 0) output.set(vectors.subarray(last * output.length, (last + 1) * output.length));
}

function poolMax(vectors: Float32Array, { mask }: Span, output: Float32Array): void {
  output.fill(-Infinity);
  for (let column = 0; column < mask.length; column += 1) {
    if (mask[column] === 0) continue;
    const start = column * output.length;
    for (let d = 0; d < output.length; d += 1) {
      if (vectors[start + d] > output[d]) output[d] = vectors[start + d];
    }
  }
}

function poolMean(
  vectors: Float32Array,
  { mask, padding, mode, sum }: Span & { mode: PoolingMode; sum: Float64Array },
  output: Float32Array,
): void {
  sum.fill(0);
  let total = 0;
  for (let column = 0; column < mask.length; column += 1) {
    if (mask[column] === 0) continue;
    const weight = mode === "weightedmean" ? column + 1 - padding : 1;
    total += weight;
    const start = column * output.length;
    for (let d = 0; d < output.length; d += 1) sum[d] += weight * vectors[start + d];
  }
  const divisor = Math.max(total, 1e-9);
  const scale = mode === "mean_sqrt_len_tokens" ? Math.sqrt(divisor) : divisor;
  for (let d = 0; d < output.length; d += 1) output[d] = sum[d] / scale;
}
