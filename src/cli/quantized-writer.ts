/**
 * Float vectors → vectors in fewer bits → a writer. int8 and uint8 without given ranges take those of the whole input:
 * the float vectors wait in a scratch file until the last one is there, and are quantised in a second pass.
 */
import { SemspaceError } from "../errors.ts";
import { Matrix, quantizationRanges, quantize, type MatrixData, type Precision } from "../matrix/index.ts";
import { scratchFile } from "./sink.ts";
import type { VectorWriter } from "./vector-writer.ts";

/** Bytes that the second pass reads at once. */
const PASS_BYTES = 1 << 22;

/** A writer of float vectors over a writer of quantised ones. `ranges`: [2, dimensions]. */
export async function quantizedWriter(
  writer: VectorWriter,
  precision: Precision,
  ranges?: Matrix,
): Promise<VectorWriter> {
  if (precision === "float32") return writer;
  if (ranges || (precision !== "int8" && precision !== "uint8")) {
    return { ...writer, write: (vectors) => writer.write(quantize(floats(vectors), { precision, ranges })) };
  }
  return calibratedWriter(writer, precision);
}

async function calibratedWriter(writer: VectorWriter, precision: "int8" | "uint8"): Promise<VectorWriter> {
  const spool = await scratchFile();
  let ranges: Matrix | undefined;
  let rows = 0;
  return {
    async write(vectors) {
      if (vectors.rows === 0) return;
      const { data } = floats(vectors);
      rows += vectors.rows;
      ranges = widened(ranges, floats(vectors));
      await spool.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    },
    async end() {
      if (rows === 1) {
        throw new SemspaceError(
          "invalid-argument",
          `--precision ${precision} takes its ranges from at least 2 texts, got 1. Pass --ranges FILE.`,
        );
      }
      const columns = ranges?.columns ?? 0;
      const batch = Math.max(1, Math.floor(PASS_BYTES / (columns * 4 || 1)));
      for (let at = 0; at < rows; at += batch) {
        const part = Matrix.zeros(Math.min(batch, rows - at), columns);
        await spool.read(new Uint8Array(part.data.buffer), at * columns * 4);
        await writer.write(quantize(part, { precision, ranges }));
      }
      await spool.discard();
      await writer.end();
    },
    async discard() {
      await spool.discard();
      await writer.discard();
    },
  };
}

/** The ranges of the vectors seen so far and of these. */
function widened(ranges: Matrix | undefined, vectors: Matrix): Matrix {
  const [least, most] = ranges ? [ranges.row(0), ranges.row(1)] : [vectors.row(0), vectors.row(0)];
  const data = new Float32Array((vectors.rows + 2) * vectors.columns);
  data.set(least);
  data.set(most, vectors.columns);
  data.set(vectors.data, 2 * vectors.columns);
  return quantizationRanges(new Matrix(data, vectors.rows + 2, vectors.columns));
}

function floats(vectors: Matrix<MatrixData>): Matrix {
  if (vectors.data instanceof Float32Array) return vectors as Matrix;
  throw new SemspaceError("invalid-argument", "Only float32 vectors can be quantised, got quantised ones.");
}
