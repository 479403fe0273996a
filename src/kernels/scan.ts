/** A table of int8 codes in a WASM memory of its own, and the scan of one query over it (scanInt8 of assembly/vector-scan.ts). */
import { bytesOfBase64 } from "./base64.ts";
import type { ScanKernel } from "./vector-scan/scan-kernel.ts";
import { vectorScanCode } from "./vector-scan-code.ts";

export interface Int8Scanner {
  /** To be filled: row i from `i * stride` on, zeros behind its columns. */
  readonly codes: Int8Array;
  readonly stride: number;
  /** To be filled: one a row. */
  readonly scales: Float32Array;
  /**
   * The scores scale × codes · query of the rows `from … to`, a view that the next scan overwrites; `queryError` is the length of
   * what the query lost by rounding.
   */
  scan(query: Float32Array, from: number, to: number): { scores: Float32Array; queryError: number };
}

const PAGE = 65_536;

/** An empty table. Undefined where this runtime has no WASM SIMD or no memory for it. */
export function createInt8Scanner(count: number, columns: number): Int8Scanner | undefined {
  const bytes = bytesOfBase64(vectorScanCode.plain);
  if (!WebAssembly.validate(bytes)) return undefined;
  const stride = Math.ceil(columns / 8) * 8;
  const rows = Math.ceil(count / 4) * 4;
  const scalesAt = rows * stride;
  const queryAt = scalesAt + rows * 4;
  const factorAt = queryAt + stride * 2;
  const outAt = factorAt + 16;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: Math.ceil((outAt + rows * 4) / PAGE) });
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { scanInt8 } = instance.exports as unknown as ScanKernel;
  const query = new Int16Array(buffer, queryAt, stride);
  // No sum of columns / 4 products may leave 32 bits.
  const largestCode = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * Math.ceil(stride / 4))));
  return {
    codes: new Int8Array(buffer, 0, count * stride),
    stride,
    scales: new Float32Array(buffer, scalesAt, count),
    scan(vector, from, to) {
      const { factor, queryError } = quantizeQuery(vector, query, largestCode);
      const first = from - (from % 4);
      const count = Math.ceil((to - first) / 4) * 4;
      new Float32Array(buffer, factorAt, 1)[0] = factor;
      scanInt8(first * stride, stride, scalesAt + first * 4, count, queryAt, 0, factorAt, 1, stride, outAt, count);
      return { scores: new Float32Array(buffer, outAt + (from - first) * 4, to - from), queryError };
    },
  };
}

function quantizeQuery(
  vector: Float32Array,
  codes: Int16Array,
  largestCode: number,
): { factor: number; queryError: number } {
  let largest = 0;
  for (let k = 0; k < vector.length; k += 1) largest = Math.max(largest, Math.abs(vector[k]));
  const factor = largest / largestCode || 1;
  let squares = 0;
  for (let k = 0; k < vector.length; k += 1) {
    codes[k] = Math.round(vector[k] / factor);
    squares += (vector[k] - codes[k] * factor) ** 2;
  }
  return { factor, queryError: Math.sqrt(squares) };
}
