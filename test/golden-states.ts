/** What a checkpoint of test/golden gives, and how states are compared with those of the reference; for Node and the browser. */
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

/** The vectors at these places of a row-major matrix. */
export function vectorsAt(data: Float32Array, width: number, places: readonly number[]): Float32Array {
  const vectors = new Float32Array(places.length * width);
  for (const [i, place] of places.entries()) vectors.set(data.subarray(place * width, (place + 1) * width), i * width);
  return vectors;
}
