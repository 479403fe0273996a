/** How many hash tables of how many bits find the pairs of a similarity (Indyk and Motwani 1998): the settings of sign-index.ts. */

export interface HashPlan {
  readonly tables: number;
  /** Bits of the key of a table. */
  readonly bits: number;
  /** Candidates whose signatures differ in more bits are not looked at. */
  readonly mostDiffering: number;
}

/** A pair at the threshold shares a key in about one of this many tables: fewer bits give more candidates, more bits more tables. */
const SHARED = 0.13;
const MOST_BITS = 24;
/** Standard deviations of the number of differing bits that a pair at the threshold may be off: it loses 3 in 100,000. */
const DEVIATIONS = 4;

/** `recall` is the share of the pairs at exactly the threshold that is found; nearer pairs are found more often. */
export function hashPlan(threshold: number, recall: number, signatureBits: number): HashPlan {
  const differs = Math.acos(Math.min(1, threshold)) / Math.PI;
  const agrees = 1 - differs;
  const bits =
    agrees === 1 ? MOST_BITS : Math.min(MOST_BITS, Math.max(1, Math.round(Math.log(SHARED) / Math.log(agrees))));
  const shared = agrees ** bits;
  const tables = shared === 1 ? 1 : Math.ceil(Math.log(1 - recall) / Math.log(1 - shared));
  const deviation = Math.sqrt(signatureBits * differs * agrees);
  // A cosine of 1 may come out a little below it.
  return { tables, bits, mostDiffering: Math.ceil(signatureBits * differs + DEVIATIONS * deviation) + 4 };
}
