/**
 * The minimum spanning tree of mutual reachability: the distance of two rows, but at least the distance of either to its k-th nearest
 * (Campello, Moulavi, Sander 2013). By Prim's way with one pass over the rows that are still outside for each row that comes in.
 */
import { createRowProducts, PRODUCT_ROWS } from "../kernels/products.ts";
import type { Matrix } from "./matrix.ts";
import { squaredLengths } from "./nearest-rows.ts";

export interface TreeEdge {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

/** The rows − 1 edges, in the order in which rows came in; `core` is each row's distance to its k-th nearest. */
export function reachabilityTree(matrix: Matrix, core: Float64Array, signal?: AbortSignal): TreeEdge[] {
  const { rows, columns } = matrix;
  if (rows < 2) return [];
  const products = createRowProducts(matrix, 1);
  const { table, others, stride } = products;
  const squares = squaredLengths(matrix);
  // The rows outside lie at the front of the table.
  const outside = Int32Array.from({ length: rows }, (_, i) => i);
  const reach = new Float64Array(rows).fill(Infinity);
  const from = new Int32Array(rows);
  const edges: TreeEdge[] = [];
  let left = rows;
  const take = (place: number): number => {
    const row = outside[place];
    left -= 1;
    outside[place] = outside[left];
    reach[place] = reach[left];
    from[place] = from[left];
    table.copyWithin(place * stride, left * stride, (left + 1) * stride);
    return row;
  };
  let current = take(0);
  while (edges.length < rows - 1) {
    if (left % 1024 === 0) signal?.throwIfAborted();
    others.set(matrix.data.subarray(current * columns, (current + 1) * columns));
    const [square, ownCore] = [squares[current], core[current]];
    let nearest = 0;
    for (let first = 0; first < left; first += PRODUCT_ROWS) {
      const count = Math.min(PRODUCT_ROWS, left - first);
      const dots = products.multiply(first, Math.ceil(count / 4) * 4, 1);
      for (let i = 0; i < count; i += 1) {
        const place = first + i;
        const row = outside[place];
        const distance = Math.sqrt(Math.max(0, square + squares[row] - 2 * dots[i]));
        const mutual = Math.max(distance, ownCore, core[row]);
        if (mutual < reach[place]) {
          reach[place] = mutual;
          from[place] = current;
        }
        if (reach[place] < reach[nearest]) nearest = place;
      }
    }
    const edge = { from: from[nearest], distance: reach[nearest] };
    current = take(nearest);
    edges.push({ ...edge, to: current });
  }
  return edges;
}
