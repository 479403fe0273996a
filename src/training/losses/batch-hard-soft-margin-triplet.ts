/** BatchHardSoftMarginTriplet: as BatchHardTriplet, with log(1 + e^x) in place of a margin. Reference: sentence-transformers 6.2. */
import { hardestPairsLoss } from "./hardest-pairs.ts";
import type { BatchDistanceOptions } from "./labelled-batch.ts";
import type { Loss } from "./loss.ts";

/** Column: text; labels: its class. */
export function batchHardSoftMarginTriplet(options: BatchDistanceOptions = {}): Loss {
  return hardestPairsLoss("BatchHardSoftMarginTriplet", softMargin, options);
}

/** log(1 + e^x) and its slope, for an x of any size. */
function softMargin(x: number): { value: number; slope: number } {
  return { value: Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: 1 / (1 + Math.exp(-x)) };
}
