/**
 * What cuts a text into chunks that become ids independently of each other, and hashes each on the way. A chunk is one word, or a
 * few that could not be told apart cheaply; that every cut is one of the exact pipeline is the scanner's promise.
 */
export interface Scanner {
  /** The chunk that was found: text[start … end). */
  start: number;
  end: number;
  /** A hash of the chunk's units. */
  hash: number;
  /** Finds the chunk that starts at or after `at`; false when only dropped separators are left. */
  next(text: string, at: number): boolean;
}

/** A class for each UTF-16 unit, found out when the unit is first seen. 255 is "not yet asked". */
export class UnitClasses {
  readonly table: Uint8Array = new Uint8Array(65536).fill(255);
  readonly #classify: (unit: number) => number;

  constructor(classify: (unit: number) => number) {
    this.#classify = classify;
    for (let unit = 0; unit < 128; unit += 1) this.of(unit);
  }

  /** The class of a unit; the hot loops read `table` themselves and call this for 255 only. */
  of(unit: number): number {
    if (this.table[unit] === 255) this.table[unit] = this.#classify(unit);
    return this.table[unit];
  }
}

/** Multiplier of the rolling hash: hash = (hash ^ unit) * this. */
export const hashFactor = 0x9e3779b1;
