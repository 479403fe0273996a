/**
 * Agglomerative clustering with average linkage (UPGMA) from distances: the two groups whose members are nearest on average are joined,
 * until one is left. By chains of nearest neighbours (Müllner 2011, https://arxiv.org/abs/1109.2378), in time n². The groups are those of
 * scikit-learn's `AgglomerativeClustering(metric="precomputed", linkage="average")`; where distances are equal, either may come first.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";

/** Two groups that were joined; each is named by one of its members. */
export interface Merge {
  readonly first: number;
  readonly second: number;
  /** Mean distance between their members. */
  readonly distance: number;
}

/** Where the tree of merges is cut: into so many groups, or where groups lie farther apart than a distance. */
export type TreeCut = { readonly clusters: number } | { readonly distance: number };

/**
 * All n − 1 merges, the nearest first. `distances` is n × n, row-major and symmetric; it is overwritten.
 * Throws `mismatch` when it has another size.
 */
export function averageLinkage(distances: Float64Array, n: number): Merge[] {
  if (distances.length !== n * n)
    throw new SemspaceError("mismatch", `Distances of ${n} rows need ${n * n} values, got ${distances.length}.`);
  const sizes = new Uint32Array(n).fill(1);
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(sizes.findIndex((size) => size > 0));
    const last = chain.at(-1)!;
    const next = nearest(distances, sizes, { of: last, preferred: chain.at(-2) });
    if (next !== chain.at(-2)) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    merges.push({ first: last, second: next, distance: distances[last * n + next] });
    join(distances, sizes, last, next);
  }
  return merges.toSorted((a, b) => a.distance - b.distance);
}

/** The group of each of n rows, 0, 1, 2 … in the order of their first rows. Throws `invalid-argument` for more groups than rows. */
export function cutMerges(merges: readonly Merge[], cut: TreeCut): Int32Array {
  const n = merges.length + 1;
  const count =
    "clusters" in cut
      ? n - wholeNumber("clusters", cut.clusters, 1)
      : merges.filter(({ distance }) => distance <= cut.distance).length;
  if (count < 0) throw new SemspaceError("invalid-argument", `${n - count} clusters need as many rows, got ${n}.`);
  const parents = Int32Array.from({ length: n }, (_, i) => i);
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  for (const { first, second } of merges.slice(0, count)) parents[rootOf(first)] = rootOf(second);
  const numbers = new Map<number, number>();
  return parents.map((_, row) => {
    const root = rootOf(row);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
}

/** The nearest other group; of equals the one that came before in the chain, so that chains end. */
function nearest(
  distances: Float64Array,
  sizes: Uint32Array,
  { of, preferred }: { of: number; preferred: number | undefined },
): number {
  const n = sizes.length;
  let best = preferred ?? -1;
  let least = preferred === undefined ? Infinity : distances[of * n + preferred];
  for (let i = 0; i < n; i += 1) {
    if (i === of || sizes[i] === 0 || distances[of * n + i] >= least) continue;
    least = distances[of * n + i];
    best = i;
  }
  return best === -1 ? sizes.findIndex((size, i) => size > 0 && i !== of) : best;
}

/** Puts `gone` into `kept`: the distance to each other group is the mean over all members. */
function join(distances: Float64Array, sizes: Uint32Array, gone: number, kept: number): void {
  const n = sizes.length;
  const [a, b] = [sizes[gone], sizes[kept]];
  for (let i = 0; i < n; i += 1) {
    if (sizes[i] === 0 || i === gone || i === kept) continue;
    const mean = (a * distances[gone * n + i] + b * distances[kept * n + i]) / (a + b);
    distances[kept * n + i] = distances[i * n + kept] = mean;
  }
  sizes[kept] = a + b;
  sizes[gone] = 0;
}
