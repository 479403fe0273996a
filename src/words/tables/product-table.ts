/**
 * A table in product-quantised form: one byte a piece of a row and, when asked, one byte for the row's length. A row is put together of
 * its pieces' centroids; products with a vector need no rows ("asymmetric distances" of Jégou et al. 2011).
 */
import { SemspaceError } from "../../errors.ts";
import { ProductQuantizer } from "../../matrix/index.ts";
import type { VectorTable } from "./vector-table.ts";

/** The lengths of the rows, quantised on their own. */
export interface QuantizedNorms {
  codes: Uint8Array;
  quantizer: ProductQuantizer;
}

export interface ProductTableOptions {
  /** Numbers that share a code. Default 2. */
  pieceLength?: number;
  /** Keeps each row's length apart from its direction, which costs a byte a row. */
  normalize?: boolean;
  /** Rows that centroids are learned from, at most. Default 65,536. */
  points?: number;
  seed?: number;
}

export class ProductTable implements VectorTable {
  readonly rows: number;
  readonly columns: number;
  /** [rows, pieces] */
  readonly codes: Uint8Array;
  readonly quantizer: ProductQuantizer;
  readonly norms: QuantizedNorms | undefined;

  /** Throws `mismatch` when codes, norms and quantizer do not belong together. */
  constructor(codes: Uint8Array, quantizer: ProductQuantizer, norms?: QuantizedNorms) {
    this.rows = codes.length / quantizer.pieces;
    if (!Number.isInteger(this.rows) || (norms && norms.codes.length !== this.rows)) {
      throw new SemspaceError("mismatch", `${codes.length} codes are no rows of ${quantizer.pieces} with a norm each.`);
    }
    this.columns = quantizer.dimensions;
    this.codes = codes;
    this.quantizer = quantizer;
    this.norms = norms;
  }

  /** Quantises rows, [rows, columns] row-major; with `normalize` they are overwritten by their directions. */
  static from(rows: Float32Array, columns: number, options: ProductTableOptions = {}): ProductTable {
    const { pieceLength = 2, normalize = false, seed = 1234, points } = options;
    let norms: QuantizedNorms | undefined;
    if (normalize) {
      const lengths = takeLengths(rows, columns);
      const quantizer = ProductQuantizer.train(lengths, 1, { pieceLength: 1, seed, points });
      norms = { codes: quantizer.encode(lengths), quantizer };
    }
    const quantizer = ProductQuantizer.train(rows, columns, { pieceLength, seed, points });
    return new ProductTable(quantizer.encode(rows), quantizer, norms);
  }

  row(i: number): Float32Array {
    const row = new Float32Array(this.columns);
    this.addRow(i, row, 1);
    return row;
  }

  addRow(i: number, target: Float32Array, scale: number): void {
    this.quantizer.add(this.codes, i * this.quantizer.pieces, { target, scale: scale * this.#norm(i) });
  }

  dotRow(i: number, vector: Float32Array): number {
    return this.#norm(i) * this.quantizer.dot(this.codes, i * this.quantizer.pieces, vector);
  }

  /** By looking up the products of the query's pieces with the centroids: one addition a piece. */
  dots(query: ArrayLike<number>, from: number, out: Float32Array): void {
    this.quantizer.dots(this.codes, this.quantizer.products(query), { from, out });
    if (!this.norms) return;
    const { codes, quantizer } = this.norms;
    for (let i = 0; i < out.length; i += 1) out[i] *= quantizer.centroids[codes[from + i]];
  }

  #norm(i: number): number {
    return this.norms ? this.norms.quantizer.centroids[this.norms.codes[i]] : 1;
  }
}

/** Scales each row to length 1 and gives the lengths; a row of zeros stays. */
function takeLengths(rows: Float32Array, columns: number): Float32Array {
  const lengths = new Float32Array(rows.length / columns);
  for (let i = 0, at = 0; i < lengths.length; i += 1, at += columns) {
    let sum = 0;
    for (let k = at; k < at + columns; k += 1) sum += rows[k] * rows[k];
    lengths[i] = Math.sqrt(sum);
    if (lengths[i] > 0) for (let k = at; k < at + columns; k += 1) rows[k] /= lengths[i];
  }
  return lengths;
}
