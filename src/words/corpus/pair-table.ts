/** Counts pairs of ids in an open-addressed hash table: 12 bytes a slot, no objects. */

/** Fuller than this, the slots are doubled. */
const FULL = 0.6;

export class PairTable {
  /** Distinct pairs. */
  size = 0;
  /** First id + 1, second id of each slot; 0 for a free one. */
  #pairs = new Int32Array(1 << 13);
  #counts = new Uint32Array(1 << 12);

  /** Counts the pair once more. */
  add(first: number, second: number): void {
    const slot = this.#slot(first, second);
    if (this.#pairs[slot * 2] === 0) {
      this.#pairs[slot * 2] = first + 1;
      this.#pairs[slot * 2 + 1] = second;
      this.size += 1;
    }
    this.#counts[slot] += 1;
    if (this.size > this.#counts.length * FULL) this.#grow();
  }

  count(first: number, second: number): number {
    return this.#counts[this.#slot(first, second)];
  }

  forEach(visit: (first: number, second: number, count: number) => void): void {
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      if (this.#pairs[slot * 2] !== 0) visit(this.#pairs[slot * 2] - 1, this.#pairs[slot * 2 + 1], this.#counts[slot]);
    }
  }

  /** Where the pair is, or the free slot where it belongs. */
  #slot(first: number, second: number): number {
    const mask = this.#counts.length - 1;
    const hash = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca77);
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#pairs[slot * 2] !== 0) {
      if (this.#pairs[slot * 2] === first + 1 && this.#pairs[slot * 2 + 1] === second) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [pairs, counts] = [this.#pairs, this.#counts];
    this.#pairs = new Int32Array(pairs.length * 2);
    this.#counts = new Uint32Array(counts.length * 2);
    for (let old = 0; old < counts.length; old += 1) {
      if (pairs[old * 2] === 0) continue;
      const slot = this.#slot(pairs[old * 2] - 1, pairs[old * 2 + 1]);
      this.#pairs[slot * 2] = pairs[old * 2];
      this.#pairs[slot * 2 + 1] = pairs[old * 2 + 1];
      this.#counts[slot] = counts[old];
    }
  }
}
