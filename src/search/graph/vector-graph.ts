/**
 * A graph of neighbours over the rows of a table: int8 codes lead to candidates, the table's own numbers rank them. Rows that are gone stay
 * in it as ways to others and are not found.
 */
import type { FoundRows } from "../../kernels/vector-scan/best-rows.ts";
import { type GraphLinks, NeighbourGraph, WIDEST } from "../../kernels/hnsw.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { asMeasured, int16Query, int8Codes, valuesOf } from "../vectors/row-codes.ts";
import type { VectorTable } from "../vectors/vector-table.ts";

/** Candidates of a search, at least; a hit needs several. */
const LEAST_WIDTH = 200;
const CANDIDATES_A_HIT = 4;
/** Candidates whose own numbers are looked at. */
const RANKED_A_HIT = 2;
const LEAST_RANKED = 10;
/** Milliseconds that rows are added before others get their turn. */
const SLICE = 50;

export interface GraphSearch {
  k: number;
  /** 1 where a row may be found, one a row. */
  allowed?: Uint8Array | undefined;
  /** Candidates; more find more and take longer. Default by `k`. */
  width?: number | undefined;
}

export class VectorGraph {
  readonly #table: VectorTable;
  readonly #graph: NeighbourGraph;

  constructor(table: VectorTable, saved?: GraphLinks) {
    this.#table = table;
    const options = { random: randomNumbers(1) };
    this.#graph = saved
      ? NeighbourGraph.load(table.dimensions, saved, { ...options, codesOf: (row) => this.#codesOf(row) })
      : new NeighbourGraph(table.dimensions, options);
  }

  /** Rows in the graph: the table's first ones. */
  get rows(): number {
    return this.#graph.size;
  }

  /** Adds the table's rows up to `rows`, and lets others work between. */
  async addRows(rows: number): Promise<void> {
    let pausedAt = Date.now();
    while (this.#graph.size < rows) {
      const { codes, scale } = this.#codesOf(this.#graph.size);
      this.#graph.add(codes, scale);
      if (Date.now() - pausedAt < SLICE) continue;
      // oxlint-disable-next-line no-await-in-loop -- rows come one behind the other
      await new Promise((resolve) => setTimeout(resolve));
      pausedAt = Date.now();
    }
  }

  search(query: Float32Array, { k, allowed, width }: GraphSearch): FoundRows {
    const measured = asMeasured(query, this.#table.measure);
    const candidates = Math.min(WIDEST, width ?? Math.max(LEAST_WIDTH, k * CANDIDATES_A_HIT));
    const rows = this.#graph.search(int16Query(measured).numbers, candidates, allowed);
    // They come sorted by codes, which rarely put a hit so far behind.
    return this.#table.rank(measured, rows.subarray(0, k * RANKED_A_HIT + LEAST_RANKED), k);
  }

  save(): GraphLinks {
    return this.#graph.save();
  }

  #codesOf(row: number): { codes: Int8Array; scale: number } {
    const kept = this.#table.kept(row);
    return kept.numbers instanceof Int8Array
      ? { codes: kept.numbers, scale: kept.scale }
      : int8Codes(valuesOf(kept), this.#table.measure);
  }
}
