/** Vectors as int8 with one scale a row: 127 steps to the row's largest value, so that light rows lose no more than heavy ones. */
import type { Matrix } from "../../matrix/index.ts";

export interface Int8Rows {
  /** rows × columns, -127 … 127. */
  rows: Int8Array;
  /** Row i is about `rows[i] × scales[i]`. */
  scales: Float32Array;
}

export function int8Rows({ data, rows: count, columns }: Matrix): Int8Rows {
  const rows = new Int8Array(data.length);
  const scales = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const start = i * columns;
    let largest = 0;
    for (let j = start; j < start + columns; j += 1) largest = Math.max(largest, Math.abs(data[j]));
    if (largest === 0) continue;
    scales[i] = largest / 127;
    for (let j = start; j < start + columns; j += 1) rows[j] = Math.round((data[j] * 127) / largest);
  }
  return { rows, scales };
}
