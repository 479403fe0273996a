/**
 * A table of float32 rows that is multiplied with a few others again and again: training a classifier, k-means, exact neighbours.
 * In WASM SIMD (assembly/products.ts) with the rows in a memory of their own; in plain TypeScript where there is no SIMD or no memory.
 * The two add in another order: they agree to float32's rounding, not to the bit.
 */
import { bytesOfBase64 } from "./base64.ts";
import { productsCode } from "./products-code.ts";

/** Rows that are multiplied at once, at most: small enough to be in the cache still when their weighted sum is taken. */
export const PRODUCT_ROWS = 256;

export interface RowProducts {
  /** The rows, a row from `i * stride` on; may be overwritten. */
  readonly table: Float32Array;
  /** To be filled once: [outputs, columns], what rows are multiplied with; a row from `c * stride` on, zeros behind its columns. */
  readonly others: Float32Array;
  readonly stride: number;
  /**
   * `row i · others[c]` of the rows `first … first + count` (a multiple of 4, at most {@link PRODUCT_ROWS}), [count, outputs]: a view that
   * the next call overwrites.
   */
  multiply(first: number, count: number, outputs: number): Float32Array;
  /** Adds to `sums[c]` the rows weighted by column c of what the last `multiply` gave, which the caller has turned into weights. */
  addWeighted(first: number, count: number, outputs: number): void;
  /** [outputs, stride] */
  readonly sums: Float32Array;
}

export interface TableOfRows {
  data: Float32Array;
  rows: number;
  columns: number;
}

type Kernel = (
  ...places: [rows: number, count: number, others: number, outputs: number, stride: number, out: number]
) => void;

const PAGE = 65_536;

/** Copies the rows; `outputs` is the most that they are multiplied with at once. */
export function createRowProducts(table: TableOfRows, outputs: number): RowProducts {
  return createWasmProducts(table, outputs) ?? createReferenceProducts(table, outputs);
}

/** Undefined where this runtime has no WASM SIMD or no memory for the rows. */
export function createWasmProducts({ data, rows, columns }: TableOfRows, outputs: number): RowProducts | undefined {
  const bytes = bytesOfBase64(productsCode);
  if (!WebAssembly.validate(bytes)) return undefined;
  const stride = Math.ceil(columns / 4) * 4;
  const fours = Math.ceil(rows / 4) * 4;
  const othersAt = fours * stride * 4;
  const outAt = othersAt + outputs * stride * 4;
  // A row of products may be read four bytes beyond its end.
  const sumsAt = Math.ceil((outAt + PRODUCT_ROWS * outputs * 4 + 16) / 16) * 16;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: Math.ceil((sumsAt + outputs * stride * 4) / PAGE) });
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { multiply, addWeighted } = instance.exports as Record<string, Kernel>;
  const copy = new Float32Array(buffer, 0, fours * stride);
  if (stride === columns) copy.set(data);
  else for (let i = 0; i < rows; i += 1) copy.set(data.subarray(i * columns, (i + 1) * columns), i * stride);
  return {
    table: copy,
    others: new Float32Array(buffer, othersAt, outputs * stride),
    stride,
    multiply(first, count, used) {
      multiply(first * stride * 4, count, othersAt, used, stride, outAt);
      return new Float32Array(buffer, outAt, count * used);
    },
    addWeighted: (first, count, used) => addWeighted(first * stride * 4, count, outAt, used, stride, sumsAt),
    sums: new Float32Array(buffer, sumsAt, outputs * stride),
  };
}

/** The same without WASM. */
export function createReferenceProducts({ data: given, rows, columns }: TableOfRows, outputs: number): RowProducts {
  const data = given.slice();
  const others = new Float32Array(outputs * columns);
  const sums = new Float32Array(outputs * columns);
  const out = new Float32Array(PRODUCT_ROWS * outputs);
  return {
    table: data,
    others,
    stride: columns,
    multiply(first, count, used) {
      for (let i = 0; i < count; i += 1) {
        const row = (first + i) * columns;
        for (let c = 0; c < used; c += 1) {
          let sum = 0;
          if (first + i < rows) for (let j = 0; j < columns; j += 1) sum += data[row + j] * others[c * columns + j];
          out[i * used + c] = sum;
        }
      }
      return out.subarray(0, count * used);
    },
    addWeighted(first, count, used) {
      for (let i = 0; i < Math.min(count, rows - first); i += 1) {
        const row = (first + i) * columns;
        for (let c = 0; c < used; c += 1) {
          const weight = out[i * used + c];
          for (let j = 0; j < columns; j += 1) sums[c * columns + j] += weight * data[row + j];
        }
      }
    },
    sums,
  };
}
