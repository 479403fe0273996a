/**
 * Vectors in fewer bits, exactly as `quantize_embeddings` of sentence-transformers 6.2: int8 and uint8 by 255 steps
 * between the smallest and largest value of each dimension (floor, then clip), binary and ubinary by the sign, eight
 * dimensions a byte, first dimension in the highest bit. All steps are taken in float32, as numpy does.
 */
import { SemspaceError, oneOf } from "../errors.ts";
import { Matrix, type MatrixData } from "./matrix.ts";

/** How a vector's numbers are stored. `binary` and `ubinary` pack eight signs into a byte, first dimension in the highest bit. */
export const precisions = ["float32", "int8", "uint8", "binary", "ubinary"] as const;
export type Precision = (typeof precisions)[number];

export interface QuantizeOptions {
  precision: Precision;
  /** For int8 and uint8: [2, dimensions], smallest values, then largest. Default: those of `matrix` itself. */
  ranges?: Matrix | undefined;
}

/** Smallest and largest value of each dimension: [2, dimensions]. Throws `invalid-argument` for fewer than two vectors. */
export function quantizationRanges(calibration: Matrix): Matrix {
  const { data, rows, columns } = calibration;
  if (rows < 2) {
    throw new SemspaceError(
      "invalid-argument",
      `Ranges cannot be taken from ${rows} vector${rows === 1 ? "" : "s"}. Pass at least 2, better 100, or the ranges themselves.`,
    );
  }
  const ranges = Matrix.zeros(2, columns);
  const [least, most] = [ranges.row(0), ranges.row(1)];
  least.set(calibration.row(0));
  most.set(calibration.row(0));
  for (let i = columns; i < data.length; i += columns) {
    for (let j = 0; j < columns; j += 1) {
      const value = data[i + j];
      if (value < least[j]) least[j] = value;
      if (value > most[j]) most[j] = value;
    }
  }
  return ranges;
}

/** The matrix in another precision; for binary and ubinary with ceil(dimensions / 8) columns. Throws `mismatch` when the ranges have other dimensions. */
export function quantize(matrix: Matrix, { precision, ranges }: QuantizeOptions): Matrix<MatrixData> {
  oneOf("precision", precision, precisions);
  if (precision === "float32") return matrix;
  if (precision === "binary" || precision === "ubinary") return signs(matrix, precision);
  if (matrix.rows === 0)
    return new Matrix(precision === "int8" ? new Int8Array() : new Uint8Array(), 0, matrix.columns);
  return steps(matrix, precision, ranges ?? quantizationRanges(matrix));
}

function steps(matrix: Matrix, precision: "int8" | "uint8", ranges: Matrix): Matrix<MatrixData> {
  const { data, rows, columns } = matrix;
  if (ranges.rows !== 2 || ranges.columns !== columns) {
    throw new SemspaceError(
      "mismatch",
      `The ranges are ${ranges.rows} x ${ranges.columns}, these vectors need 2 x ${columns}.`,
    );
  }
  const round = Math.fround;
  const [least, most] = [ranges.row(0), ranges.row(1)];
  const step = Float32Array.from(least, (low, j) => round(most[j] - low) / 255 || 1);
  const shift = precision === "int8" ? 128 : 0;
  const out = precision === "int8" ? new Int8Array(rows * columns) : new Uint8Array(rows * columns);
  for (let i = 0; i < data.length; i += columns) {
    for (let j = 0; j < columns; j += 1) {
      const level = Math.floor(round(round(data[i + j] - least[j]) / step[j]));
      out[i + j] = Math.min(Math.max(level, 0), 255) - shift;
    }
  }
  return new Matrix(out, rows, columns);
}

function signs(matrix: Matrix, precision: "binary" | "ubinary"): Matrix<MatrixData> {
  const { data, rows, columns } = matrix;
  const width = Math.ceil(columns / 8);
  const shift = precision === "binary" ? 128 : 0;
  const out = precision === "binary" ? new Int8Array(rows * width) : new Uint8Array(rows * width);
  for (let i = 0; i < rows; i += 1) {
    for (let byte = 0; byte < width; byte += 1) {
      let bits = 0;
      const end = Math.min(byte * 8 + 8, columns);
      for (let j = byte * 8; j < end; j += 1) if (data[i * columns + j] > 0) bits |= 128 >> (j & 7);
      out[i * width + byte] = bits - shift;
    }
  }
  return new Matrix(out, rows, width);
}
