/** Of every text in a batch the farthest of its own class and the nearest of another: what the two hard triplet losses compare. */
import type { LabelledBatch } from "./labelled-batch.ts";

export interface HardestPair {
  /** Distance to the farthest of the same class, 0 where there is no other; and its row. */
  positive: number;
  positiveRow: number | undefined;
  /** Distance to the nearest of another class; where there is none, twice the largest distance stands in less what is nearest. */
  negative: number;
  /** The rows whose distances add up to it. */
  negativeRows: readonly number[];
}

/** Reference: sentence-transformers 6.2 `BatchHardTripletLoss`, where a batch of one class has negatives as far as its farthest pair. */
export function hardestPair({ distances, labels }: LabelledBatch, anchor: number): HardestPair {
  const row = distances.row(anchor);
  let [farthest, positiveRow]: [number, number | undefined] = [0, undefined];
  let [nearest, negativeRow]: [number, number | undefined] = [Infinity, undefined];
  let largest = 0;
  for (let j = 0; j < row.length; j += 1) {
    if (row[j] > row[largest]) largest = j;
    if (j !== anchor && labels[j] === labels[anchor] && row[j] > farthest) [farthest, positiveRow] = [row[j], j];
    if (labels[j] !== labels[anchor] && row[j] < nearest) [nearest, negativeRow] = [row[j], j];
  }
  if (negativeRow !== undefined)
    return { positive: farthest, positiveRow, negative: nearest, negativeRows: [negativeRow] };
  // The text itself is the nearest of all, and no distance to learn from.
  return { positive: farthest, positiveRow, negative: row[largest] + row[anchor], negativeRows: [largest] };
}
