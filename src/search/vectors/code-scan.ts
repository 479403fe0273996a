/**
 * The exact nearest float32 rows, found by their int8 codes: a quarter of the memory is read, and only what may be among the best is scored
 * with its own numbers.
 *
 * With codes s q for a row u and t n for a query m, u·m differs from s q · t n by at most |u - s q| |m| + |s q| |m - t n| (Cauchy-Schwarz).
 * Once the k-th best exact score is above the last candidate's score by codes plus that bound, no row behind the candidates can be a hit.
 */
import { BestRows, type FoundRows } from "../../kernels/vector-scan/best-rows.ts";
import { type BlockOptions, VectorBlock } from "../../kernels/vector-scan/vector-block.ts";
import { int16Query, int8Codes, setRow } from "./row-codes.ts";

/** Candidates a hit, and at least; four times as many when they were not enough. */
const CANDIDATES_A_HIT = 3;
const LEAST_CANDIDATES = 50;
const MORE = 4;
/** Rounding of float32 sums, beyond the bound, for vectors of length 1. */
const SLACK = 1e-5;

/** The codes of one block of float32 rows, and how far they are off at most. */
export class CodeRows {
  readonly block: VectorBlock;
  #largestError = 0;
  #largestLength = 0;

  constructor(dimensions: number, options: BlockOptions) {
    this.block = new VectorBlock("int8", dimensions, options);
  }

  append(vector: Float32Array): void {
    const { codes, scale } = int8Codes(vector, "dot");
    const row = this.block.rows;
    this.block.grow(1);
    setRow(this.block, row, codes);
    this.block.scales(row)[0] = scale;
    let error = 0;
    let length = 0;
    for (let k = 0; k < vector.length; k += 1) {
      error += (vector[k] - codes[k] * scale) ** 2;
      length += vector[k] * vector[k];
    }
    this.#largestError = Math.max(this.#largestError, Math.sqrt(error));
    this.#largestLength = Math.max(this.#largestLength, Math.sqrt(length));
  }

  /** Puts a query into the block; gives the bound. */
  setQuery(at: number, query: Float32Array): number {
    const { numbers, factor } = int16Query(query);
    this.block.setQuery(at, numbers, factor);
    let length = 0;
    let lost = 0;
    for (let k = 0; k < query.length; k += 1) {
      length += query[k] * query[k];
      lost += (query[k] - numbers[k] * factor) ** 2;
    }
    const rows = this.#largestLength + this.#largestError;
    return this.#largestError * Math.sqrt(length) + rows * (Math.sqrt(lost) + SLACK * Math.sqrt(length));
  }
}

/** What the candidates of a query are asked. */
export interface CandidateScan {
  /** The best rows of each query by codes. */
  scan: (k: number) => Promise<FoundRows[]>;
  /** The exact score of a row. */
  score: (query: number, row: number) => number;
  /** How far scores by codes are off at most, by query. */
  bounds: readonly number[];
  /** Rows in all. */
  rows: number;
}

/** The `k` best of each query by exact score; undefined where so many candidates are needed that comparing all rows is quicker. */
export async function exactByCodes(
  k: number,
  { scan, score, bounds, rows }: CandidateScan,
): Promise<FoundRows[] | undefined> {
  for (let wanted = Math.max(LEAST_CANDIDATES, k * CANDIDATES_A_HIT); wanted * MORE <= rows; wanted *= MORE) {
    // oxlint-disable-next-line no-await-in-loop -- more candidates only when these are too few
    const found = await scan(wanted);
    const best = found.map((candidates, query) => {
      const heap = new BestRows(k);
      for (const row of candidates.rows) heap.push(row, Math.fround(score(query, row)));
      return heap;
    });
    const enough = found.every(
      ({ scores }, query) => scores.length < wanted || scores[wanted - 1] + bounds[query] < best[query].threshold,
    );
    if (enough) return best.map((heap) => heap.sorted());
  }
  return undefined;
}
