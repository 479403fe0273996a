/** BatchAllTriplet: every triplet of a batch that is not yet as it should be, averaged over those. Reference: sentence-transformers 6.2. */
import { type BatchDistanceOptions, labelledBatch } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. `margin` default 5. */
export function batchAllTriplet({ distance, margin = 5 }: BatchDistanceOptions & { margin?: number } = {}): Loss {
  const name = "BatchAllTriplet";
  return {
    name,
    evaluate(columns, given) {
      const batch = labelledBatch(columns, given, { name, ...(distance && { distance }) });
      const { rows, labels, distances, derivative } = batch;
      let [sum, count] = [0, 0];
      for (let i = 0; i < rows; i += 1) {
        const row = distances.row(i);
        const out = derivative.row(i);
        for (let p = 0; p < rows; p += 1) {
          if (p === i || labels[p] !== labels[i]) continue;
          for (let n = 0; n < rows; n += 1) {
            const missing = labels[n] === labels[i] ? 0 : row[p] - row[n] + margin;
            if (missing <= 1e-16) continue;
            sum += missing;
            count += 1;
            out[p] += 1;
            out[n] -= 1;
          }
        }
      }
      if (count > 0) derivative.data.forEach((each, i) => (derivative.data[i] = each / count));
      return batch.result(count > 0 ? sum / count : 0);
    },
  };
}
