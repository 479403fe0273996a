/** Lays out the memory of a training: places one behind the other, each at the beginning of a line of the cache. */

/** Bytes below are the compiler's. */
const FIRST = 1024;
const LINE = 64;

export class MemoryPlaces {
  #end = FIRST;

  /** Bytes up to the end of the last place. */
  get bytes(): number {
    return this.#end;
  }

  /** The address of the next place, of so many bytes. */
  take(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / LINE) * LINE;
    return at;
  }
}
