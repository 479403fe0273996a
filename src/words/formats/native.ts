/**
 * This package's own file of word vectors, one safetensors file: `vectors` F32 [words, dimensions], or `codes` I8 and `scales` F32 for a
 * table of one byte a number; `words` U8 (UTF-8, one after the other), `wordEnds` I32 (where each ends); `counts` F64 where they are known.
 */
import { SemspaceError } from "../../errors.ts";
import { openSafetensors, type SafetensorsFile } from "../../formats/safetensors.ts";
import { type TensorToWrite, writeSafetensors } from "../../formats/safetensors-writer.ts";
import { Matrix } from "../../matrix/index.ts";
import { Int8Table } from "../tables/int8-table.ts";
import type { VectorTable } from "../tables/vector-table.ts";
import { WordVectors } from "../word-vectors.ts";
import type { ReadOptions } from "./text-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

/** Throws `invalid-file`, or `mismatch` for a safetensors file without words and vectors. */
export async function readNative(file: VectorFile, { limit = Infinity }: ReadOptions = {}): Promise<WordVectors> {
  const bytes = await file.bytes();
  const source = {
    name: file.name,
    read: (_: string, range?: { offset: number; length: number }) =>
      Promise.resolve(range ? bytes.subarray(range.offset, range.offset + range.length) : bytes),
    size: () => Promise.resolve(bytes.length),
  };
  const tensors = await openSafetensors(source, "word vectors");
  const words = await readWords(tensors, limit);
  const table = await readTable(tensors, words.length);
  const counts = tensors.tensors.has("counts")
    ? float64(await tensors.readBytes("counts")).subarray(0, words.length)
    : undefined;
  return new WordVectors(words, table, { counts });
}

async function readWords(tensors: SafetensorsFile, limit: number): Promise<string[]> {
  const [bytes, ends] = [await tensors.readBytes("words"), await tensors.readInt32("wordEnds")];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const words: string[] = [];
  let start = 0;
  for (const end of ends.subarray(0, limit)) {
    if (end < start || end > bytes.length) {
      throw new SemspaceError(
        "invalid-file",
        `${tensors.name}: word ${words.length + 1} ends at byte ${end} of ${bytes.length}.`,
      );
    }
    words.push(decoder.decode(bytes.subarray(start, end)));
    start = end;
  }
  return words;
}

async function readTable(tensors: SafetensorsFile, rows: number): Promise<VectorTable> {
  const quantized = tensors.tensors.has("codes");
  const { shape } = tensors.tensor(quantized ? "codes" : "vectors");
  const [all, columns] = shape;
  if (shape.length !== 2 || all < rows) {
    throw new SemspaceError(
      "invalid-file",
      `${tensors.name} has ${rows} words and vectors of the shape ${shape.join(" x ")}.`,
    );
  }
  if (!quantized) {
    return new Matrix((await tensors.readFloat32("vectors")).subarray(0, rows * columns), rows, columns);
  }
  const codes = await tensors.readBytes("codes");
  const scales = await tensors.readFloat32("scales");
  return new Int8Table(
    new Int8Array(codes.buffer, codes.byteOffset, rows * columns),
    scales.subarray(0, rows),
    columns,
  );
}

/** The bytes of the file. */
export function nativeBytes(vectors: WordVectors): Uint8Array {
  const { table, words, counts } = vectors;
  const encoder = new TextEncoder();
  const encoded = words.map((word) => encoder.encode(word));
  const wordEnds = new Int32Array(words.length);
  let length = 0;
  for (const [i, word] of encoded.entries()) wordEnds[i] = length += word.length;
  const text = new Uint8Array(length);
  for (const [i, word] of encoded.entries()) text.set(word, wordEnds[i] - word.length);
  const shape = [table.rows, table.columns];
  const numbers: Record<string, TensorToWrite> =
    table instanceof Int8Table
      ? {
          codes: { dtype: "I8", shape, data: table.codes },
          scales: { dtype: "F32", shape: [table.rows], data: table.scales },
        }
      : { vectors: { dtype: "F32", shape, data: vectors.vectors.data } };
  return writeSafetensors(
    {
      ...numbers,
      words: { dtype: "U8", shape: [length], data: text },
      wordEnds: { dtype: "I32", shape: [words.length], data: wordEnds },
      ...(counts && { counts: { dtype: "F64" as const, shape: [words.length], data: Float64Array.from(counts) } }),
    },
    { format: "semspace word vectors 1" },
  );
}

function float64(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}
