/**
 * BatchSemiHardTriplet (Schroff et al. 2015): each pair of a class against the nearest text of another class that is farther than the pair, or where
 * there is none against the farthest. Reference: sentence-transformers 6.2.
 */
import { type BatchDistanceOptions, type LabelledBatch, labelledBatch } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. `margin` default 5. */
export function batchSemiHardTriplet({ distance, margin = 5 }: BatchDistanceOptions & { margin?: number } = {}): Loss {
  const name = "BatchSemiHardTriplet";
  return {
    name,
    evaluate(columns, given) {
      const batch = labelledBatch(columns, given, { name, ...(distance && { distance }) });
      const { rows, labels, distances, derivative } = batch;
      let pairs = 0;
      for (let i = 0; i < rows; i += 1)
        for (let j = 0; j < rows; j += 1) if (i !== j && labels[i] === labels[j]) pairs += 1;
      let value = 0;
      for (let i = 0; i < rows; i += 1) {
        const row = distances.row(i);
        const negatives = negativesByDistance(batch, i);
        for (let j = 0; j < rows; j += 1) {
          if (i === j || labels[i] !== labels[j]) continue;
          const negative = negatives.find((k) => row[k] > row[j]) ?? negatives.at(-1);
          const missing = row[j] - (negative === undefined ? 0 : row[negative]) + margin;
          if (missing <= 0) continue;
          value += missing / pairs;
          derivative.row(i)[j] += 1 / pairs;
          if (negative !== undefined) derivative.row(i)[negative] -= 1 / pairs;
        }
      }
      return batch.result(value);
    },
  };
}

/** Texts of other classes, the nearest first. */
function negativesByDistance({ rows, labels, distances }: LabelledBatch, anchor: number): number[] {
  const row = distances.row(anchor);
  return Array.from({ length: rows }, (_, j) => j)
    .filter((j) => labels[j] !== labels[anchor])
    .toSorted((a, b) => row[a] - row[b]);
}
