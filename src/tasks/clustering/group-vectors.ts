/** The group of each vector by one of four methods; the number of groups by silhouette where it is left open. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import {
  type ClusterSelection,
  communities,
  cutMerges,
  euclideanDistances,
  hdbscan,
  kMeans,
  linkage,
  type Linkage,
  type Matrix,
  silhouetteOf,
} from "../../matrix/index.ts";

export const clusterMethods = ["k-means", "agglomerative", "hdbscan", "communities"] as const;
export type ClusterMethod = (typeof clusterMethods)[number];

export interface GroupOptions {
  /** Default "k-means". */
  method?: ClusterMethod;
  /** For k-means and agglomerative: how many, or "auto" (default): the number up to 30 with the best silhouette. */
  clusters?: number | "auto";
  /** For agglomerative. Default "average". */
  linkage?: Linkage;
  /** Agglomerative: groups at least this near by cosine are joined, in place of a number. Communities: cosine to the middle; default 0.75. */
  threshold?: number;
  /** Texts of a group, at least: HDBSCAN, default 5; communities, default 10. */
  least?: number;
  /** HDBSCAN: neighbours that make a place dense. Default `least`. */
  neighbors?: number;
  /** HDBSCAN. Default "eom". */
  selection?: ClusterSelection;
  /** k-means: starts, default 10, and rows of a batch (default: all rows, from 50,000 on 1,024). */
  starts?: number;
  batch?: number;
  /** Default 1. */
  seed?: number;
  signal?: AbortSignal;
}

export interface Groups {
  /** 0, 1, 2 …, the largest first; −1 for none. */
  labels: Int32Array;
  /** HDBSCAN: how firmly each belongs, and how far out it lies. */
  probabilities?: Float64Array;
  outliers?: Float64Array;
}

/** All distances of more rows do not fit into memory. */
const MOST_PAIRED = 15_000;
const MANY = 50_000;
const CANDIDATES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 30];

/** Of unit vectors. Throws `invalid-argument` for more groups than vectors, and for options that the method does not have. */
export function groupVectors(unit: Matrix, options: GroupOptions): Groups {
  const { method = "k-means", least, threshold, neighbors, selection, signal } = options;
  oneOf("method", method, clusterMethods);
  checkOptions(method, options);
  if (unit.rows === 0) return { labels: new Int32Array() };
  if (method === "k-means") return { labels: bySize(byKMeans(unit, options)) };
  if (method === "agglomerative") return { labels: bySize(byLinkage(unit, options)) };
  if (method === "communities") {
    const labels = new Int32Array(unit.rows).fill(-1);
    const found = communities(unit, { ...(threshold !== undefined && { threshold }), ...(least && { least }) });
    for (const [number, members] of found.entries()) for (const row of members) labels[row] = number;
    return { labels };
  }
  const smallest = Math.min(least ?? 5, Math.max(2, unit.rows));
  const found = hdbscan(unit, {
    least: smallest,
    neighbors: Math.min(neighbors ?? smallest, unit.rows),
    ...(selection && { selection }),
    ...(signal && { signal }),
  });
  return { labels: bySize(found.labels), probabilities: found.probabilities, outliers: found.outliers };
}

/** What each method reads, besides the seed and the signal. */
const reads: Readonly<Record<ClusterMethod, readonly (keyof GroupOptions)[]>> = {
  "k-means": ["clusters", "starts", "batch"],
  agglomerative: ["clusters", "linkage", "threshold"],
  hdbscan: ["least", "neighbors", "selection"],
  communities: ["threshold", "least"],
};

function checkOptions(method: ClusterMethod, options: GroupOptions): void {
  const all = Object.values(reads).flat();
  for (const name of new Set(all)) {
    if (options[name] === undefined || reads[method].includes(name)) continue;
    const having = clusterMethods.filter((other) => reads[other].includes(name));
    throw new SemspaceError(
      "invalid-argument",
      `${name} is for ${having.join(" and ")}, not for ${method}. Leave it out.`,
    );
  }
  if (options.clusters !== undefined && options.clusters !== "auto") wholeNumber("clusters", options.clusters, 1);
  if (options.clusters !== undefined && options.threshold !== undefined)
    throw new SemspaceError("invalid-argument", "Give either clusters or threshold, got both.");
}

function byKMeans(unit: Matrix, { clusters = "auto", seed, starts, batch, signal }: GroupOptions): Int32Array {
  const settings = {
    ...(seed !== undefined && { seed }),
    ...(starts !== undefined && { starts }),
    ...(signal && { signal }),
    batch: batch ?? (unit.rows >= MANY ? 1024 : undefined),
  };
  const { batch: rows, ...rest } = settings;
  const group = (count: number): Int32Array =>
    kMeans(unit, { ...rest, ...(rows !== undefined && { batch: rows }), clusters: count }).labels;
  return clusters === "auto" ? bestFitting(unit, group) : group(clusters);
}

function byLinkage(unit: Matrix, options: GroupOptions): Int32Array {
  const { clusters = "auto", linkage: kind = "average", threshold } = options;
  const { rows } = unit;
  if (rows > MOST_PAIRED)
    throw new SemspaceError(
      "invalid-argument",
      `Agglomerative clustering keeps all pairs: at most ${MOST_PAIRED} texts, got ${rows}. Use k-means or hdbscan.`,
    );
  const distances = euclideanDistances(unit, [...Array(rows).keys()]);
  const merges = linkage(distances, rows, kind);
  // On unit vectors the square of the distance is 2 − 2 × cosine.
  if (threshold !== undefined) return cutMerges(merges, { distance: Math.sqrt(Math.max(0, 2 - 2 * threshold)) });
  const group = (count: number): Int32Array => cutMerges(merges, { clusters: count });
  return clusters === "auto" ? bestFitting(unit, group) : group(clusters);
}

/** The number with the highest silhouette; one group where no split has one above 0. */
function bestFitting(unit: Matrix, group: (count: number) => Int32Array): Int32Array {
  let best = { labels: new Int32Array(unit.rows) as Int32Array, score: 0 };
  for (const count of CANDIDATES) {
    if (count >= unit.rows) break;
    const labels = group(count);
    const score = silhouetteOf(unit, labels);
    if (score > best.score) best = { labels, score };
  }
  return best.labels;
}

/** The same groups, the largest is 0; equals in the order of their first rows. */
function bySize(labels: Int32Array): Int32Array {
  const [sizes, firsts] = [new Map<number, number>(), new Map<number, number>()];
  for (const [i, label] of labels.entries()) {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    if (!firsts.has(label)) firsts.set(label, i);
  }
  const order = [...sizes.keys()]
    .filter((label) => label >= 0)
    .toSorted((a, b) => sizes.get(b)! - sizes.get(a)! || firsts.get(a)! - firsts.get(b)!);
  const numbers = new Map(order.map((label, number) => [label, number]));
  return labels.map((label) => numbers.get(label) ?? -1);
}
