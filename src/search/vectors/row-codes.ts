/**
 * Vectors as rows of a block and back. int8 codes are scaled so that a vector's largest number is 127 (for cosines the scale then gives
 * the codes length 1); bits are the signs of the codes, the first dimension in the lowest bit. Queries of int8 rows are rounded to int16.
 */
import type { VectorBlock } from "../../kernels/vector-scan/vector-block.ts";
import type { IndexDtype } from "../index-options.ts";

export type IndexMeasure = "cosine" | "dot";

/** A row as it is kept: float32 numbers, or codes with their scale. */
export interface KeptRow {
  numbers: Float32Array | Int8Array;
  scale: number;
}

/** The vector itself, or a copy of length 1; zeros stay zeros. */
export function asMeasured(vector: Float32Array, measure: IndexMeasure): Float32Array {
  if (measure === "dot") return vector;
  // Scaled first, so that no square leaves the range of numbers.
  const largest = largestOf(vector);
  if (largest === 0) return vector;
  let squares = 0;
  for (let k = 0; k < vector.length; k += 1) squares += (vector[k] / largest) ** 2;
  const length = Math.sqrt(squares) * largest;
  return vector.map((value) => value / length);
}

/** Codes and the scale that makes numbers of them again. */
export function int8Codes(vector: Float32Array, measure: IndexMeasure): { codes: Int8Array; scale: number } {
  const codes = new Int8Array(vector.length);
  const largest = largestOf(vector);
  if (largest === 0) return { codes, scale: 0 };
  let squares = 0;
  for (let k = 0; k < vector.length; k += 1) {
    codes[k] = Math.round((vector[k] / largest) * 127);
    squares += codes[k] * codes[k];
  }
  return { codes, scale: Math.fround(measure === "cosine" ? 1 / Math.sqrt(squares) : largest / 127) };
}

/** A vector as a table keeps it. */
export function keptRow(
  vector: Float32Array,
  { dtype = "float32", measure = "cosine" }: { dtype?: IndexDtype | undefined; measure?: IndexMeasure | undefined },
): KeptRow {
  const measured = asMeasured(vector, measure);
  if (dtype === "float32") return { numbers: measured.slice(), scale: 1 };
  const { codes, scale } = int8Codes(measured, measure);
  return { numbers: codes, scale };
}

/** The numbers that a row stands for. */
export function valuesOf({ numbers, scale }: KeptRow): Float32Array {
  return Float32Array.from(numbers, (value) => value * scale);
}

/** Bits of the numbers above 0. */
export function signBits(numbers: ArrayLike<number>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(numbers.length / 8));
  for (let k = 0; k < numbers.length; k += 1) if (numbers[k] > 0) bits[k >> 3] |= 1 << (k & 7);
  return bits;
}

/** Numbers of a query for int8 rows, and the factor that their products need. */
export function int16Query(query: Float32Array): { numbers: Int16Array; factor: number } {
  // No sum of columns / 4 products may leave 32 bits.
  const most = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * Math.ceil(query.length / 4 + 4))));
  const factor = largestOf(query) / most || 1;
  return { numbers: Int16Array.from(query, (value) => Math.round(value / factor)), factor };
}

/** What the scale of a row must be multiplied with where only its first dimensions count. */
export function prefixFactor(numbers: ArrayLike<number>, firstDimensions: number): number {
  let all = 0;
  let first = 0;
  for (let k = 0; k < numbers.length; k += 1) {
    all += numbers[k] * numbers[k];
    if (k < firstDimensions) first += numbers[k] * numbers[k];
  }
  return first > 0 ? Math.sqrt(all / first) : 0;
}

/** Writes float32 numbers or codes as a row of the block. */
export function setRow(block: VectorBlock, row: number, numbers: Float32Array | Int8Array | Uint8Array): void {
  block.bytes(row).set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
}

/** The numbers of a row: a view. */
export function rowNumbers(block: VectorBlock, row: number): Float32Array | Int8Array {
  const { kind, dimensions } = block.layout;
  const { buffer, byteOffset } = block.bytes(row);
  return kind === "float32"
    ? new Float32Array(buffer, byteOffset, dimensions)
    : new Int8Array(buffer, byteOffset, dimensions);
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (let k = 0; k < vector.length; k += 1) largest = Math.max(largest, Math.abs(vector[k]));
  return largest;
}
