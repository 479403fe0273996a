/** Products of a batch with a batch in WASM SIMD (src/kernels/products.ts): every row with every row, and rows weighted by a matrix. */
import { createRowProducts, PRODUCT_ROWS } from "../../kernels/products.ts";
import { Matrix } from "../../matrix/index.ts";

/** `a · bᵀ`, [rows of a, rows of b]. */
export function rowProducts(a: Matrix, b: Matrix): Matrix {
  const out = Matrix.zeros(a.rows, b.rows);
  const table = createRowProducts(a, b.rows);
  fill(table.others, table.stride, b);
  for (let first = 0; first < a.rows; first += PRODUCT_ROWS) {
    const count = Math.min(PRODUCT_ROWS, a.rows - first);
    const block = table.multiply(first, Math.ceil(count / 4) * 4, b.rows);
    out.data.set(block.subarray(0, count * b.rows), first * b.rows);
  }
  return out;
}

/** `weightsᵀ · rows`, [columns of weights, columns of rows]. */
export function weightedRows(weights: Matrix, rows: Matrix): Matrix {
  const outputs = weights.columns;
  const table = createRowProducts(rows, outputs);
  for (let first = 0; first < rows.rows; first += PRODUCT_ROWS) {
    const count = Math.min(PRODUCT_ROWS, rows.rows - first);
    const padded = Math.ceil(count / 4) * 4;
    const block = table.multiply(first, padded, outputs).fill(0);
    block.set(weights.data.subarray(first * outputs, (first + count) * outputs));
    table.addWeighted(first, padded, outputs);
  }
  const out = Matrix.zeros(outputs, rows.columns);
  for (let i = 0; i < outputs; i += 1)
    out.data.set(table.sums.subarray(i * table.stride, i * table.stride + rows.columns), i * rows.columns);
  return out;
}

function fill(to: Float32Array, stride: number, { data, rows, columns }: Matrix): void {
  for (let i = 0; i < rows; i += 1) to.set(data.subarray(i * columns, (i + 1) * columns), i * stride);
}
