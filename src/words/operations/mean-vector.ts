/** The weighted mean of words and vectors, as gensim's `get_mean_vector`: Σ weight × vector / Σ |weight|. */
import { SemspaceError } from "../../errors.ts";
import { unit } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";

/** A word, the index of one, or a vector (a typed array). */
export type Item = string | number | Float32Array | Float64Array;

export interface MeanOptions {
  /** One an item. Default: 1. */
  weights?: ArrayLike<number> | undefined;
  /** Scale the vectors of words to length 1 before; vectors given as such are never scaled. Default true. */
  normalizeEach?: boolean | undefined;
  /** Scale the mean to length 1. Default false. */
  normalize?: boolean | undefined;
  /** Leave out words without a vector, and their weights; else throw. Default true. */
  ignoreMissing?: boolean | undefined;
}

/** [dimensions]; zeros when every word is missing. Throws `invalid-argument` for no items, a missing word, or other than one weight an item. */
export function meanVector(vectors: WordVectors, items: readonly Item[], options: MeanOptions = {}): Float32Array {
  const { weights, normalizeEach = true, normalize = false, ignoreMissing = true } = options;
  if (items.length === 0) throw new SemspaceError("invalid-argument", "A mean needs at least one word or vector.");
  if (weights && weights.length !== items.length) {
    const message = `A mean of ${items.length} items needs as many weights, got ${weights.length}.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const sum = new Float64Array(vectors.dimensions);
  let total = 0;
  for (const [i, item] of items.entries()) {
    if (typeof item === "string" && ignoreMissing && !vectors.has(item)) continue;
    const vector = vectorOf(vectors, item, normalizeEach);
    const weight = weights ? weights[i] : 1;
    for (let k = 0; k < sum.length; k += 1) sum[k] += weight * vector[k];
    total += Math.abs(weight);
  }
  if (total > 0) for (let k = 0; k < sum.length; k += 1) sum[k] /= total;
  return normalize ? unit(sum) : Float32Array.from(sum);
}

/** The vector of an item; one given as such is only checked. Throws `invalid-argument`, or `mismatch` for other dimensions. */
export function vectorOf(vectors: WordVectors, item: Item, normalize = false): ArrayLike<number> {
  if (typeof item === "string") return vectors.vector(item, { normalize });
  if (typeof item === "number") return vectors.vector(item, { normalize });
  if (item.length !== vectors.dimensions) {
    const message = `A vector of ${item.length} dimensions was given, these word vectors have ${vectors.dimensions}.`;
    throw new SemspaceError("mismatch", message);
  }
  return item;
}

/** The vector of an index. Throws `invalid-argument` for one that is not there. */
export function vectorOfIndex({ table, size }: WordVectors, index: number): Float32Array {
  return table.row(checkedIndex(size, index));
}

/** The row of a word or index; -1 for a vector and for a word that has none of its own. */
export function indexOfItem(vectors: WordVectors, item: Item): number {
  if (typeof item === "string") return vectors.indexOf(item);
  return typeof item === "number" ? checkedIndex(vectors.size, item) : -1;
}

function checkedIndex(size: number, index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < size) return index;
  throw new SemspaceError("invalid-argument", `There is no word ${index}: indices go from 0 to ${size - 1}.`);
}
