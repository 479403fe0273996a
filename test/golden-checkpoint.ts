/** Checkpoints made by test/golden/encoders.py and decoders.py: what they hold, and how states are compared with those of the reference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../src/formats/index.ts";
import { openFolder } from "../src/hub/folder.ts";
import type { TokenBatch } from "../src/transformers/index.ts";
import { floatsOfBase64 } from "./base64.ts";

/** Values of real tokens, row by row, are float32 in base64. */
export interface GoldenCheckpoint {
  name: string;
  ids: number[];
  mask: number[];
  types?: number[];
  rows: number;
  columns: number;
  hidden: string;
  /** Hidden states after the first block. */
  layer?: string;
  /** The embeddings. */
  embedded?: string;
  /** Of the second block, for the last token of each row: [rows, heads, columns]. */
  attention?: string;
}

/** Folder of a fixture; `family` is the name of the script that made it. */
export function checkpointFolder(family: string, name = ""): string {
  return join(import.meta.dirname, "golden", family, name);
}

export function readGolden<T extends GoldenCheckpoint>(family: string): T[] {
  return JSON.parse(readFileSync(join(checkpointFolder(family), "expected.json"), "utf8")) as T[];
}

export function batchOf({ ids, mask, types, rows, columns }: GoldenCheckpoint): TokenBatch {
  return {
    ids: Int32Array.from(ids),
    attentionMask: Int32Array.from(mask),
    typeIds: types && Int32Array.from(types),
    rows,
    columns,
  };
}

/** Largest difference, as a part of the largest value expected; Infinity for another length. */
export function difference(got: Float32Array, expected: Float32Array): number {
  if (got.length !== expected.length) return Infinity;
  let largest = 0;
  let scale = 0;
  for (let i = 0; i < got.length; i++) {
    if (Number.isNaN(got[i])) return Infinity;
    largest = Math.max(largest, Math.abs(got[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return largest / scale;
}

/** {@link difference} of the vectors of real tokens, out of those of all columns. */
export function tokenDifference(golden: GoldenCheckpoint, data: Float32Array, expected: string): number {
  const width = data.length / golden.mask.length;
  const places = golden.mask.flatMap((value, i) => (value ? [i] : []));
  return difference(vectorsAt(data, width, places), floatsOfBase64(expected));
}

/** {@link difference} of the attention of the last token of each row. */
export function attentionDifference(golden: GoldenCheckpoint, data: Float32Array, expected: string): number {
  const { mask, rows, columns } = golden;
  const heads = data.length / (rows * columns * columns);
  const places = Array.from({ length: rows * heads }, (_, i) => {
    const row = Math.floor(i / heads);
    const last = mask.lastIndexOf(1, (row + 1) * columns - 1) % columns;
    return i * columns + last;
  });
  return difference(vectorsAt(data, columns, places), floatsOfBase64(expected));
}

/** The vectors at these places of a row-major matrix. */
export function vectorsAt(data: Float32Array, width: number, places: readonly number[]): Float32Array {
  const vectors = new Float32Array(places.length * width);
  for (const [i, place] of places.entries()) vectors.set(data.subarray(place * width, (place + 1) * width), i * width);
  return vectors;
}

/** A fixture's files in memory, its tensors and its config.json changed. */
export async function changedCheckpoint(
  folder: string,
  change: (tensors: Record<string, TensorToWrite>) => void,
  config: Record<string, unknown> = {},
): Promise<Record<string, Uint8Array>> {
  const file = await openSafetensors(await openFolder(folder), "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [tensor, { dtype, shape }] of file.tensors)
    tensors[tensor] = { dtype, shape, data: await file.readBytes(tensor) };
  change(tensors);
  const parsed = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  return {
    "config.json": new TextEncoder().encode(JSON.stringify({ ...parsed, ...config })),
    "model.safetensors": writeSafetensors(tensors),
  };
}
