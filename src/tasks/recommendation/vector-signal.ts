/** Items as vectors of length 1 or, where they are a guess, less: what lies in the direction of a history's mean goes with it. */
import type { Matrix } from "../../matrix/index.ts";
import type { Signal, SignalKind, WeightedItem } from "./signal.ts";

/** `vectors` are [items, dimensions], of length 1 where they are known well; a row of zeros is an item without a vector. */
export class VectorSignal implements Signal {
  readonly kind: SignalKind;
  readonly vectors: Matrix;
  readonly #known: boolean[];

  constructor(kind: SignalKind, vectors: Matrix) {
    this.kind = kind;
    this.vectors = vectors;
    this.#known = Array.from({ length: vectors.rows }, (_, i) => this.vectors.row(i).some((value) => value !== 0));
  }

  knows(item: number): boolean {
    return this.#known[item] ?? false;
  }

  scores(history: readonly WeightedItem[]): Float64Array {
    const { rows, columns, data } = this.vectors;
    const mean = new Float64Array(columns);
    let total = 0;
    for (const { item, weight } of history) {
      if (!this.knows(item)) continue;
      total += weight;
      for (let j = 0; j < columns; j += 1) mean[j] += weight * data[item * columns + j];
    }
    const scores = new Float64Array(rows).fill(Number.NaN);
    if (total === 0) return scores;
    for (let i = 0; i < rows; i += 1) {
      if (!this.#known[i]) continue;
      let sum = 0;
      for (let j = 0; j < columns; j += 1) sum += mean[j] * data[i * columns + j];
      scores[i] = sum / total;
    }
    return scores;
  }
}
