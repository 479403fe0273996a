/** What a loss may be given: its columns, all of one shape, and its labels. */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Labels } from "./loss.ts";

export interface ColumnRule {
  name: string;
  /** How many columns, for people: "anchor and positive". */
  columns: string;
  least: number;
  most?: number;
}

/** The columns; throws `mismatch` for another number of them, for none of rows, and for different shapes. */
export function checkColumns(
  columns: readonly Matrix[],
  { name, columns: wanted, least, most = least }: ColumnRule,
): void {
  if (columns.length < least || columns.length > most) {
    const got = `${columns.length} column${columns.length === 1 ? "" : "s"}`;
    throw new SemspaceError("mismatch", `${name} needs the columns ${wanted}, got ${got} of texts.`);
  }
  const [{ rows, columns: width }] = columns;
  const odd = columns.find((column) => column.rows !== rows || column.columns !== width);
  if (odd) {
    throw new SemspaceError(
      "mismatch",
      `The columns of a batch have one shape, got ${rows} x ${width} and ${odd.rows} x ${odd.columns}.`,
    );
  }
}

/** The labels; throws `mismatch` when there are none, or not `perRow` a row. */
export function checkLabels(
  labels: Labels | undefined,
  name: string,
  [rows, perRow]: readonly [number, number],
): Labels {
  if (labels?.length === rows * perRow) return labels;
  const wanted = perRow === 1 ? "a label a row" : `${perRow} labels a row`;
  const got = labels === undefined ? "none" : `${labels.length}`;
  throw new SemspaceError("mismatch", `${name} needs ${wanted}, ${rows * perRow} for this batch, got ${got}.`);
}

/** Derivatives to add to: zeros of each column's shape. */
export function zerosLike(columns: readonly Matrix[]): Matrix[] {
  return columns.map(({ rows, columns: width }) => Matrix.zeros(rows, width));
}
