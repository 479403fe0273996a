/**
 * Product quantisation (Jégou et al. 2011) as fastText.zip does it (Joulin et al. 2016): a vector is cut into pieces of
 * `pieceLength` numbers, and each piece is the number, 0 … 255, of the nearest of 256 centroids found by 25 rounds of k-means.
 *
 * What differs from fastText: the random numbers are this package's own, so codes are as good but not the same; with fewer rows
 * than 256 centroids the rows themselves are the centroids.
 */
import { SemspaceError } from "../errors.ts";
import { CENTROIDS, cluster, CentroidSearch } from "./centroids.ts";
import { randomNumbers } from "./random-numbers.ts";

/** Rows that centroids are learned from, at most. */
const MOST_POINTS = 65_536;

export class ProductQuantizer {
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** Pieces in a vector, which is the bytes of its code. */
  readonly pieces: number;
  readonly pieceLength: number;
  readonly lastPieceLength: number;
  /** Centroid j of piece m: `pieceLength` numbers from (m × 256 + j) × pieceLength; of the last piece `lastPieceLength` from m × 256 × pieceLength + j × lastPieceLength. */
  readonly centroids: Float32Array;

  constructor(
    dimensions: number,
    pieceLength: number,
    centroids: Float32Array = new Float32Array(dimensions * CENTROIDS),
  ) {
    this.dimensions = dimensions;
    this.pieceLength = pieceLength;
    this.pieces = Math.ceil(dimensions / pieceLength);
    this.lastPieceLength = dimensions % pieceLength || pieceLength;
    if (centroids.length !== dimensions * CENTROIDS) {
      const message = `${dimensions} dimensions need ${dimensions * CENTROIDS} numbers of centroids, got ${centroids.length}.`;
      throw new SemspaceError("mismatch", message);
    }
    this.centroids = centroids;
  }

  /** Learns centroids from rows, row-major [rows, dimensions]; for each piece from `points` of them, drawn by the seed. */
  static train(
    rows: Float32Array,
    dimensions: number,
    {
      pieceLength,
      seed,
      points: most = MOST_POINTS,
    }: { pieceLength: number; seed: number; points?: number | undefined },
  ): ProductQuantizer {
    const quantizer = new ProductQuantizer(dimensions, pieceLength);
    const count = rows.length / dimensions;
    const random = randomNumbers(seed);
    const points = Math.min(count, most);
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let m = 0; m < quantizer.pieces; m += 1) {
      shuffle(order, random);
      const length = quantizer.lengthOf(m);
      const slice = new Float32Array(points * length);
      for (let i = 0; i < points; i += 1) {
        const from = order[i] * dimensions + m * pieceLength;
        slice.set(rows.subarray(from, from + length), i * length);
      }
      const at = m * CENTROIDS * pieceLength;
      cluster(slice, quantizer.centroids.subarray(at, at + CENTROIDS * length), { length, random });
    }
    return quantizer;
  }

  lengthOf(piece: number): number {
    return piece === this.pieces - 1 ? this.lastPieceLength : this.pieceLength;
  }

  /** Where a centroid begins in `centroids`. */
  centroidAt(piece: number, code: number): number {
    return piece * CENTROIDS * this.pieceLength + code * this.lengthOf(piece);
  }

  /** The codes of rows, [rows, pieces]. */
  encode(rows: Float32Array): Uint8Array {
    const count = rows.length / this.dimensions;
    const codes = new Uint8Array(count * this.pieces);
    for (let m = 0; m < this.pieces; m += 1) {
      const length = this.lengthOf(m);
      const at = this.centroidAt(m, 0);
      const search = new CentroidSearch(this.centroids.subarray(at, at + CENTROIDS * length), length);
      for (let i = 0; i < count; i += 1) {
        codes[i * this.pieces + m] = search.nearest(rows, i * this.dimensions + m * this.pieceLength);
      }
    }
    return codes;
  }

  /** Adds `scale` × the vector of a code, which begins at `codes[at]`. */
  add(codes: Uint8Array, at: number, { target, scale }: { target: Float32Array; scale: number }): void {
    for (let m = 0, k = 0; m < this.pieces; m += 1) {
      let from = this.centroidAt(m, codes[at + m]);
      for (const end = k + this.lengthOf(m); k < end; k += 1, from += 1) target[k] += scale * this.centroids[from];
    }
  }

  dot(codes: Uint8Array, at: number, vector: Float32Array): number {
    let sum = 0;
    for (let m = 0, k = 0; m < this.pieces; m += 1) {
      let from = this.centroidAt(m, codes[at + m]);
      for (const end = k + this.lengthOf(m); k < end; k += 1, from += 1) sum += vector[k] * this.centroids[from];
    }
    return sum;
  }

  /** The products of a vector's pieces with all their centroids, [pieces, 256]: with them a row's product is one number a piece, looked up and added. */
  products(vector: ArrayLike<number>): Float64Array {
    const products = new Float64Array(this.pieces * CENTROIDS);
    for (let m = 0; m < this.pieces; m += 1) {
      const length = this.lengthOf(m);
      let at = this.centroidAt(m, 0);
      for (let j = 0; j < CENTROIDS; j += 1) {
        let sum = 0;
        for (let k = 0; k < length; k += 1, at += 1) sum += vector[m * this.pieceLength + k] * this.centroids[at];
        products[m * CENTROIDS + j] = sum;
      }
    }
    return products;
  }

  /** Writes the products of the rows `from …` with the vector whose {@link products} are given, one a row, until `out` is full. */
  dots(codes: Uint8Array, products: Float64Array, { from, out }: { from: number; out: Float32Array }): void {
    const { pieces } = this;
    // Four sums at a time, so that an addition need not wait for the one before it.
    const whole = pieces - (pieces % 4);
    let at = from * pieces;
    for (let i = 0; i < out.length; i += 1) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let m = 0;
      for (; m < whole; m += 4, at += 4) {
        const base = m * CENTROIDS;
        s0 += products[base + codes[at]];
        s1 += products[base + CENTROIDS + codes[at + 1]];
        s2 += products[base + 2 * CENTROIDS + codes[at + 2]];
        s3 += products[base + 3 * CENTROIDS + codes[at + 3]];
      }
      for (; m < pieces; m += 1, at += 1) s0 += products[m * CENTROIDS + codes[at]];
      out[i] = s0 + s1 + (s2 + s3);
    }
  }
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const value = order[i];
    order[i] = order[j];
    order[j] = value;
  }
}
