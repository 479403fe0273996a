/** Which of the texts near to an anchor count as negatives: not its positives, and by their scores surely none. */

export interface NegativeFilters {
  /** A negative's score is lower than the lowest positive's by at least this. */
  absoluteMargin?: number;
  /** … by at least this part of the lowest positive's score, e.g. 0.05. */
  relativeMargin?: number;
  /** Bounds of a negative's score. */
  maxScore?: number;
  minScore?: number;
  /** Whether the anchor's positives may be among its negatives too, to see how they compare. Default false. */
  includePositives?: boolean;
}

export interface Candidate {
  /** Place in the corpus. */
  index: number;
  score: number;
}

/** The candidates that pass, in their order. Reference: sentence-transformers 6.2, where the margin is to the lowest of several positives. */
export function keepNegatives(
  candidates: readonly Candidate[],
  filters: NegativeFilters & { positives: readonly number[]; positiveScores: readonly number[] },
): Candidate[] {
  const { absoluteMargin, relativeMargin, maxScore, minScore, includePositives = false } = filters;
  const lowest = Math.min(...filters.positiveScores);
  const own = new Set(filters.positives);
  return candidates.filter(({ index, score }) => {
    if (!includePositives && own.has(index)) return false;
    if (absoluteMargin !== undefined && score + absoluteMargin > lowest) return false;
    if (relativeMargin !== undefined && score > lowest - Math.abs(lowest) * relativeMargin) return false;
    return !(score > (maxScore ?? Infinity) || score < (minScore ?? -Infinity));
  });
}
