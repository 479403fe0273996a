/**
 * What every loss is: a pure function of embedding matrices (docs/design.md, training). It knows nothing of where they come from, so that
 * each loss is written once for static tables, transformers and projections.
 */
import type { Matrix } from "../../matrix/index.ts";
import type { Gradient, Parameter } from "../parameters.ts";

/** A value a row (scores as Float32Array, classes as Int32Array); more a row where the loss says so. */
export type Labels = Float32Array | Int32Array;

export interface LossResult {
  /** The loss of the whole batch. */
  value: number;
  /** Its derivative by each column, of the column's shape. */
  gradients: Matrix[];
  /** Its derivative by the loss's own {@link Loss.parameters}. */
  parameterGradients?: Gradient[];
}

/** Gives the value and the gradients of a batch; throws `mismatch` for columns or labels that it cannot take. */
export interface Loss {
  /** As sentence-transformers names its class, without "Loss". */
  readonly name: string;
  /** @param columns one matrix a column of the data (anchor, positive, negative …), all with the same rows and columns. */
  evaluate(columns: readonly Matrix[], labels?: Labels): LossResult;
  /** What the loss itself learns, such as the classifier of a softmax. */
  readonly parameters?: readonly Parameter[];
}
