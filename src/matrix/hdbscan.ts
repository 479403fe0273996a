/**
 * HDBSCAN: groups as regions that stay dense over a long range of distances, and rows that belong to none (Campello, Moulavi, Sander
 * 2013). As scikit-learn's `HDBSCAN` with Euclidean distances (its minimum counts the row itself, as here); outlier scores as those of
 * the Python package hdbscan (GLOSH). Where distances are equal, either edge may come first.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import { type CondensedNode, condensedTree } from "./condensed-tree.ts";
import type { Matrix } from "./matrix.ts";
import { nearestRows } from "./nearest-rows.ts";
import { reachabilityTree } from "./reachability-tree.ts";

/** "eom": the clusters that last longest (excess of mass); "leaf": the smallest there are. */
export const clusterSelections = ["eom", "leaf"] as const;
export type ClusterSelection = (typeof clusterSelections)[number];

export interface HdbscanOptions {
  /** Rows of a cluster, at least 2. Default 5. */
  least?: number;
  /** Neighbours that make a place dense, the row itself included. Default `least`. */
  neighbors?: number;
  selection?: ClusterSelection;
  /** Whether all rows may be one cluster. Default false. */
  allowSingle?: boolean;
  signal?: AbortSignal;
}

export interface Hdbscan {
  /** The cluster of each row, 0, 1, 2 …; −1 for none. */
  labels: Int32Array;
  /** How firmly each row belongs to its cluster, 0 … 1. */
  probabilities: Float64Array;
  /** How far out each row lies of the densest place near it, 0 … 1. */
  outliers: Float64Array;
  clusters: number;
}

/** Throws `invalid-argument` for rows that are not finite, or more neighbours than rows. */
export function hdbscan(matrix: Matrix, options: HdbscanOptions = {}): Hdbscan {
  const { least = 5, selection = "eom", allowSingle = false, signal } = options;
  wholeNumber("least", least, 2);
  const neighbors = wholeNumber("neighbors", options.neighbors ?? least, 1);
  oneOf("selection", selection, clusterSelections);
  const wrong = matrix.data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1)
    throw new SemspaceError(
      "invalid-argument",
      `Row ${Math.floor(wrong / matrix.columns)} holds ${matrix.data[wrong]}; vectors must be finite.`,
    );
  const { rows } = matrix;
  if (neighbors > rows)
    throw new SemspaceError("invalid-argument", `${neighbors} neighbors need as many vectors, got ${rows}.`);
  const { distances, k } = nearestRows(matrix, neighbors);
  const core = Float64Array.from({ length: rows }, (_, i) => distances[i * k + k - 1]);
  signal?.throwIfAborted();
  const nodes = condensedTree(reachabilityTree(matrix, core, signal), least);
  const tree = readTree(nodes, rows);
  const chosen = selection === "leaf" ? leaves(tree) : mostStable(tree, allowSingle);
  return labelled(tree, chosen, allowSingle);
}

interface ClusterTree {
  nodes: readonly CondensedNode[];
  rows: number;
  /** Clusters, by their number less `rows`: what they came from, when, and their excess of mass. */
  parents: number[];
  births: number[];
  stabilities: number[];
  children: number[][];
  /** The largest lambda at which something left the cluster. */
  deaths: number[];
}

function readTree(nodes: readonly CondensedNode[], rows: number): ClusterTree {
  const count = nodes.reduce((most, { parent, child }) => Math.max(most, parent, child), rows) - rows + 1;
  const empty = (): number[] => Array.from({ length: count }, () => 0);
  const tree: ClusterTree = {
    ...{ nodes, rows, parents: empty().fill(-1), births: empty(), stabilities: empty(), deaths: empty() },
    children: Array.from({ length: count }, () => []),
  };
  for (const { parent, child, lambda } of nodes) {
    tree.deaths[parent - rows] = Math.max(tree.deaths[parent - rows], lambda);
    if (child < rows) continue;
    tree.parents[child - rows] = parent - rows;
    tree.births[child - rows] = lambda;
    tree.children[parent - rows].push(child - rows);
  }
  for (const { parent, lambda, size } of nodes)
    tree.stabilities[parent - rows] += (lambda - tree.births[parent - rows]) * size;
  return tree;
}

/** A cluster stays whole where it outweighs all that it splits into. Clusters come after their parents. */
function mostStable({ stabilities, children }: ClusterTree, allowSingle: boolean): Set<number> {
  const weights = [...stabilities];
  const chosen = new Set<number>();
  for (let cluster = weights.length - 1; cluster >= (allowSingle ? 0 : 1); cluster -= 1) {
    const below = children[cluster].reduce((sum, child) => sum + weights[child], 0);
    if (below > weights[cluster]) weights[cluster] = below;
    else {
      chosen.add(cluster);
      const stack = [...children[cluster]];
      while (stack.length > 0) {
        const child = stack.pop()!;
        chosen.delete(child);
        stack.push(...children[child]);
      }
    }
  }
  return chosen;
}

function leaves({ children }: ClusterTree): Set<number> {
  return new Set([...children.keys()].filter((cluster) => cluster > 0 && children[cluster].length === 0));
}

function labelled(tree: ClusterTree, chosen: ReadonlySet<number>, allowSingle: boolean): Hdbscan {
  const { nodes, rows, parents, deaths } = tree;
  const order = [...chosen].toSorted((a, b) => a - b);
  const numbers = new Map(order.map((cluster, i) => [cluster, i]));
  const labels = new Int32Array(rows).fill(-1);
  const probabilities = new Float64Array(rows);
  const outliers = new Float64Array(rows);
  const deepest = [...deaths];
  for (let cluster = deepest.length - 1; cluster > 0; cluster -= 1)
    deepest[parents[cluster]] = Math.max(deepest[parents[cluster]], deepest[cluster]);
  // A single cluster keeps only the rows that stay as long as its densest ones.
  const single = allowSingle && chosen.has(0);
  for (const { parent, child, lambda } of nodes) {
    if (child >= rows) continue;
    let cluster = parent - rows;
    const most = deepest[cluster];
    outliers[child] = most === 0 || lambda === Infinity ? 0 : (most - lambda) / most;
    while (cluster > 0 && !chosen.has(cluster)) cluster = parents[cluster];
    if (!chosen.has(cluster) || (single && lambda < deaths[0])) continue;
    labels[child] = numbers.get(cluster)!;
    const death = deaths[cluster];
    probabilities[child] = death === 0 || lambda === Infinity ? 1 : Math.min(lambda, death) / death;
  }
  return { labels, probabilities, outliers, clusters: order.length };
}
