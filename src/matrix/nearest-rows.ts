/** The exact nearest rows of every row, by blocks of dot products on the kernels: what HDBSCAN, UMAP and communities begin with. */
import { wholeNumber } from "../errors.ts";
import { createRowProducts, PRODUCT_ROWS } from "../kernels/products.ts";
import type { Matrix } from "./matrix.ts";

/** Rows that are compared with all others at once. */
const BLOCK = 32;

export interface NearestRows {
  /** [rows, k], the nearest first; each row is its own nearest, unless others are equal to it. */
  indices: Int32Array;
  /** Euclidean, [rows, k]. */
  distances: Float64Array;
  k: number;
}

/** The `k` nearest rows, at most as many as there are; of equally near ones the earlier. */
export function nearestRows(matrix: Matrix, k: number): NearestRows {
  const { rows } = matrix;
  const size = Math.min(wholeNumber("k", k, 1), rows);
  const indices = new Int32Array(rows * size);
  const distances = new Float64Array(rows * size);
  const squares = squaredLengths(matrix);
  const best = new Float64Array(size);
  const at = new Int32Array(size);
  eachProducts(matrix, (dots, query, stride) => {
    let filled = 0;
    for (let row = 0; row < rows; row += 1) {
      const distance = row === query ? 0 : Math.max(0, squares[row] + squares[query] - 2 * dots[row * stride]);
      if (filled === size && distance >= best[size - 1]) continue;
      let place = filled < size ? filled : size - 1;
      for (; place > 0 && best[place - 1] > distance; place -= 1) {
        best[place] = best[place - 1];
        at[place] = at[place - 1];
      }
      best[place] = distance;
      at[place] = row;
      if (filled < size) filled += 1;
    }
    for (let i = 0; i < size; i += 1) {
      indices[query * size + i] = at[i];
      distances[query * size + i] = Math.sqrt(best[i]);
    }
  });
  return { indices, distances, k: size };
}

/** Calls `use` for every row as query: its dot product with row i is `dots[i * stride]`. */
export function eachProducts(matrix: Matrix, use: (dots: Float32Array, query: number, stride: number) => void): void {
  const { rows, columns, data } = matrix;
  const products = createRowProducts(matrix, BLOCK);
  const all = new Float32Array(rows * BLOCK);
  for (let first = 0; first < rows; first += BLOCK) {
    const queries = Math.min(BLOCK, rows - first);
    for (let q = 0; q < queries; q += 1)
      products.others.set(data.subarray((first + q) * columns, (first + q + 1) * columns), q * products.stride);
    for (let row = 0; row < rows; row += PRODUCT_ROWS) {
      const count = Math.min(PRODUCT_ROWS, rows - row);
      const part = products.multiply(row, Math.ceil(count / 4) * 4, queries);
      all.set(part.subarray(0, count * queries), row * queries);
    }
    for (let q = 0; q < queries; q += 1) use(all.subarray(q), first + q, queries);
  }
}

export function squaredLengths(matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => {
    let sum = 0;
    for (const value of matrix.row(i)) sum += value * value;
    return sum;
  });
}
