/**
 * Lloyd's rounds: every row to its nearest centre, every centre to the mean of its rows. With Hamerly's bounds ("Making k-means even
 * faster", 2010): a row whose distance to its centre is surely below that to any other is not compared again; those that are left are
 * gathered into blocks for the kernel. The sums of the rows follow those that move.
 */
import { createRowProducts, PRODUCT_ROWS, type RowProducts } from "../kernels/products.ts";
import type { CenteredRows, KMeans } from "./k-means.ts";
import type { Matrix } from "./matrix.ts";

/** What is known of the rows. */
interface Assignment {
  labels: Int32Array;
  /** Distance to the own centre, at most; and to the nearest other one, at least. */
  upper: Float64Array;
  lower: Float64Array;
  /** Of the rows of each centre. */
  sums: Float64Array;
  sizes: Uint32Array;
  /** Where rows are compared with the centres. */
  block: RowProducts;
}

/** Moves `centers`. An empty group takes the row that is farthest from its centre. */
export function lloyd(
  rows: CenteredRows,
  centers: Matrix,
  { rounds: most, enough }: { rounds: number; enough: number },
): KMeans {
  const { columns } = rows;
  const data = new Float32Array(PRODUCT_ROWS * columns);
  const known: Assignment = {
    labels: new Int32Array(rows.rows).fill(-1),
    upper: new Float64Array(rows.rows).fill(Infinity),
    lower: new Float64Array(rows.rows),
    sums: new Float64Array(centers.data.length),
    sizes: new Uint32Array(centers.rows),
    block: createRowProducts({ data, rows: PRODUCT_ROWS, columns }, centers.rows),
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
function assign(rows: CenteredRows, centers: Matrix, known: Assignment): boolean {
  const { table, stride } = rows.products;
  const { upper, lower, block } = known;
  const lengths = new Float64Array(centers.rows);
  for (let c = 0; c < centers.rows; c += 1) {
    const center = centers.row(c);
    block.others.set(center, c * stride);
    for (let j = 0; j < center.length; j += 1) lengths[c] += center[j] * center[j];
  }
  const waiting = new Int32Array(PRODUCT_ROWS);
  let count = 0;
  let moved = false;
  for (let row = 0; row < rows.rows; row += 1) {
    if (upper[row] >= lower[row]) {
      block.table.set(table.subarray(row * stride, (row + 1) * stride), count * stride);
      waiting[count] = row;
      count += 1;
    }
    if (count < PRODUCT_ROWS && row + 1 < rows.rows) continue;
    if (compare(rows, waiting.subarray(0, count), { known, lengths })) moved = true;
    count = 0;
  }
  return moved;
}

/** The rows that wait in the block, with all centres. */
function compare(
  rows: CenteredRows,
  waiting: Int32Array,
  { known, lengths }: { known: Assignment; lengths: Float64Array },
): boolean {
  const k = lengths.length;
  const { labels, upper, lower, block } = known;
  const dots = block.multiply(0, Math.ceil(waiting.length / 4) * 4, k);
  let moved = false;
  for (let i = 0; i < waiting.length; i += 1) {
    const row = waiting[i];
    let nearest = 0;
    let least = Infinity;
    let second = Infinity;
    for (let c = 0; c < k; c += 1) {
      const distance = lengths[c] - 2 * dots[i * k + c];
      if (distance < least) {
        second = least;
        least = distance;
        nearest = c;
      } else if (distance < second) second = distance;
    }
    if (labels[row] !== nearest) {
      moved = true;
      addRow(rows, row, { known, label: labels[row], sign: -1 });
      addRow(rows, row, { known, label: nearest, sign: 1 });
      labels[row] = nearest;
    }
    upper[row] = Math.sqrt(Math.max(0, rows.squares[row] + least));
    lower[row] = Math.sqrt(Math.max(0, rows.squares[row] + second));
  }
  return moved;
}

/** To the sum of a centre, or with sign −1 from it; nothing for no centre. */
function addRow(
  { columns, products: { table, stride } }: CenteredRows,
  row: number,
  { known: { sums, sizes }, label, sign }: { known: Assignment; label: number; sign: number },
): void {
  if (label < 0) return;
  sizes[label] += sign;
  const to = label * columns;
  const from = row * stride;
  for (let j = 0; j < columns; j += 1) sums[to + j] += sign * table[from + j];
}

/** Gives the sum of the squared moves. */
function moveCenters(rows: CenteredRows, centers: Matrix, { labels, upper, lower, sums, sizes }: Assignment): number {
  const { columns } = centers;
  const { table, stride } = rows.products;
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
