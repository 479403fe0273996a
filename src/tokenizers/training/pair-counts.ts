/** Numbers pairs of token ids in the order in which they come, in an open-addressed table of typed arrays, and keeps a count for each. */
export class PairCounts {
  /** Distinct pairs so far. */
  size = 0;
  lefts: Int32Array = new Int32Array(1 << 12);
  rights: Int32Array = new Int32Array(1 << 12);
  counts: Float64Array = new Float64Array(1 << 12);
  /** Number of the pair plus one; 0 is free. */
  #slots: Int32Array = new Int32Array(1 << 13);

  /** The number of a pair, a new one with count 0 where it was not seen. */
  number(left: number, right: number): number {
    const slot = this.#slot(left, right);
    const found = this.#slots[slot];
    if (found !== 0) return found - 1;
    if (this.size === this.lefts.length) this.#grow();
    const number = this.size;
    this.lefts[number] = left;
    this.rights[number] = right;
    this.size += 1;
    this.#slots[this.#slot(left, right)] = this.size;
    return number;
  }

  #slot(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] - 1;
      if (number < 0 || (this.lefts[number] === left && this.rights[number] === right)) return slot;
    }
  }

  #grow(): void {
    const room = this.size * 2;
    const wider = <Values extends Int32Array | Float64Array>(to: Values, from: Values): Values => {
      to.set(from);
      return to;
    };
    this.lefts = wider(new Int32Array(room), this.lefts);
    this.rights = wider(new Int32Array(room), this.rights);
    this.counts = wider(new Float64Array(room), this.counts);
    this.#slots = new Int32Array(room * 2);
    for (let number = 0; number < this.size; number += 1)
      this.#slots[this.#slot(this.lefts[number], this.rights[number])] = number + 1;
  }
}
