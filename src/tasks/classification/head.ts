/** What decides on a label: from a vector to one score a label. Three kinds; each knows how to be written down. */
import { SemspaceError } from "../../errors.ts";
import type { TensorToWrite } from "../../formats/safetensors-writer.ts";
import type { Multiclass } from "../../matrix/logistic-regression.ts";
import type { Matrix } from "../../matrix/matrix.ts";

export const classifierKinds = ["logistic", "neighbors", "centroids"] as const;
export type ClassifierKind = (typeof classifierKinds)[number];

export interface Head {
  readonly kind: ClassifierKind;
  /** [rows, labels]: the larger, the likelier. Softmax of a row, or for labels that exclude nothing the logistic function of each, gives probabilities. */
  scores(vectors: Matrix): Float64Array;
  /** What a file holds of it; numbers and words that are no tensors go into `settings`. */
  tensors(): Readonly<Record<string, TensorToWrite>>;
  settings(): Readonly<Record<string, string>>;
}

/** Which labels each row has, as numbers. */
export interface Targets {
  readonly labels: readonly string[];
  /** Whether a text may have several labels, or none. */
  readonly multiLabel: boolean;
  readonly rows: readonly (readonly number[])[];
}

export interface HeadOptions {
  C: number;
  multiclass: Multiclass;
  classWeights: "balanced" | Readonly<Record<string, number>> | undefined;
  neighbors: number;
  tolerance: number;
  maxIterations: number;
}

/** Throws `mismatch` for vectors of another length than the head's. */
export function checkColumns(vectors: Matrix, columns: number): void {
  if (vectors.columns === columns) return;
  throw new SemspaceError(
    "mismatch",
    `The classifier was made with vectors of ${columns} dimensions, got ${vectors.columns}. Use the model that it was made with.`,
  );
}

export function float32Tensor({ data, rows, columns }: Matrix): TensorToWrite {
  return { dtype: "F32", shape: [rows, columns], data };
}
