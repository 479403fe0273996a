/**
 * Lloyd's rounds: every row to its nearest centre, every centre to the mean of its rows. With Hamerly's bounds ("Making k-means even
 * faster", 2010): a row whose distance to its centre is surely below that to any other is not compared again. Rows are compared
 * four at a time, as the kernels want them.
 */
import type { CenteredRows, KMeans } from "./k-means.ts";
import type { Matrix } from "./matrix.ts";

/** What is known of the rows. */
interface Assignment {
  labels: Int32Array;
  /** Distance to the own centre, at most; and to the nearest other one, at least. */
  upper: Float64Array;
  lower: Float64Array;
}

/** Moves `centers`. An empty group takes the row that is farthest from its centre. */
export function lloyd(
  rows: CenteredRows,
  centers: Matrix,
  { rounds: most, enough }: { rounds: number; enough: number },
): KMeans {
  const known: Assignment = {
    labels: new Int32Array(rows.rows).fill(-1),
    upper: new Float64Array(rows.rows).fill(Infinity),
    lower: new Float64Array(rows.rows),
  };
  let rounds = 0;
  for (; rounds < most; rounds += 1) {
    if (!assign(rows, centers, known)) break;
    if (moveCenters(rows, centers, known) <= enough) {
      rounds += 1;
      break;
    }
  }
  assign(rows, centers, known);
  return { labels: known.labels, centers, inertia: inertiaOf(rows, centers, known.labels), rounds };
}

/** Whether any row has another centre now. */
function assign(
  { rows, products, squares }: CenteredRows,
  centers: Matrix,
  { labels, upper, lower }: Assignment,
): boolean {
  const k = centers.rows;
  const { others, stride } = products;
  const lengths = new Float64Array(k);
  for (let c = 0; c < k; c += 1) {
    const center = centers.row(c);
    others.set(center, c * stride);
    for (let j = 0; j < center.length; j += 1) lengths[c] += center[j] * center[j];
  }
  let moved = false;
  const sure = (i: number): boolean => i >= rows || upper[i] < lower[i];
  for (let first = 0; first < rows; first += 4) {
    if (sure(first) && sure(first + 1) && sure(first + 2) && sure(first + 3)) continue;
    // As many fours as follow each other go in one call.
    let end = first + 4;
    while (end < rows && end - first < 256 && !(sure(end) && sure(end + 1) && sure(end + 2) && sure(end + 3))) end += 4;
    const dots = products.multiply(first, end - first, k);
    for (let row = first; row < Math.min(end, rows); row += 1) {
      const at = (row - first) * k;
      let [nearest, least, second] = [0, Infinity, Infinity];
      for (let c = 0; c < k; c += 1) {
        const distance = lengths[c] - 2 * dots[at + c];
        if (distance < least) {
          second = least;
          least = distance;
          nearest = c;
        } else if (distance < second) second = distance;
      }
      moved ||= labels[row] !== nearest;
      labels[row] = nearest;
      upper[row] = Math.sqrt(Math.max(0, squares[row] + least));
      lower[row] = Math.sqrt(Math.max(0, squares[row] + second));
    }
    first = end - 4;
  }
  return moved;
}

/** Gives the sum of the squared moves. */
function moveCenters(rows: CenteredRows, centers: Matrix, { labels, upper, lower }: Assignment): number {
  const { columns } = centers;
  const { table, stride } = rows.products;
  const sums = new Float64Array(centers.data.length);
  const sizes = new Uint32Array(centers.rows);
  for (let i = 0; i < rows.rows; i += 1) {
    const to = labels[i] * columns;
    sizes[labels[i]] += 1;
    for (let j = 0, at = i * stride; j < columns; j += 1, at += 1) sums[to + j] += table[at];
  }
  const moves = new Float64Array(centers.rows);
  for (let c = 0; c < centers.rows; c += 1) {
    let center: ArrayLike<number> = sums.subarray(c * columns, (c + 1) * columns).map((sum) => sum / sizes[c]);
    if (sizes[c] === 0) {
      const farthest = upper.reduce((best, distance, i) => (distance > upper[best] ? i : best), 0);
      center = table.subarray(farthest * stride, farthest * stride + columns);
      upper[farthest] = 0;
    }
    moves[c] = moveTo(centers.row(c), center);
  }
  const most = moves.reduce((largest, move) => Math.max(largest, move), 0);
  // A little more than the move, for what float32 rounds.
  const slack = 1e-6 * Math.sqrt(rows.variance * columns);
  for (let i = 0; i < rows.rows; i += 1) {
    upper[i] += moves[labels[i]] + slack;
    lower[i] -= most + slack;
  }
  return moves.reduce((sum, move) => sum + move * move, 0);
}

function moveTo(center: Float32Array, to: ArrayLike<number>): number {
  let square = 0;
  for (let j = 0; j < center.length; j += 1) {
    const before = center[j];
    center[j] = to[j];
    square += (center[j] - before) ** 2;
  }
  return Math.sqrt(square);
}

function inertiaOf({ rows, products: { table, stride } }: CenteredRows, centers: Matrix, labels: Int32Array): number {
  let inertia = 0;
  for (let i = 0; i < rows; i += 1) {
    const center = centers.row(labels[i]);
    for (let j = 0; j < center.length; j += 1) inertia += (table[i * stride + j] - center[j]) ** 2;
  }
  return inertia;
}
