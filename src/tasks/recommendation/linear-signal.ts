/**
 * EASE (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data"): weights between items that rebuild each session from its other
 * items, with a quadratic penalty and nothing from an item to itself. In closed form from the co-occurrences G = XᵀX:
 * P = (G + λ I)⁻¹, B = −P_ij / P_jj, diagonal 0. Costs the cube of the number of items. What differs: a history is weighted by recency.
 */
import { SemspaceError } from "../../errors.ts";
import { invertPositive } from "../../matrix/cholesky.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Signal, WeightedItem } from "./signal.ts";

/** Three square matrices in float64: 1 GB at this number. */
const MOST_LINEAR_ITEMS = 6000;

export class LinearSignal implements Signal {
  readonly kind = "linear";
  /** [items, items], row i from item i. Items beyond its rows came later and are not known. */
  readonly weights: Matrix;

  constructor(weights: Matrix) {
    this.weights = weights;
  }

  knows(item: number): boolean {
    return item < this.weights.rows;
  }

  scores(history: readonly WeightedItem[]): Float64Array {
    const { rows, data } = this.weights;
    const scores = new Float64Array(rows);
    for (const { item, weight } of history) {
      if (!this.knows(item)) continue;
      for (let j = 0; j < rows; j += 1) scores[j] += weight * data[item * rows + j];
    }
    return scores;
  }
}

/** Fits the weights. Throws `invalid-argument` for more than 6,000 items, or a penalty that is not above 0. */
export function fitLinearSignal(sessions: readonly Int32Array[], items: number, penalty: number): LinearSignal {
  if (items > MOST_LINEAR_ITEMS) {
    const message = `The linear signal compares all items with all, at most ${MOST_LINEAR_ITEMS}, got ${items}. Leave linear out of the weights.`;
    throw new SemspaceError("invalid-argument", message);
  }
  if (!(penalty > 0 && penalty < Infinity))
    throw new SemspaceError("invalid-argument", `penalty must be above 0, got ${penalty}.`);
  const counts = new Float64Array(items * items);
  for (const session of sessions) {
    const own = [...new Set(session)];
    for (const a of own) for (const b of own) counts[a * items + b] += 1;
  }
  for (let i = 0; i < items; i += 1) counts[i * items + i] += penalty;
  const inverse = invertPositive(counts, items);
  const weights = Matrix.zeros(items, items);
  for (let i = 0; i < items; i += 1)
    for (let j = 0; j < items; j += 1)
      if (i !== j) weights.data[i * items + j] = -inverse[i * items + j] / inverse[j * items + j];
  return new LinearSignal(weights);
}
