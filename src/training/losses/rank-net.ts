/** RankNet (Burges et al. 2005): every two documents of a query in the order of their labels. Reference: sentence-transformers 6.2 `RankNetLoss`. */
import { pairwiseRanking } from "./lambda.ts";
import type { Loss } from "./loss.ts";

/** For cross-encoders. Column: scores [queries, documents]; labels: how relevant each document is, −Infinity where there is none. */
export function rankNet({ k, sigma }: { k?: number; sigma?: number } = {}): Loss {
  return pairwiseRanking("RankNet", {
    weighting: "none",
    ...(k !== undefined && { k }),
    ...(sigma !== undefined && { sigma }),
  });
}
