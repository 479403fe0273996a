/** BatchHardTriplet (Hermans et al. 2017): of each text the farthest of its class is to be nearer than the nearest of another, by a margin. Reference: sentence-transformers 6.2. */
import { hardestPair } from "./hardest-pairs.ts";
import { type BatchDistanceOptions, labelledBatch } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. `margin` default 5. Wants batches with several texts a class (sampler "groupByLabel"). */
export function batchHardTriplet({ distance, margin = 5 }: BatchDistanceOptions & { margin?: number } = {}): Loss {
  const name = "BatchHardTriplet";
  return {
    name,
    evaluate(columns, labels) {
      const batch = labelledBatch(columns, labels, { name, ...(distance && { distance }) });
      let value = 0;
      for (let i = 0; i < batch.rows; i += 1) {
        const { positive, positiveRow, negative, negativeRows } = hardestPair(batch, i);
        const missing = positive - negative + margin;
        if (missing <= 0) continue;
        value += missing / batch.rows;
        const row = batch.derivative.row(i);
        if (positiveRow !== undefined) row[positiveRow] += 1 / batch.rows;
        for (const j of negativeRows) row[j] -= 1 / batch.rows;
      }
      return batch.result(value);
    },
  };
}
