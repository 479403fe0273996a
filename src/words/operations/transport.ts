/**
 * The cheapest way to move masses from sources to sinks (earth mover's distance), exactly, by successive shortest paths with
 * potentials: Dijkstra on the dense graph for every path, O((m + n)²) each. Masses are whole numbers, so nothing is lost to rounding
 * and every path moves at least one unit of them.
 * Reference for the result: POT's `emd2`.
 */
import { SemspaceError } from "../../errors.ts";

export interface TransportProblem {
  /** Whole numbers, [m]. */
  supply: ArrayLike<number>;
  /** Whole numbers of the same sum, [n]. */
  demand: ArrayLike<number>;
  /** Cost of one unit from source i to sink j, at least 0: [m, n], row-major. */
  costs: Float64Array;
}

/** The cost of the cheapest plan. Throws `mismatch` when supply and demand differ in sum. */
export function transportCost({ supply, demand, costs }: TransportProblem): number {
  const [m, n] = [supply.length, demand.length];
  const [left, open] = [Float64Array.from(supply), Float64Array.from(demand)];
  if (sum(left) !== sum(open)) {
    throw new SemspaceError("mismatch", `Supply ${sum(left)} and demand ${sum(open)} must be equal.`);
  }
  const flow = new Float64Array(m * n);
  const graph = { m, n, costs, flow, potentials: new Float64Array(m + n) };
  for (let source = 0; source < m; source += 1) {
    while (left[source] > 0) {
      const { end, before } = shortestPath(graph, source, open);
      let amount = Math.min(left[source], open[end]);
      for (let j = end; ;) {
        const i = before[m + j];
        if (i === source) break;
        j = before[i];
        amount = Math.min(amount, flow[i * n + j]);
      }
      for (let j = end; ;) {
        const i = before[m + j];
        flow[i * n + j] += amount;
        if (i === source) break;
        j = before[i];
        flow[i * n + j] -= amount;
      }
      left[source] -= amount;
      open[end] -= amount;
    }
  }
  let cost = 0;
  for (let k = 0; k < flow.length; k += 1) cost += flow[k] * costs[k];
  return cost;
}

interface Graph {
  m: number;
  n: number;
  costs: Float64Array;
  flow: Float64Array;
  /** Of sources, then sinks: with them no edge is cheaper than 0. */
  potentials: Float64Array;
}

/**
 * The cheapest path from a source to a sink that is still open, over edges source → sink and, where something flows, back.
 * `before` names the source before a sink, and the sink before a source.
 */
function shortestPath(graph: Graph, source: number, open: Float64Array): { end: number; before: Int32Array } {
  const { m, n, costs, flow, potentials } = graph;
  const distance = new Float64Array(m + n).fill(Infinity);
  const before = new Int32Array(m + n).fill(-1);
  const done = new Uint8Array(m + n);
  distance[source] = 0;
  for (;;) {
    let node = -1;
    for (let v = 0; v < m + n; v += 1) {
      if (done[v] === 0 && distance[v] < Infinity && (node < 0 || distance[v] < distance[node])) node = v;
    }
    done[node] = 1;
    if (node >= m && open[node - m] > 0) {
      for (let v = 0; v < m + n; v += 1) potentials[v] += Math.min(distance[v], distance[node]);
      return { end: node - m, before };
    }
    const [start, stop] = node < m ? [m, m + n] : [0, m];
    for (let v = start; v < stop; v += 1) {
      if (done[v] === 1) continue;
      const [i, j] = node < m ? [node, v - m] : [v, node - m];
      if (node >= m && flow[i * n + j] === 0) continue;
      const cost = node < m ? costs[i * n + j] : -costs[i * n + j];
      const reduced = Math.max(0, cost + potentials[node] - potentials[v]);
      if (distance[node] + reduced >= distance[v]) continue;
      distance[v] = distance[node] + reduced;
      before[v] = node < m ? node : node - m;
    }
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i];
  return total;
}
