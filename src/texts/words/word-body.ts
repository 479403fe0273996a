/**
 * Texts from word vectors: the mean of a text's words, or SIF, "a simple but tough-to-beat baseline for sentence embeddings" (Arora,
 * Liang and Ma 2017): each word weighs a / (a + p(word)), and what all texts share, the first singular vector of a sample of them, is
 * taken out of each. Differs: that direction comes from a sample given once, so that a text's vector does not depend on the other texts
 * of a call; without counts, p follows Zipf's law by the order of the words.
 */
import { type Matrix, symmetricEigen } from "../../matrix/index.ts";
import type { WordVectors } from "../../words/index.ts";
import type { EmbedJob, TextBody } from "../text-body.ts";

/** Texts between two reports. */
const GROUP = 256;

export interface WordBodyOptions {
  name: string;
  tokenize: (text: string) => readonly string[];
  /** The weight of each row of the table; words of subwords alone have `rareWeight`. */
  weights: Float64Array | undefined;
  rareWeight: number;
  /** A unit vector to be taken out. */
  shared: Float64Array | undefined;
}

export class WordBody implements TextBody {
  readonly name: string;
  readonly dimensions: number;
  readonly maxLength: undefined = undefined;
  readonly #vectors: WordVectors;
  readonly #options: WordBodyOptions;

  constructor(vectors: WordVectors, options: WordBodyOptions) {
    this.name = options.name;
    this.dimensions = vectors.dimensions;
    this.#vectors = vectors;
    this.#options = options;
  }

  async embed(texts: readonly string[], output: Float32Array, job: EmbedJob): Promise<void> {
    for (let start = 0; start < texts.length; start += GROUP) {
      const group = texts.slice(start, start + GROUP);
      for (const [i, text] of group.entries()) output.set(this.#textVector(text), (start + i) * this.dimensions);
      await job.advance(group.length);
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** Zeros for a text without a known word. */
  #textVector(text: string): Float64Array {
    const { tokenize, weights, rareWeight, shared } = this.#options;
    const sum = new Float64Array(this.dimensions);
    let count = 0;
    for (const token of tokenize(text)) {
      const found = this.#find(token);
      if (!found) continue;
      const weight = weights ? (found.index >= 0 ? weights[found.index] : rareWeight) : 1;
      for (let k = 0; k < sum.length; k += 1) sum[k] += weight * found.row[k];
      count += 1;
    }
    if (count > 0) for (let k = 0; k < sum.length; k += 1) sum[k] /= count;
    if (shared) takeOut(sum, shared);
    return sum;
  }

  /** As it is written, else in lower case, else by its subwords. */
  #find(token: string): { index: number; row: Float32Array } | undefined {
    const vectors = this.#vectors;
    let index = vectors.indexOf(token);
    if (index < 0) index = vectors.indexOf(token.toLowerCase());
    if (index >= 0) return { index, row: vectors.table.row(index) };
    const row = vectors.subwords?.vector(token);
    return row && { index, row };
  }
}

/** a / (a + p) of each word. */
export function sifWeights({ counts, size }: WordVectors, a: number): Float64Array {
  const share = Float64Array.from({ length: size }, (_, i) => (counts ? counts[i] : 1 / (i + 1)));
  const total = share.reduce((sum, count) => sum + count, 0);
  return share.map((count) => a / (a + count / total));
}

/** The first singular vector of rows, not centred, of length 1. */
export function sharedDirection({ data, rows, columns }: Matrix): Float64Array {
  const products = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i += 1) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    for (let a = 0; a < columns; a += 1)
      for (let b = 0; b < columns; b += 1) products[a * columns + b] += row[a] * row[b];
  }
  return symmetricEigen(products, columns).vectors.slice(0, columns);
}

function takeOut(vector: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let k = 0; k < vector.length; k += 1) along += vector[k] * direction[k];
  for (let k = 0; k < vector.length; k += 1) vector[k] -= along * direction[k];
}
