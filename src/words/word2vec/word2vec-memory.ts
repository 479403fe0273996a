/** Where everything lies in the memory that the lanes of a word2vec training share; assembly/word2vec-places.ts names the parameters. */
import { MemoryPlaces } from "../training/memory-places.ts";
import { type HuffmanCodes } from "./huffman.ts";

/** Ids that a lane trains on at once; the learning rate falls from block to block. */
export const BLOCK = 16_384;
const PARAMETERS = 128;
const GROUP = 96;

export interface Word2VecShape {
  words: number;
  dimensions: number;
  window: number;
  negative: number;
  /** Steps of the longest way through the tree; 0 without hierarchical softmax. */
  longestCode: number;
  /** Steps of all ways. */
  codeSteps: number;
  lanes: number;
  /** Every lane has vectors of its own, which are brought together now and then. */
  replicas: boolean;
}

/** Byte addresses. */
export interface Word2VecLayout {
  rowBytes: number;
  /** All vectors in a row: input, output, tree. */
  matrices: number;
  /** Bytes of all vectors. */
  matricesBytes: number;
  keep: number;
  alias: number;
  codes: number;
  lanes: readonly LaneLayout[];
  /** Bytes of the whole memory. */
  bytes: number;
}

export interface LaneLayout {
  parameters: number;
  ids: number;
  kept: number;
  contexts: number;
  groups: number;
  rows: number;
  drawn: number;
  /** This lane's vectors, or the common ones. */
  matrices: number;
}

export function word2VecLayout(shape: Word2VecShape): Word2VecLayout {
  const { words, dimensions, window, negative, longestCode, codeSteps } = shape;
  const places = new MemoryPlaces();
  const place = (bytes: number): number => places.take(bytes);
  const rowBytes = Math.ceil(dimensions / 4) * 16;
  const matricesBytes = words * rowBytes * (1 + Number(negative > 0) + Number(longestCode > 0));
  const matrices = place(matricesBytes);
  const keep = place(words * 4);
  const alias = place(words * 8);
  const codes = place((words + 1 + codeSteps) * 4);
  const groups = Math.ceil((1 + negative + longestCode) / 6);
  const lanes = Array.from({ length: shape.lanes }, () => ({
    parameters: place(PARAMETERS),
    ids: place(BLOCK * 4),
    kept: place(BLOCK * 4),
    contexts: place(window * 16),
    groups: place(groups * GROUP),
    rows: place(rowBytes * 5),
    drawn: place(negative * 4),
    matrices: shape.replicas ? place(matricesBytes) : matrices,
  }));
  return { rowBytes, matrices, matricesBytes, keep, alias, codes, lanes, bytes: places.bytes };
}

export interface Word2VecTables {
  keep: Uint32Array;
  alias: Uint32Array;
  codes: HuffmanCodes | undefined;
  cbow: boolean;
  /** CBOW's error is divided by the number of context words. */
  divide: boolean;
}

/** Writes the tables and the parameters of every lane. */
export function fillWord2VecMemory(
  memory: WebAssembly.Memory,
  { shape, layout, tables }: { shape: Word2VecShape; layout: Word2VecLayout; tables: Word2VecTables },
): void {
  const { words, window, negative } = shape;
  const { buffer } = memory;
  new Uint32Array(buffer, layout.keep, words).set(tables.keep);
  new Uint32Array(buffer, layout.alias, words * 2).set(tables.alias);
  if (tables.codes) {
    const codes = new Uint32Array(buffer, layout.codes);
    codes.set(tables.codes.starts);
    codes.set(tables.codes.steps, words + 1);
  }
  for (const lane of layout.lanes) {
    const output = lane.matrices + words * layout.rowBytes;
    const tree = negative > 0 ? output + words * layout.rowBytes : output;
    const { rowBytes, keep, alias } = layout;
    const codes = tables.codes ? layout.codes : 0;
    const nothing = lane.rows + 4 * rowBytes;
    new Uint32Array(buffer, lane.parameters, PARAMETERS / 4).set([
      ...[lane.matrices, output, tree, rowBytes, keep, alias, words, negative, window, codes],
      ...[Number(tables.cbow), Number(tables.divide), lane.kept, lane.contexts, lane.groups],
      ...[lane.rows, nothing, lane.drawn],
    ]);
  }
}

/** What the kernel has left in a lane's parameters: the sum of the losses in nats, and of how many predictions. */
export function readLoss(memory: WebAssembly.Memory, parameters: number): { loss: number; losses: number } {
  const view = new DataView(memory.buffer, parameters, PARAMETERS);
  const loss = -(Math.log(view.getFloat64(72, true)) + view.getInt32(80, true) * Math.LN2);
  return { loss, losses: view.getInt32(84, true) };
}

/** Copies a matrix of `rows` rows at `address` out of the memory, without the rows' padding. */
export function copyRows(
  memory: WebAssembly.Memory,
  address: number,
  { rows, dimensions }: { rows: number; dimensions: number },
): Float32Array<ArrayBuffer> {
  const stride = Math.ceil(dimensions / 4) * 4;
  const from = new Float32Array(memory.buffer, address, rows * stride);
  const to = new Float32Array(rows * dimensions);
  for (let i = 0; i < rows; i += 1) to.set(from.subarray(i * stride, i * stride + dimensions), i * dimensions);
  return to;
}

/** The reverse of {@link copyRows}. */
export function putRows(
  memory: WebAssembly.Memory,
  address: number,
  { data, dimensions }: { data: Float32Array; dimensions: number },
): void {
  const stride = Math.ceil(dimensions / 4) * 4;
  const rows = data.length / dimensions;
  const to = new Float32Array(memory.buffer, address, rows * stride);
  for (let i = 0; i < rows; i += 1) to.set(data.subarray(i * dimensions, (i + 1) * dimensions), i * stride);
}
