/**
 * Co-occurrence cells as they lie in memory and on disk: two int32 each, row within its block of 512 rows << 23 | column, and
 * the bits of the count as float32. Cells are kept in chunks, the unit in which they are shuffled and trained.
 */
import type { IdPlace } from "../corpus/id-store.ts";

/** Rows of a block, columns of a tile. */
export const BLOCK_ROWS = 512;
/** Bits of a column. */
export const COLUMN_BITS = 23;
/** More words cannot be numbered in a cell. */
export const MOST_WORDS: number = 2 ** COLUMN_BITS;
/** Cells of a chunk at most: what stays in a core's cache with the rows that it touches. */
export const CHUNK = 8192;
/** Int32 numbers that describe a chunk: its store, first cell, number of cells, block of rows. */
export const CHUNK_FIELDS = 4;

/** Chunks of cells in one or more stores; a structured clone of it shares the memory. */
export interface CellChunks {
  places: readonly IdPlace[];
  /** {@link CHUNK_FIELDS} numbers a chunk, by block of rows. */
  fields: Uint32Array;
}

/** Collects the chunks of one store while tiles are appended to it: small tiles of the same rows share one, large ones are cut. */
export class ChunkList {
  readonly fields: number[] = [];
  readonly #store: number;

  constructor(store: number) {
    this.#store = store;
  }

  /** Adds `count` cells that begin at cell `first` of the store. */
  addTile(block: number, first: number, count: number): void {
    const last = this.fields.length - CHUNK_FIELDS;
    const joins = last >= 0 && this.fields[last + 3] === block && this.fields[last + 2] + count <= CHUNK;
    if (joins) {
      this.fields[last + 2] += count;
      return;
    }
    const pieces = Math.ceil(count / CHUNK);
    for (let i = 0; i < pieces; i += 1) {
      const from = Math.floor((count * i) / pieces);
      this.fields.push(this.#store, first + from, Math.floor((count * (i + 1)) / pieces) - from, block);
    }
  }
}

/** Brings the lanes' chunks together, by block of rows: the same order whichever lane has made which. */
export function sortChunks(lists: readonly (readonly number[])[]): Uint32Array<ArrayBuffer> {
  const chunks: (readonly number[])[] = [];
  for (const fields of lists) {
    for (let at = 0; at < fields.length; at += CHUNK_FIELDS) chunks.push(fields.slice(at, at + CHUNK_FIELDS));
  }
  chunks.sort((a, b) => a[3] - b[3]);
  return Uint32Array.from(chunks.flat());
}
