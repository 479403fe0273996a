/** The scanning kernels in plain TypeScript: what assembly/vector-scan.ts means, to the bit, and the way out where WASM has no SIMD. */
import type { ScanFunction, ScanKernel } from "./scan-kernel.ts";

const round = Math.fround;

export function referenceKernel(memory: WebAssembly.Memory): ScanKernel {
  return {
    scanFloat32: scanBy(memory, (buffer, row, query, columns) =>
      floatProduct(new Float32Array(buffer, row, columns), new Float32Array(buffer, query, columns)),
    ),
    scanInt8: scanBy(memory, (buffer, row, query, columns, factor) => {
      const codes = new Int8Array(buffer, row, columns);
      const numbers = new Int16Array(buffer, query, columns);
      let sum = 0;
      for (let k = 0; k < columns; k += 1) sum += codes[k] * numbers[k];
      return { sum: round(sum), factor: new Float32Array(buffer, factor, 1)[0] };
    }),
    scanBits: scanBy(memory, (buffer, row, query, columns) => ({
      bits: differingBits(new Uint8Array(buffer, row, columns), new Uint8Array(buffer, query, columns)),
    })),
    above(scores, count, threshold, out) {
      const values = new Float32Array(memory.buffer, scores, count);
      const positions = new Int32Array(memory.buffer, out, count);
      let found = 0;
      for (let i = 0; i < count; i += 1) if (values[i] > threshold) positions[found++] = i;
      return found;
    },
  };
}

type Product = number | { sum: number; factor: number } | { bits: number };

function scanBy(
  memory: WebAssembly.Memory,
  product: (
    ...places: [buffer: ArrayBufferLike, row: number, query: number, columns: number, factor: number]
  ) => Product,
): ScanFunction {
  return (rows, stride, scales, count, queries, queryStride, factors, queryCount, columns, out, outRows) => {
    const { buffer } = memory;
    for (let j = 0; j < queryCount; j += 1) {
      const to = new Float32Array(buffer, out + j * outRows * 4, count);
      for (let i = 0; i < count; i += 1) {
        const found = product(buffer, rows + i * stride, queries + j * queryStride, columns, factors + j * 4);
        if (typeof found === "object" && "bits" in found) {
          to[i] = -found.bits;
          continue;
        }
        const scale = new Float32Array(buffer, scales + i * 4, 1)[0];
        to[i] = typeof found === "number" ? found * scale : round(found.sum * scale) * found.factor;
      }
    }
  };
}

/** Four lanes, added as the kernel adds them. */
function floatProduct(row: Float32Array, query: Float32Array): number {
  const lanes = new Float32Array(4);
  for (let k = 0; k < row.length; k += 1) lanes[k & 3] = lanes[k & 3] + round(row[k] * query[k]);
  return round(round(lanes[0] + lanes[2]) + round(lanes[1] + lanes[3]));
}

function differingBits(row: Uint8Array, query: Uint8Array): number {
  let bits = 0;
  for (let k = 0; k < row.length; k += 1) for (let rest = row[k] ^ query[k]; rest; rest &= rest - 1) bits += 1;
  return bits;
}
