/** Where everything lies in the memory that the lanes of a co-occurrence count share; assembly/glove-count.ts names the parameters. */
import { MemoryPlaces } from "../training/memory-places.ts";
import { BLOCK_ROWS } from "./cells.ts";

const PARAMETERS = 64;

export interface CountShape {
  words: number;
  /** Ids of the text that are counted at once. */
  segment: number;
  window: number;
  symmetric: boolean;
  /** Neighbours count 1 / distance; else 1. */
  distanceWeighting: boolean;
  lanes: number;
}

/** Byte addresses. */
export interface CountLayout {
  /** The ids of a segment with `window` more on each side. */
  ids: number;
  /** For each word where its places begin, words + 1. */
  starts: number;
  /** The places of all words, as indices of `ids`. */
  places: number;
  /** The weight of each distance, window + 1. */
  weights: number;
  /** Blocks of rows, and of columns. */
  blocks: number;
  /** Cells that a lane's buffers hold; at least a row. */
  room: number;
  lanes: readonly CountLane[];
  bytes: number;
}

export interface CountLane {
  parameters: number;
  /** Sums of a row of words, or of a tile. */
  sums: number;
  /** Which sums are not zero. */
  touched: number;
  /** Cells as they are counted or read. */
  cells: number;
  /** Cells sorted or summed. */
  sorted: number;
  /** Where each block of columns ends in `sorted`. */
  ends: number;
}

export function countLayout(shape: CountShape): CountLayout {
  const { words, segment, window } = shape;
  const memory = new MemoryPlaces();
  const place = (bytes: number): number => memory.take(bytes);
  const blocks = Math.ceil(words / BLOCK_ROWS);
  const tile = BLOCK_ROWS * BLOCK_ROWS;
  const room = Math.max(tile * 2, words);
  const ids = place((segment + 2 * window) * 4);
  const starts = place((words + 1) * 4);
  const places = place(segment * 4);
  const weights = place((window + 1) * 8);
  const lanes = Array.from({ length: shape.lanes }, () => ({
    parameters: place(PARAMETERS),
    sums: place(Math.max(words, tile) * 8),
    touched: place(Math.max(words, tile) * 4),
    cells: place(room * 8),
    sorted: place(room * 8),
    ends: place(blocks * 4),
  }));
  return { ids, starts, places, weights, blocks, room, lanes, bytes: memory.bytes };
}

/** Writes the weights and the parameters of every lane. */
export function fillCountMemory(
  memory: WebAssembly.Memory,
  { shape, layout }: { shape: CountShape; layout: CountLayout },
): void {
  const { window, symmetric, distanceWeighting } = shape;
  const weights = new Float64Array(memory.buffer, layout.weights, window + 1);
  for (let d = 1; d <= window; d += 1) weights[d] = distanceWeighting ? 1 / d : 1;
  for (const lane of layout.lanes) {
    const values = [layout.ids, layout.weights, lane.sums, lane.touched, window, Number(symmetric)];
    new Uint32Array(memory.buffer, lane.parameters, values.length).set(values);
  }
}
