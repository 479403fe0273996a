/**
 * How well do groups agree with labels, whatever the groups are called? The V-measure (Rosenberg and Hirschberg 2007) and the adjusted Rand
 * index (Hubert and Arabie 1985), with scikit-learn's conventions for labels or groups that are all one.
 */
import { SemspaceError } from "../errors.ts";

export interface ClusterAgreement {
  /** Harmonic mean of the next two; equals the normalised mutual information with arithmetic means. */
  vMeasure: number;
  /** 1 when every group has texts of one label only. */
  homogeneity: number;
  /** 1 when all texts of a label are in one group. */
  completeness: number;
  /** Adjusted Rand index: 0 for groups by chance, 1 for the labels themselves. */
  ari: number;
}

/** Throws `mismatch` for lists of different length, `invalid-argument` for empty ones. */
export function clusterAgreement(
  labels: ArrayLike<string | number>,
  groups: ArrayLike<string | number>,
): ClusterAgreement {
  const n = labels.length;
  if (groups.length !== n)
    throw new SemspaceError("mismatch", `${n} labels need as many groups, got ${groups.length}.`);
  if (n === 0) throw new SemspaceError("invalid-argument", "Groups are measured on at least one text, got 0.");
  const cells = new Map<string | number, Map<string | number, number>>();
  const byLabel = new Map<string | number, number>();
  const byGroup = new Map<string | number, number>();
  for (let i = 0; i < n; i += 1) {
    const row = cells.get(labels[i]) ?? new Map<string | number, number>();
    cells.set(labels[i], row);
    for (const [counts, key] of [
      [row, groups[i]],
      [byLabel, labels[i]],
      [byGroup, groups[i]],
    ] as const)
      counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let mutual = 0;
  let pairsOfCells = 0;
  for (const [label, row] of cells) {
    for (const [group, both] of row) {
      mutual += (both / n) * Math.log((both * n) / (byLabel.get(label)! * byGroup.get(group)!));
      pairsOfCells += pairs(both);
    }
  }
  const homogeneity = byLabel.size === 1 ? 1 : mutual / entropy(byLabel, n);
  const completeness = byGroup.size === 1 ? 1 : mutual / entropy(byGroup, n);
  const sum = homogeneity + completeness;
  return {
    homogeneity,
    completeness,
    vMeasure: sum === 0 ? 0 : (2 * homogeneity * completeness) / sum,
    ari: adjustedRand(pairsOfCells, pairsOf(byLabel), pairsOf(byGroup), n),
  };
}

function adjustedRand(both: number, label: number, group: number, n: number): number {
  const all = pairs(n);
  const expected = all === 0 ? 0 : (label * group) / all;
  const best = (label + group) / 2;
  return best === expected ? 1 : (both - expected) / (best - expected);
}

const pairs = (count: number): number => (count * (count - 1)) / 2;

function pairsOf(counts: ReadonlyMap<unknown, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += pairs(count);
  return sum;
}

function entropy(counts: ReadonlyMap<unknown, number>, n: number): number {
  let sum = 0;
  for (const count of counts.values()) sum -= (count / n) * Math.log(count / n);
  return sum;
}
