/**
 * Vectors that are found by what is near to them, added one after the other: hash tables on bits of their signatures give candidates,
 * the number of differing bits leaves few of them, and those are compared exactly. Memory for a vector of d dimensions: 2d bytes (16-bit
 * codes, whose cosines are right to five digits), 64 for the signature, 4 a table.
 */
import { differingBits, SignHasher } from "./sign-hashes.ts";
import { hashPlan, type HashPlan } from "./hash-plan.ts";
import { UnitCodes } from "./unit-codes.ts";

export interface Match {
  /** Position in the order of adding. */
  row: number;
  /** The cosine. */
  similarity: number;
}

export interface SignIndexOptions {
  dimensions: number;
  /** Cosine from which on vectors match. */
  threshold: number;
  /** Share of the pairs at exactly the threshold that is found. */
  recall: number;
  seed: number;
}

/** Rows whose signatures and links are kept in one piece: memory grows by pieces, nothing is copied. */
const CHUNK = 1 << 16;
/** Most bits of a table's places: 4 MB a table. */
const MOST_HEADS = 20;
/** The cosine of a vector with itself may come out so much below 1. */
const ROUNDING = 1e-9;

export class SignIndex {
  readonly plan: HashPlan;
  readonly #threshold: number;
  readonly #hasher: SignHasher;
  readonly #codes: UnitCodes;
  /** The last row of each key, one more so that 0 is none: [tables, keys]. */
  readonly #heads: Int32Array;
  readonly #headBits: number;
  /** The row with the same key before this one, [rows, tables] in chunks. */
  readonly #links: Int32Array[] = [];
  readonly #signatures: Uint32Array[] = [];
  /** The query that a row was last looked at for. */
  readonly #seen: Int32Array[] = [];
  readonly #query: Uint32Array;
  readonly #keys: Int32Array;
  #queries = 0;
  #size = 0;

  constructor({ dimensions, threshold, recall, seed }: SignIndexOptions) {
    this.#threshold = threshold;
    this.#hasher = new SignHasher(dimensions, seed);
    this.#codes = new UnitCodes(dimensions);
    this.plan = hashPlan(threshold, recall, this.#hasher.words * 32);
    this.#headBits = Math.min(this.plan.bits, MOST_HEADS);
    this.#heads = new Int32Array(this.plan.tables * 2 ** this.#headBits);
    this.#query = new Uint32Array(this.#hasher.words);
    this.#keys = new Int32Array(this.plan.tables);
  }

  /** Rows that were added. */
  get size(): number {
    return this.#size;
  }

  /** The rows that match a vector, in no order. The zero vector and one that is not finite match nothing. */
  find(vector: Float32Array): Match[] {
    this.#prepare(vector);
    const matches: Match[] = [];
    if (!this.#codes.hold(vector)) return matches;
    const { tables, mostDiffering: most } = this.plan;
    const count = this.#hasher.words;
    const query = { words: this.#query, at: 0 };
    const other = { words: this.#query, at: 0 };
    this.#queries += 1;
    for (let table = 0; table < tables; table += 1) {
      for (let next = this.#heads[this.#keys[table]]; next !== 0;) {
        const row = next - 1;
        const chunk = row >>> 16;
        const inside = row & (CHUNK - 1);
        next = this.#links[chunk][inside * tables + table];
        const seen = this.#seen[chunk];
        if (seen[inside] === this.#queries) continue;
        seen[inside] = this.#queries;
        other.words = this.#signatures[chunk];
        other.at = inside * count;
        if (differingBits(query, other, { count, most }) > most) continue;
        const similarity = this.#codes.cosine(row);
        if (similarity + ROUNDING >= this.#threshold) matches.push({ row, similarity });
      }
    }
    return matches;
  }

  /** Adds the vector that `find` was last called with; gives its row. */
  addFound(): number {
    const { tables } = this.plan;
    const row = this.#size;
    const chunk = row >>> 16;
    const inside = row & (CHUNK - 1);
    if (inside === 0) {
      this.#links.push(new Int32Array(CHUNK * tables));
      this.#signatures.push(new Uint32Array(CHUNK * this.#hasher.words));
      this.#seen.push(new Int32Array(CHUNK));
    }
    this.#codes.keep();
    this.#signatures[chunk].set(this.#query, inside * this.#hasher.words);
    this.#size += 1;
    // What matches nothing need not be found.
    if (!this.#codes.isZero) {
      const links = this.#links[chunk];
      for (let table = 0; table < tables; table += 1) {
        const key = this.#keys[table];
        links[inside * tables + table] = this.#heads[key];
        this.#heads[key] = row + 1;
      }
    }
    return row;
  }

  /** The signature of a vector, and the place of its key in the heads of each table. */
  #prepare(vector: Float32Array): void {
    this.#hasher.write(vector, this.#query, 0);
    const { tables, bits } = this.plan;
    const all = this.#hasher.words * 32;
    for (let table = 0, bit = 0; table < tables; table += 1) {
      let key = 0;
      // Tables beyond the signature's end go over it again with another stride.
      const stride = 1 + 2 * Math.floor((table * bits) / all);
      for (let i = 0; i < bits; i += 1, bit += stride) {
        const at = bit % all;
        key = (key << 1) | ((this.#query[at >>> 5] >>> (at & 31)) & 1);
      }
      const place = bits > this.#headBits ? Math.imul(key, 0x9e3779b1) >>> (32 - this.#headBits) : key;
      this.#keys[table] = table * 2 ** this.#headBits + place;
    }
  }
}
