/** BatchHardTriplet (Hermans et al. 2017): of each text the farthest of its class is to be nearer than the nearest of another, by a margin. Reference: sentence-transformers 6.2. */
import { hardestPairsLoss } from "./hardest-pairs.ts";
import type { BatchDistanceOptions } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. `margin` default 5. Wants batches with several texts a class (sampler "groupByLabel"). */
export function batchHardTriplet({ margin = 5, ...options }: BatchDistanceOptions & { margin?: number } = {}): Loss {
  const penalty = (excess: number) => ({ value: Math.max(excess + margin, 0), slope: excess + margin > 0 ? 1 : 0 });
  return hardestPairsLoss("BatchHardTriplet", penalty, options);
}
