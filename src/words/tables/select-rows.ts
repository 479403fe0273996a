/** Some rows of a table, in the form in which the table stores them. */
import { Matrix } from "../../matrix/index.ts";
import { Int8Table } from "./int8-table.ts";
import { ProductTable } from "./product-table.ts";
import type { VectorTable } from "./vector-table.ts";

/** A copy of these rows, in this order. */
export function selectRows(table: VectorTable, rows: ArrayLike<number>): VectorTable {
  if (table instanceof Int8Table) {
    const codes = gathered(table.codes, table.columns, rows);
    return new Int8Table(codes, gathered(table.scales, 1, rows), table.columns);
  }
  if (table instanceof ProductTable) {
    const { codes, quantizer, norms } = table;
    const kept = norms && { codes: gathered(norms.codes, 1, rows), quantizer: norms.quantizer };
    return new ProductTable(gathered(codes, quantizer.pieces, rows), quantizer, kept);
  }
  const matrix = Matrix.zeros(rows.length, table.columns);
  for (let i = 0; i < rows.length; i += 1) matrix.data.set(table.row(rows[i]), i * table.columns);
  return matrix;
}

function gathered<T extends Int8Array | Uint8Array | Float32Array>(
  source: T,
  width: number,
  rows: ArrayLike<number>,
): T {
  const out = new (source.constructor as new (length: number) => T)(rows.length * width);
  for (let i = 0; i < rows.length; i += 1) out.set(source.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return out;
}
