/**
 * The keys and values of the columns that a decoder has seen, for every layer, in buffers with free places behind them. A graph reads
 * a buffer as it is, the mask leaves the free places out, and each call's own keys and values are written into them:
 * so a further token costs its own work, and nothing that was seen is copied again, except when the buffers grow.
 */
import type { TransformerConfig } from "../config.ts";
import type { SessionTensor } from "../session.ts";
import { pastName, presentName } from "./decoder-graph.ts";

/** Columns by which the buffers grow: a few, since a graph also computes what it then leaves out. */
const growth = 128;

const parts = ["key", "value"] as const;

export class KeyValueCache {
  readonly #config: TransformerConfig;
  readonly #rows: number;
  /** By the name of the graph's input, [rows, heads of keys, places, head size], row-major. */
  readonly #buffers = new Map<string, Float32Array>();
  #mask: Int32Array;
  #places = 0;
  #columns = 0;

  /** Room for `rows` texts side by side. */
  constructor(config: TransformerConfig, rows: number) {
    this.#config = config;
    this.#rows = rows;
    this.#mask = new Int32Array();
    for (let layer = 0; layer < config.layers; layer += 1) {
      for (const part of parts) this.#buffers.set(pastName(layer, part), new Float32Array());
    }
    this.#grow(growth);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Columns seen. */
  get columns(): number {
    return this.#columns;
  }

  /** What a graph reads of the past, by the names of its inputs. */
  get past(): Record<string, SessionTensor> {
    const { keyValueHeads, headSize } = this.#config;
    const shape = [this.#rows, keyValueHeads, this.#places, headSize];
    return Object.fromEntries([...this.#buffers].map(([name, data]) => [name, { type: "float32", data, shape }]));
  }

  /** The mask of the past, free places left out, with that of further columns behind it: [rows, places + columns]. */
  maskWith(mask: Int32Array): Int32Array {
    return besides(this.#mask, mask, this.#rows);
  }

  /** Takes the keys and values of `mask.length / rows` further columns from a graph's outputs. */
  add(outputs: Readonly<Record<string, SessionTensor>>, mask: Int32Array): void {
    const columns = mask.length / this.#rows;
    const { keyValueHeads, headSize, layers } = this.#config;
    if (this.#columns + columns > this.#places) this.#grow(this.#columns + columns);
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of parts) {
        const own = outputs[presentName(layer, part)].data as Float32Array;
        const buffer = this.#buffers.get(pastName(layer, part))!;
        for (let head = 0; head < this.#rows * keyValueHeads; head += 1) {
          const piece = own.subarray(head * columns * headSize, (head + 1) * columns * headSize);
          buffer.set(piece, (head * this.#places + this.#columns) * headSize);
        }
      }
    }
    for (let row = 0; row < this.#rows; row += 1) {
      this.#mask.set(mask.subarray(row * columns, (row + 1) * columns), row * this.#places + this.#columns);
    }
    this.#columns += columns;
  }

  /** Makes places for `columns` and some more. */
  #grow(columns: number): void {
    const places = Math.ceil(columns / growth) * growth;
    const more = places - this.#places;
    const { keyValueHeads, headSize } = this.#config;
    const heads = this.#rows * keyValueHeads;
    for (const [name, data] of this.#buffers) {
      const larger = new Float32Array(heads * places * headSize);
      const length = this.#places * headSize;
      for (let head = 0; head < heads; head += 1) {
        larger.set(data.subarray(head * length, (head + 1) * length), head * places * headSize);
      }
      this.#buffers.set(name, larger);
    }
    this.#mask = besides(this.#mask, new Int32Array(this.#rows * more), this.#rows);
    this.#places = places;
  }
}

/** The columns of `a` and then those of `b`, row by row. */
function besides(a: Int32Array, b: Int32Array, rows: number): Int32Array {
  const [left, right] = [a.length / rows, b.length / rows];
  const both = new Int32Array(a.length + b.length);
  for (let row = 0; row < rows; row += 1) {
    both.set(a.subarray(row * left, (row + 1) * left), row * (left + right));
    both.set(b.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return both;
}
