/**
 * The merges of a BPE model as a hash table in typed arrays: from a pair of ids to the merge's rank and the merged id.
 * Open addressing, at most half full; one probe costs two array reads instead of a Map lookup with a boxed key.
 */
import { invalid } from "../tokenizer-json.ts";

export class MergeTable {
  readonly #mask: number;
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  /** Rank plus one; 0 is an empty slot. */
  readonly #ranks: Int32Array;
  readonly #merged: Int32Array;

  /** Room for `count` merges. */
  constructor(count: number) {
    let slots = 16;
    while (slots < count * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#lefts = new Int32Array(slots);
    this.#rights = new Int32Array(slots);
    this.#ranks = new Int32Array(slots);
    this.#merged = new Int32Array(count);
  }

  /** A pair that is set twice keeps the later rank. */
  set(left: number, right: number, rank: number, merged: number): void {
    const slot = this.#slot(left, right);
    this.#lefts[slot] = left;
    this.#rights[slot] = right;
    this.#ranks[slot] = rank + 1;
    this.#merged[rank] = merged;
  }

  /** The rank of the merge of two ids, -1 when they do not merge. */
  rank(left: number, right: number): number {
    return this.#ranks[this.#slot(left, right)] - 1;
  }

  /** The id that the merge of this rank makes. */
  merged(rank: number): number {
    return this.#merged[rank];
  }

  #slot(left: number, right: number): number {
    const mask = this.#mask;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#ranks[slot] !== 0 && (this.#lefts[slot] !== left || this.#rights[slot] !== right))
      slot = (slot + 1) & mask;
    return slot;
  }
}

/**
 * Reads `merges`, in both forms ("a b" and ["a", "b"]). `prefix` is the continuing_subword_prefix, which the merged token drops
 * from its right half. Throws `invalid-file` for a malformed merge, or one whose parts or result are not in the vocabulary.
 */
export function readMerges(merges: unknown, ids: ReadonlyMap<string, number>, prefix: string): MergeTable {
  if (!Array.isArray(merges)) throw invalid("BPE.merges", "must be a list", merges);
  const pairs = (merges as unknown[]).filter((merge) => typeof merge !== "string" || !merge.startsWith("#version"));
  const table = new MergeTable(pairs.length);
  pairs.forEach((merge, rank) => {
    const [left, right] = readPair(merge, rank);
    const id = (token: string) => {
      const found = ids.get(token);
      if (found !== undefined) return found;
      throw invalid(`BPE merge ${rank + 1}`, "must be of tokens of the vocab", token);
    };
    table.set(id(left), id(right), rank, id(left + right.slice(prefix.length)));
  });
  return table;
}

function readPair(merge: unknown, rank: number): [string, string] {
  const parts: unknown = typeof merge === "string" ? merge.split(" ") : merge;
  if (Array.isArray(parts) && parts.length === 2) {
    const [left, right] = parts as unknown[];
    if (typeof left === "string" && typeof right === "string") return [left, right];
  }
  throw invalid(`BPE merge ${rank + 1}`, 'must be two tokens ("a b" or ["a", "b"])', merge);
}
