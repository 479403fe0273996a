/** Writes rows as the files of one segment, each of them durable before the manifest names it. */
import { joinLocation, writeDurably } from "#platform";
import { crc32, writeSafetensors } from "../../formats/index.ts";
import { buildPostings } from "../lexical/postings.ts";
import type { TermReader } from "../lexical/terms.ts";
import type { SegmentRecord } from "../segments/segment.ts";
import type { KeptRow } from "../vectors/row-codes.ts";
import { writePostings } from "./postings-file.ts";
import type { FileEntry, SegmentEntry } from "./manifest.ts";

export interface RowToWrite extends SegmentRecord {
  id: string;
  kept: KeptRow;
}

export interface SegmentTarget {
  path: string;
  /** Names the segment's files. */
  name: string;
  dimensions: number;
  isFloat: boolean;
  terms: TermReader;
}

export async function writeSegment(rows: readonly RowToWrite[], target: SegmentTarget): Promise<SegmentEntry> {
  const { name, terms } = target;
  const file = (ending: string, bytes: Uint8Array): Promise<FileEntry> =>
    writeFile(target.path, `${name}.${ending}`, bytes);
  const { vectors, scales, sums } = vectorColumns(rows, target);
  const { texts, places, textSums } = textColumns(rows);
  const count = rows.length;
  const { dimensions, isFloat } = target;
  const entry = {
    name,
    rows: count,
    vectors: await file(
      "vectors.safetensors",
      writeSafetensors({ vectors: { dtype: isFloat ? "F32" : "I8", shape: [count, dimensions], data: vectors } }),
    ),
    places: await file(
      "places.safetensors",
      writeSafetensors({
        texts: { dtype: "F64", shape: [count, 2], data: places },
        text_crc32: { dtype: "U32", shape: [count], data: textSums },
        vector_crc32: { dtype: "U32", shape: [count], data: sums },
        ...(!isFloat && { scales: { dtype: "F32", shape: [count], data: scales } }),
      }),
    ),
    ids: await file("ids.json", lines(rows.map(({ id }) => id))),
  };
  const hasText = rows.some(({ text }) => text !== undefined);
  const hasMetadata = rows.some(({ metadata }) => metadata !== undefined);
  const postings = hasText
    ? buildPostings(
        rows.map(({ text }) => text ?? ""),
        terms,
      )
    : undefined;
  return {
    ...entry,
    ...(hasText && { texts: await file("texts.txt", texts) }),
    ...(hasMetadata && { metadata: await file("metadata.json", lines(rows.map(({ metadata }) => metadata ?? null))) }),
    ...(postings && { terms: await file("terms.safetensors", writePostings(postings)) }),
  };
}

export async function writeFile(path: string, file: string, bytes: Uint8Array): Promise<FileEntry> {
  await writeDurably(joinLocation(path, file), bytes);
  return { file, bytes: bytes.length, crc32: crc32(bytes) };
}

/** A JSON array with a value a line, for people and for `head`. */
function lines(values: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(`[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]\n`);
}

function vectorColumns(
  rows: readonly RowToWrite[],
  { dimensions, isFloat }: SegmentTarget,
): { vectors: Float32Array | Int8Array; scales: Float32Array; sums: Uint32Array } {
  const length = rows.length * dimensions;
  const vectors = isFloat ? new Float32Array(length) : new Int8Array(length);
  const scales = new Float32Array(rows.length);
  const sums = new Uint32Array(rows.length);
  for (const [i, { kept }] of rows.entries()) {
    const { numbers, scale } = kept;
    vectors.set(numbers, i * dimensions);
    scales[i] = scale;
    sums[i] = crc32(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  return { vectors, scales, sums };
}

function textColumns(rows: readonly RowToWrite[]): { texts: Uint8Array; places: Float64Array; textSums: Uint32Array } {
  const places = new Float64Array(rows.length * 2).fill(-1);
  const textSums = new Uint32Array(rows.length);
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let end = 0;
  for (const [i, { text }] of rows.entries()) {
    if (text === undefined) continue;
    const bytes = encoder.encode(text);
    pieces.push(bytes);
    places[2 * i] = end;
    places[2 * i + 1] = end += bytes.length;
    textSums[i] = crc32(bytes);
  }
  const texts = new Uint8Array(end);
  let at = 0;
  for (const piece of pieces) {
    texts.set(piece, at);
    at += piece.length;
  }
  return { texts, places, textSums };
}
