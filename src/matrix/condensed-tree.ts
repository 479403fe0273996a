/**
 * The tree of clusters that lose members or split as the distance shrinks, without those that are too small: from a spanning tree, as
 * HDBSCAN condenses it (Campello et al. 2013; McInnes and Healy 2017, https://arxiv.org/abs/1705.07321).
 */
import type { TreeEdge } from "./reachability-tree.ts";

/** A member that leaves its cluster, or a cluster that it splits into. */
export interface CondensedNode {
  /** A cluster: rows (the root), rows + 1, … */
  readonly parent: number;
  /** A row, below `rows`, or a cluster. */
  readonly child: number;
  /** 1 / distance at which it leaves. */
  readonly lambda: number;
  /** Rows in the child. */
  readonly size: number;
}

interface Branch {
  readonly left: number;
  readonly right: number;
  readonly distance: number;
  readonly size: number;
}

/** Nodes in the order of their clusters; `least` is the size of the smallest cluster. */
export function condensedTree(edges: readonly TreeEdge[], least: number): CondensedNode[] {
  const branches = singleLinkage(edges);
  const rows = branches.length + 1;
  const sizeOf = (node: number): number => (node < rows ? 1 : branches[node - rows].size);
  const nodes: CondensedNode[] = [];
  let clusters = rows;
  const waiting: { node: number; cluster: number }[] = [{ node: 2 * rows - 2, cluster: clusters }];
  const leave = (node: number, parent: number, lambda: number): void => {
    for (const child of rowsBelow(node, branches)) nodes.push({ parent, child, lambda, size: 1 });
  };
  for (let at = 0; at < waiting.length; at += 1) {
    const { node, cluster } = waiting[at];
    if (node < rows) continue;
    const { left, right, distance } = branches[node - rows];
    const lambda = distance > 0 ? 1 / distance : Infinity;
    const sides = [left, right].map((side) => ({ side, size: sizeOf(side) }));
    const splits = sides.every(({ size }) => size >= least);
    for (const { side, size } of sides) {
      if (size < least) leave(side, cluster, lambda);
      else if (splits) {
        clusters += 1;
        nodes.push({ parent: cluster, child: clusters, lambda, size });
        waiting.push({ node: side, cluster: clusters });
      } else waiting.push({ node: side, cluster });
    }
  }
  return nodes;
}

/** Joins the ends of the edges, the shortest first: branch i is node rows + i. */
function singleLinkage(edges: readonly TreeEdge[]): Branch[] {
  const rows = edges.length + 1;
  const parents = Int32Array.from({ length: 2 * rows }, (_, i) => i);
  const rootOf = (node: number): number => {
    let root = node;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  const branches: Branch[] = [];
  const sizeOf = (node: number): number => (node < rows ? 1 : branches[node - rows].size);
  for (const { from, to, distance } of edges.toSorted((a, b) => a.distance - b.distance)) {
    const [left, right] = [rootOf(from), rootOf(to)];
    parents[left] = parents[right] = rows + branches.length;
    branches.push({ left, right, distance, size: sizeOf(left) + sizeOf(right) });
  }
  return branches;
}

function rowsBelow(node: number, branches: readonly Branch[]): number[] {
  const rows = branches.length + 1;
  const found: number[] = [];
  const stack = [node];
  while (stack.length > 0) {
    const at = stack.pop()!;
    if (at < rows) found.push(at);
    else stack.push(branches[at - rows].right, branches[at - rows].left);
  }
  return found;
}
