/**
 * The kernels in plain TypeScript: the meaning of assembly/mean-rows.ts, and the way out where WASM cannot be used.
 * Every step is rounded to float32 and the sum of squares keeps four lanes, so the bits are those of the WASM twin.
 */
import { SemspaceError } from "../errors.ts";
import type { EmbeddingTable, MeanOptions, TableParts, TokenRanges } from "./kernels.ts";

const round = Math.fround;

export function createReferenceTable(parts: TableParts): EmbeddingTable {
  let table: TableParts | undefined = parts;
  return {
    meanRows(texts, out, options) {
      if (!table) throw disposedTable();
      meanRows(table, texts, { out, ...options });
    },
    dispose() {
      table = undefined;
    },
  };
}

/** The error of a table that is used after `dispose()`. */
export function disposedTable(): SemspaceError {
  return new SemspaceError("disposed", "This embedding table was disposed. Open the model again.");
}

function meanRows(parts: TableParts, texts: TokenRanges, options: MeanOptions & { out: Float32Array }): void {
  const { rows, dimensions, rowOf, weightOf } = parts;
  const { out, skip = -1, normalize = false } = options;
  for (let text = 0; text + 1 < texts.starts.length; text += 1) {
    const sum = out.subarray(text * dimensions, (text + 1) * dimensions).fill(0);
    let count = 0;
    for (let token = texts.starts[text]; token < texts.starts[text + 1]; token += 1) {
      const id = texts.ids[token];
      if (id === skip) continue;
      const row = (rowOf ? rowOf[id] : id) * dimensions;
      const weight = weightOf ? weightOf[id] : 1;
      // Assignment to a Float32Array rounds the sum.
      for (let d = 0; d < dimensions; d += 1) sum[d] = sum[d] + round(weight * rows[row + d]);
      count += 1;
    }
    if (count > 0) finish(sum, count, normalize);
  }
}

/** Divides by the number of tokens and, when asked, by the length. */
function finish(sum: Float32Array, count: number, normalize: boolean): void {
  const wide = sum.length & ~3;
  const lanes = new Float32Array(4);
  for (let d = 0; d < sum.length; d += 1) sum[d] = sum[d] / count;
  for (let d = 0; d < wide; d += 1) lanes[d & 3] = lanes[d & 3] + round(sum[d] * sum[d]);
  let squares = round(round(round(lanes[0] + lanes[1]) + lanes[2]) + lanes[3]);
  for (let d = wide; d < sum.length; d += 1) squares = round(squares + round(sum[d] * sum[d]));
  if (!normalize) return;
  const length = Math.max(round(Math.sqrt(squares)), round(1e-12));
  for (let d = 0; d < sum.length; d += 1) sum[d] = sum[d] / length;
}
