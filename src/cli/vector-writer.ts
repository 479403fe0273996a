/** Rows of vectors → JSON lines, npy, or bare little-endian float32. How many rows there are is known only at the end. */
import { npyHeader, type NpyType } from "../formats/npy.ts";
import type { Matrix, MatrixData, Precision } from "../matrix/index.ts";
import type { Sink } from "./sink.ts";

export const vectorFormats = ["jsonl", "npy", "f32"] as const;
export type VectorFormat = (typeof vectorFormats)[number];

export interface VectorWriter {
  write(vectors: Matrix<MatrixData>): Promise<void>;
  /** Ends the output; it is complete then. */
  end(): Promise<void>;
  /** Takes back what is not complete. */
  discard(): Promise<void>;
}

const NPY_TYPES: Readonly<Record<Precision, NpyType>> = {
  float32: "<f4",
  int8: "|i1",
  uint8: "|u1",
  binary: "|i1",
  ubinary: "|u1",
};
/** Characters that are collected before they are written. */
const TEXT_CHUNK = 1 << 18;

export interface WriterOptions {
  format: VectorFormat;
  precision: Precision;
  /** Values in a row, for the header of an npy file. */
  columns: number;
}

export function vectorWriter(sink: Sink, { format, precision, columns }: WriterOptions): VectorWriter {
  const close = { end: () => sink.end(), discard: () => sink.discard() };
  if (format === "jsonl") return { ...close, write: jsonLines(sink) };
  if (format === "f32") return { ...close, write: (vectors) => sink.write(bytesOf(vectors.data)) };
  return npy(sink, NPY_TYPES[precision], columns);
}

/** `{"index":0,"vector":[…]}` a row; float32 values with the nine digits that give them back exactly. */
function jsonLines(sink: Sink): VectorWriter["write"] {
  let index = 0;
  return async (vectors) => {
    let text = "";
    for (let row = 0; row < vectors.rows; row += 1) {
      text += `{"index":${index},"vector":[${numbers(vectors.row(row))}]}\n`;
      index += 1;
      if (text.length < TEXT_CHUNK) continue;
      await sink.write(text);
      text = "";
    }
    if (text !== "") await sink.write(text);
  };
}

/** The header comes first without a number of rows, and again at the end. */
function npy(sink: Sink, type: NpyType, columns: number): VectorWriter {
  let rows = 0;
  let started = false;
  const start = async () => {
    if (!started) await sink.write(npyHeader(type, [0, columns]));
    started = true;
  };
  return {
    async write(vectors) {
      await start();
      await sink.write(bytesOf(vectors.data));
      rows += vectors.rows;
    },
    async end() {
      await start();
      await sink.write(npyHeader(type, [rows, columns]), 0);
      await sink.end();
    },
    discard: () => sink.discard(),
  };
}

function numbers(values: MatrixData): string {
  if (!(values instanceof Float32Array)) return values.join(",");
  let text = "";
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    text += `${i > 0 ? "," : ""}${Number.isFinite(value) ? Number(value.toPrecision(9)) : "null"}`;
  }
  return text;
}

function bytesOf(data: MatrixData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
