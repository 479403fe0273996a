/**
 * Agglomerative clustering from distances: the two nearest groups are joined until one is left. By chains of nearest neighbours (Müllner
 * 2011, https://arxiv.org/abs/1109.2378) and the formulas of Lance and Williams (1967), in time n². The groups are those of scikit-learn's
 * `AgglomerativeClustering` with the same linkage; where distances are equal, either may come first.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";

/** How far two groups are apart: the mean over their members, the farthest pair, the nearest pair, or how much joining adds to the squares within (Euclidean distances). */
export const linkages = ["average", "complete", "single", "ward"] as const;
export type Linkage = (typeof linkages)[number];

/** Two groups that were joined; each is named by one of its members. */
export interface Merge {
  readonly first: number;
  readonly second: number;
  /** Between the groups, as the linkage measures it. */
  readonly distance: number;
}

/** Where the tree of merges is cut: into so many groups, or where groups lie farther apart than a distance. */
export type TreeCut = { readonly clusters: number } | { readonly distance: number };

/**
 * All n − 1 merges, the nearest first. `distances` is n × n, row-major and symmetric; it is overwritten.
 * Throws `mismatch` when it has another size.
 */
export function linkage(distances: Float64Array, n: number, kind: Linkage = "average"): Merge[] {
  oneOf("linkage", kind, linkages);
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
    join(distances, sizes, { gone: last, kept: next, kind });
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

/** Puts `gone` into `kept`, which gets the distances of both to every other group. */
function join(
  distances: Float64Array,
  sizes: Uint32Array,
  { gone, kept, kind }: { gone: number; kept: number; kind: Linkage },
): void {
  const n = sizes.length;
  const [a, b] = [sizes[gone], sizes[kept]];
  const between = distances[gone * n + kept];
  for (let i = 0; i < n; i += 1) {
    if (sizes[i] === 0 || i === gone || i === kept) continue;
    const [x, y, c] = [distances[gone * n + i], distances[kept * n + i], sizes[i]];
    let joined = (a * x + b * y) / (a + b);
    if (kind === "complete") joined = Math.max(x, y);
    else if (kind === "single") joined = Math.min(x, y);
    else if (kind === "ward")
      joined = Math.sqrt(Math.max(0, ((a + c) * x * x + (b + c) * y * y - c * between * between) / (a + b + c)));
    distances[kept * n + i] = distances[i * n + kept] = joined;
  }
  sizes[kept] = a + b;
  sizes[gone] = 0;
}
