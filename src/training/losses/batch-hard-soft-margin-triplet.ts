/** BatchHardSoftMarginTriplet: as BatchHardTriplet, with log(1 + e^x) in place of a margin. Reference: sentence-transformers 6.2. */
import { hardestPair } from "./hardest-pairs.ts";
import { type BatchDistanceOptions, labelledBatch } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. */
export function batchHardSoftMarginTriplet({ distance }: BatchDistanceOptions = {}): Loss {
  const name = "BatchHardSoftMarginTriplet";
  return {
    name,
    evaluate(columns, labels) {
      const batch = labelledBatch(columns, labels, { name, ...(distance && { distance }) });
      let value = 0;
      for (let i = 0; i < batch.rows; i += 1) {
        const { positive, positiveRow, negative, negativeRows } = hardestPair(batch, i);
        const x = positive - negative;
        value += (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) / batch.rows;
        const share = 1 / (1 + Math.exp(-x)) / batch.rows;
        const row = batch.derivative.row(i);
        if (positiveRow !== undefined) row[positiveRow] += share;
        for (const j of negativeRows) row[j] -= share;
      }
      return batch.result(value);
    },
  };
}
