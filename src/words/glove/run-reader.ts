/** Reads a run of cells from front to end through a buffer, so that many small tiles are few reads of a file. */
import type { IdReader } from "../corpus/id-store.ts";

/** Int32 numbers read at once: 64 KB. */
const WINDOW = 16_384;

export class RunReader {
  readonly #store: IdReader;
  readonly #ends: Uint32Array;
  #next: number;
  readonly #end: number;
  readonly #buffer: Int32Array;
  #at = 0;
  #filled = 0;

  constructor(store: IdReader, { first, ends }: { first: number; ends: Uint32Array }) {
    this.#store = store;
    this.#ends = ends;
    this.#next = first * 2;
    this.#end = (first + ends[ends.length - 1]) * 2;
    this.#buffer = new Int32Array(Math.min(WINDOW, this.#end - this.#next));
  }

  /** Cells of the run in a block of columns. */
  count(column: number): number {
    return this.#ends[column] - (column > 0 ? this.#ends[column - 1] : 0);
  }

  /** Fills `target` with what comes next. */
  async read(target: Int32Array): Promise<void> {
    for (let done = 0; done < target.length;) {
      if (this.#at === this.#filled) {
        const part = this.#buffer.subarray(0, this.#end - this.#next);
        this.#filled = await this.#store.read(this.#next, part);
        this.#next += this.#filled;
        this.#at = 0;
      }
      const part = this.#buffer.subarray(this.#at, Math.min(this.#filled, this.#at + target.length - done));
      target.set(part, done);
      this.#at += part.length;
      done += part.length;
    }
  }
}
