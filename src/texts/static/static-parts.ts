/**
 * What a static model is made of: a table of vectors, a tokenizer, and a few settings. Token `id` has the vector
 * `rows[rowOf[id]] × weightOf[id]`; a text has the mean of its tokens' vectors.
 */
import { SemspaceError } from "../../errors.ts";
import type { TableParts } from "../../kernels/index.ts";

/**
 * Whose rules turn a text into a vector (docs/static-models.md lists the differences):
 * `model2vec` cuts long texts and leaves unknown tokens out, `sentence-transformers` does neither.
 */
export const staticReadings = ["model2vec", "sentence-transformers"] as const;
export type StaticReading = (typeof staticReadings)[number];

/** config.json of model2vec; other keys are kept as they are. */
export interface StaticConfig {
  /** Whether vectors are scaled to length 1; model2vec's default is false. */
  normalize?: boolean;
  /** Most tokens of a text; null does not cut. model2vec's default is 512. */
  max_length?: number | null;
  [key: string]: unknown;
}

export interface StaticModelParts extends TableParts {
  /** The bytes of tokenizer.json. */
  tokenizer: Uint8Array;
  config: StaticConfig;
}

/**
 * Throws `mismatch` when a part does not fit the others or has no value for a token id up to `largestId`.
 * After this check the kernels may look up any id of the tokenizer.
 */
export function checkTable({ rows, dimensions, rowOf, weightOf }: TableParts, largestId: number, name: string): void {
  const count = rows.length / dimensions;
  const mismatch = (what: string): never => {
    throw new SemspaceError(
      "mismatch",
      `The static model ${name}: ${what}. Use the tokenizer and the table of one model.`,
    );
  };
  if (!Number.isInteger(count)) mismatch(`${rows.length} values are no rows of ${dimensions} dimensions`);
  for (const [part, length] of [
    ["mapping", rowOf?.length],
    ["weights", weightOf?.length],
  ] as const) {
    if (length !== undefined && length <= largestId)
      mismatch(`the tokenizer has ids up to ${largestId}, ${part} has ${length} values`);
  }
  if (!rowOf && count <= largestId) mismatch(`the tokenizer has ids up to ${largestId}, the table has ${count} rows`);
  const wrong = rowOf?.findIndex((row) => row < 0 || row >= count) ?? -1;
  if (wrong >= 0) mismatch(`mapping sends id ${wrong} to row ${rowOf![wrong]}, the table has rows 0 to ${count - 1}`);
}
