/** A table in fewer bytes: one a number, or product-quantised. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Int8Table } from "./int8-table.ts";
import { ProductTable } from "./product-table.ts";
import { asMatrix, type VectorTable } from "./vector-table.ts";

/** 64 rows a centroid: with four times as many GloVe's neighbours are no better. */
const POINTS = 16_384;

export interface QuantizedOptions {
  /**
   * Cuts each vector into this many pieces of equal length (the last one may be shorter) and keeps one byte a piece. With half as
   * many as dimensions, GloVe's words keep 84 of 100 neighbours; with a quarter, 54. Default: one byte a number instead.
   */
  subspaces?: number | undefined;
  /** Of the search for centroids. Default 1. */
  seed?: number | undefined;
}

/** Throws `invalid-argument` for more subspaces than columns. */
export function quantizedTable(table: VectorTable, { subspaces, seed = 1 }: QuantizedOptions = {}): VectorTable {
  if (subspaces === undefined) return Int8Table.from(table);
  const { columns } = table;
  if (wholeNumber("subspaces", subspaces, 1) > columns) {
    throw new SemspaceError("invalid-argument", `subspaces is ${subspaces}, the vectors have ${columns} dimensions.`);
  }
  // The rows become their directions on the way.
  const rows = asMatrix(table).data.slice();
  const pieceLength = Math.ceil(columns / subspaces);
  return ProductTable.from(rows, columns, { pieceLength, normalize: true, seed, points: POINTS });
}
