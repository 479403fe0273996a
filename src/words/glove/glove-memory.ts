/** Where everything lies in the memory that the lanes of a GloVe training share; assembly/glove-places.ts names the parameters. */
import type { Matrix } from "../../matrix/index.ts";
import { MemoryPlaces } from "../training/memory-places.ts";
import { CHUNK } from "./cells.ts";
import { randomNumbers } from "./random.ts";

const PARAMETERS = 64;

export interface GloveShape {
  words: number;
  dimensions: number;
  lanes: number;
  /** Whether words have given vectors that they are held near. */
  anchored?: boolean;
}

/** Byte addresses and sizes. */
export interface GloveLayout {
  /** A row: vector, its squared gradients (each padded to four), bias, its squared gradients; up to a line of the cache. */
  rowBytes: number;
  vectorBytes: number;
  /** All rows of the words, then all of the contexts. */
  rows: number;
  parameters: number;
  /** Given vectors, [words, vectorBytes]; 0 without. */
  anchors: number;
  /** A chunk of cells for each lane. */
  cells: readonly number[];
  bytes: number;
}

export function gloveLayout({ words, dimensions, lanes, anchored = false }: GloveShape): GloveLayout {
  const places = new MemoryPlaces();
  const place = (bytes: number): number => places.take(bytes);
  const vectorBytes = Math.ceil(dimensions / 4) * 16;
  const rowBytes = Math.ceil((2 * vectorBytes + 8) / 64) * 64;
  const parameters = place(PARAMETERS);
  const cells = Array.from({ length: lanes }, () => place(CHUNK * 8));
  const rows = place(2 * words * rowBytes);
  const anchors = anchored ? place(words * vectorBytes) : 0;
  return { rowBytes, vectorBytes, rows, parameters, anchors, cells, bytes: places.bytes };
}

/** What the kernel is told. */
export interface GloveRates {
  learningRate: number;
  /** What the bias's gradient is multiplied by. */
  biasRate: number;
  clip: number;
  xMax: number;
  alpha: number;
}

export function fillGloveMemory(
  memory: WebAssembly.Memory,
  { shape, layout, rates }: { shape: GloveShape; layout: GloveLayout; rates: GloveRates },
): void {
  const { rowBytes, vectorBytes, rows, parameters } = layout;
  const contexts = rows + shape.words * rowBytes;
  new Uint32Array(memory.buffer, parameters, 4).set([rows, contexts, rowBytes, vectorBytes]);
  const { learningRate, biasRate, clip, xMax, alpha } = rates;
  new Float32Array(memory.buffer, parameters + 16, 5).set([learningRate, biasRate, clip, alpha, Math.log(xMax)]);
  new Uint32Array(memory.buffer, parameters + 36, 1)[0] = layout.anchors;
}

/** Writes the given vectors, [words, dimensions]; a row of NaN is none. */
export function putAnchors(memory: WebAssembly.Memory, layout: GloveLayout, anchors: Matrix): void {
  for (let row = 0; row < anchors.rows; row += 1) {
    new Float32Array(memory.buffer, layout.anchors + row * layout.vectorBytes, anchors.columns).set(anchors.row(row));
  }
}

/** Everything that a GloVe training learns, word sides first, then context sides; each [2 × words, …], row-major. */
export interface GloveParameters {
  /** [2 × words, dimensions]. */
  vectors: Float32Array;
  /** Sums of squared gradients, [2 × words, dimensions]. */
  squares: Float32Array;
  /** Bias and its sum of squared gradients, [2 × words, 2]. */
  biases: Float32Array;
}

export interface GlovePlaces {
  layout: GloveLayout;
  dimensions: number;
  words: number;
}

/** Random parameters, even within ±0.5 / dimensions, biases too; sums of squares are 1 (glove.c). */
export function putRandom(memory: WebAssembly.Memory, { layout, dimensions, words }: GlovePlaces, seed: number): void {
  const random = randomNumbers(seed);
  const floats = layout.vectorBytes / 4;
  const row = (i: number): Float32Array =>
    new Float32Array(memory.buffer, layout.rows + i * layout.rowBytes, 2 * floats + 2);
  for (let i = 0; i < 2 * words; i += 1) {
    const to = row(i);
    for (let d = 0; d < dimensions; d += 1) to[d] = (random() - 0.5) / dimensions;
    // Padding too: a vector's 0 stays 0, and its sum of squares must not be 0.
    to.fill(1, floats, 2 * floats);
  }
  for (let i = 0; i < 2 * words; i += 1) row(i).set([(random() - 0.5) / dimensions, 1], 2 * floats);
}

/** Puts half of each given vector into either side, so that their sum is the vector. */
export function startAtAnchors(memory: WebAssembly.Memory, { layout, words }: GlovePlaces, anchors: Matrix): void {
  for (let i = 0; i < words; i += 1) {
    const half = anchors.row(i).map((value) => value / 2);
    if (Number.isNaN(half[0])) continue;
    for (const row of [i, words + i]) {
      new Float32Array(memory.buffer, layout.rows + row * layout.rowBytes, half.length).set(half);
    }
  }
}

/** Writes the parameters of the first words of both sides, as many as there are. */
export function putParameters(
  memory: WebAssembly.Memory,
  { layout, dimensions, words }: GlovePlaces,
  { vectors, squares, biases }: GloveParameters,
): void {
  const floats = layout.vectorBytes / 4;
  const known = biases.length / 4;
  for (let from = 0; from < 2 * known; from += 1) {
    const row = from < known ? from : words + from - known;
    const to = new Float32Array(memory.buffer, layout.rows + row * layout.rowBytes, 2 * floats + 2);
    to.fill(1, floats, 2 * floats);
    to.set(vectors.subarray(from * dimensions, (from + 1) * dimensions));
    to.set(squares.subarray(from * dimensions, (from + 1) * dimensions), floats);
    to.set(biases.subarray(from * 2, from * 2 + 2), 2 * floats);
  }
}

/** A copy of all parameters. */
export function takeParameters(
  memory: WebAssembly.Memory,
  { layout, dimensions, words }: GlovePlaces,
): GloveParameters {
  const rows = 2 * words;
  const floats = layout.vectorBytes / 4;
  const taken: GloveParameters = {
    vectors: new Float32Array(rows * dimensions),
    squares: new Float32Array(rows * dimensions),
    biases: new Float32Array(rows * 2),
  };
  for (let row = 0; row < rows; row += 1) {
    const from = new Float32Array(memory.buffer, layout.rows + row * layout.rowBytes, 2 * floats + 2);
    taken.vectors.set(from.subarray(0, dimensions), row * dimensions);
    taken.squares.set(from.subarray(floats, floats + dimensions), row * dimensions);
    taken.biases.set(from.subarray(2 * floats), row * 2);
  }
  return taken;
}
