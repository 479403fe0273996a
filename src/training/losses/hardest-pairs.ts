/** Of every text in a batch the farthest of its own class and the nearest of another: what the two hard triplet losses compare. */
import { type BatchDistanceOptions, type LabelledBatch, labelledBatch } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** How much each pair costs, and the slope there, by how much farther the positive is than the negative. */
export type Penalty = (excess: number) => { readonly value: number; readonly slope: number };

/** The mean penalty of the hardest pairs of all texts in a batch. */
export function hardestPairsLoss(name: string, penalty: Penalty, { distance }: BatchDistanceOptions): Loss {
  return {
    name,
    evaluate(columns, labels) {
      const batch = labelledBatch(columns, labels, { name, ...(distance && { distance }) });
      let sum = 0;
      for (let i = 0; i < batch.rows; i += 1) {
        const { positive, positiveRow, negative, negativeRows } = hardestPair(batch, i);
        const { value, slope } = penalty(positive - negative);
        sum += value / batch.rows;
        const row = batch.derivative.row(i);
        if (positiveRow !== undefined) row[positiveRow] += slope / batch.rows;
        for (const j of negativeRows) row[j] -= slope / batch.rows;
      }
      return batch.result(sum);
    },
  };
}

interface HardestPair {
  /** Distance to the farthest of the same class, 0 where there is no other; and its row. */
  positive: number;
  positiveRow: number | undefined;
  /** Distance to the nearest of another class; where there is none, twice the largest distance stands in less what is nearest. */
  negative: number;
  /** The rows whose distances add up to it. */
  negativeRows: readonly number[];
}

/** Reference: sentence-transformers 6.2 `BatchHardTripletLoss`, where a batch of one class has negatives as far as its farthest pair. */
function hardestPair({ distances, labels }: LabelledBatch, anchor: number): HardestPair {
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
