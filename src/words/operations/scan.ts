/**
 * The nearest rows, found in a copy of one byte a number and then scored exactly: the result is that of comparing every row,
 * a quarter of the memory traffic and SIMD make it several times faster.
 *
 * Unit rows u are stored as int8 codes q with one scale s a row, the unit query as int16 codes n with the scale t. The error of
 * s × t × q·n against u·m is at most |u - s q| + |s q| × |m - t n| (Cauchy-Schwarz). Rows whose approximate score lies within twice
 * that bound of the k-th best are scored again with the stored numbers, so none of the k best is missed.
 */
import { createInt8Scanner, type Int8Scanner } from "../../kernels/scan.ts";
import { topK } from "../../matrix/index.ts";
import { ProductTable } from "../tables/product-table.ts";
import { dot, norm } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";
import type { FoundRows } from "./most-similar.ts";

export interface Scan {
  /** The rows of the range with the largest `query · row / |row|`, best first; of equal ones the smaller index first. */
  top(query: Float32Array, range: { from: number; to: number; top: number }): FoundRows;
}

/** Fewer numbers than this are compared as they are. */
const WORTH_SCANNING = 200_000;

/** Undefined where the table is small, or WASM SIMD or the memory for it is not to be had. */
export function buildScan(vectors: WordVectors): Scan | undefined {
  const { rows, columns } = vectors.table;
  // A product-quantised table is searched by looking products up; a copy would cost the memory that it saves.
  if (rows * columns < WORTH_SCANNING || vectors.table instanceof ProductTable) return undefined;
  const scanner = createInt8Scanner(rows, columns);
  if (!scanner) return undefined;
  const error = quantizeUnitRows(vectors, scanner);
  return { top: (query, range) => exactTop(vectors, { scanner, error }, { query, ...range }) };
}

/** Fills the scanner; gives the largest |unit row - scale × codes|. A row of zeros stays zeros. */
function quantizeUnitRows({ table, norms }: WordVectors, { codes, scales, stride }: Int8Scanner): number {
  let worst = 0;
  for (let i = 0; i < table.rows; i += 1) {
    const row = table.row(i);
    let largest = 0;
    for (let k = 0; k < row.length; k += 1) largest = Math.max(largest, Math.abs(row[k]));
    const factor = largest > 0 ? 127 / largest : 0;
    let squares = 0;
    for (let k = 0, at = i * stride; k < row.length; k += 1, at += 1) {
      codes[at] = Math.round(row[k] * factor);
      const lost = row[k] * factor - codes[at];
      squares += lost * lost;
    }
    scales[i] = factor > 0 ? 1 / (factor * norms[i]) : 0;
    worst = Math.max(worst, Math.sqrt(squares) * scales[i]);
  }
  return worst;
}

function exactTop(
  { table, norms }: WordVectors,
  { scanner, error }: { scanner: Int8Scanner; error: number },
  { query, from, to, top }: { query: Float32Array; from: number; to: number; top: number },
): FoundRows {
  const { scores, queryError } = scanner.scan(query, from, to);
  const near = topK(scores, Math.min(top, scores.length)).scores;
  // A float32 sum of the approximate scores adds some 1e-6.
  const bound = norm(query) * error + (1 + error) * queryError + 1e-5;
  const least = (near.at(-1) ?? 0) - 2 * bound;
  const rows: number[] = [];
  for (let i = 0; i < scores.length; i += 1) if (scores[i] >= least) rows.push(from + i);
  const exact = Float32Array.from(rows, (row) => (norms[row] > 0 ? dot(table.row(row), query) / norms[row] : 0));
  const best = topK(exact, Math.min(top, rows.length));
  return { rows: best.indices.map((i) => rows[i]), scores: best.scores };
}
