/** Directions of vectors in 16 bits a dimension: half of float32's memory, and cosines that differ by less than 0.00001. */

const CHUNK = 1 << 14;
const LARGEST = 32_767;

export class UnitCodes {
  readonly #dimensions: number;
  readonly #chunks: Int16Array[] = [];
  readonly #lengths: Float64Array[] = [];
  /** The vector that is compared with the rows. */
  readonly #held: Int16Array;
  #heldLength = 0;
  #size = 0;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#held = new Int16Array(dimensions);
  }

  /** Whether the held vector has no direction. */
  get isZero(): boolean {
    return this.#heldLength === 0;
  }

  /** Takes a vector to compare or keep; false for one without a direction, or with a value that is not finite. */
  hold(vector: Float32Array): boolean {
    let largest = 0;
    for (let i = 0; i < vector.length; i += 1) {
      const size = Math.abs(vector[i]);
      if (!(size <= largest)) largest = size;
    }
    this.#held.fill(0);
    this.#heldLength = 0;
    if (!(largest > 0) || largest === Infinity) return false;
    const scale = LARGEST / largest;
    let squares = 0;
    for (let i = 0; i < vector.length; i += 1) {
      const code = Math.round(vector[i] * scale);
      this.#held[i] = code;
      squares += code * code;
    }
    this.#heldLength = Math.sqrt(squares);
    return true;
  }

  /** Keeps the held vector as the next row. */
  keep(): void {
    const chunk = Math.floor(this.#size / CHUNK);
    const inside = this.#size % CHUNK;
    if (inside === 0) {
      this.#chunks.push(new Int16Array(CHUNK * this.#dimensions));
      this.#lengths.push(new Float64Array(CHUNK));
    }
    this.#chunks[chunk].set(this.#held, inside * this.#dimensions);
    this.#lengths[chunk][inside] = this.#heldLength;
    this.#size += 1;
  }

  /** The cosine of the held vector with a row. */
  cosine(row: number): number {
    const chunk = Math.floor(row / CHUNK);
    const inside = row % CHUNK;
    const codes = this.#chunks[chunk];
    const held = this.#held;
    const start = inside * this.#dimensions;
    let even = 0;
    let odd = 0;
    let i = 0;
    for (; i + 1 < held.length; i += 2) {
      even += held[i] * codes[start + i];
      odd += held[i + 1] * codes[start + i + 1];
    }
    if (i < held.length) even += held[i] * codes[start + i];
    return Math.min(1, (even + odd) / (this.#heldLength * this.#lengths[chunk][inside]));
  }
}
