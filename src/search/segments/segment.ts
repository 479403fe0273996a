/** A run of an index's rows: what entries hold beside their vectors. Rows are never changed; a segment in memory grows at its end. */
import type { Metadata } from "../filter.ts";
import { buildPostings, type Postings } from "../lexical/postings.ts";
import type { KnownTerms } from "../lexical/known-terms.ts";
import type { TermReader } from "../lexical/terms.ts";
import type { KeptRow } from "../vectors/row-codes.ts";

export interface SegmentRecord {
  text?: string | undefined;
  metadata?: Metadata | undefined;
}

export interface Segment {
  readonly rows: number;
  ids(): Promise<readonly string[]>;
  metadata(): Promise<readonly (Metadata | undefined)[]>;
  texts(): Promise<readonly (string | undefined)[]>;
  record(row: number): Promise<SegmentRecord>;
  postings(): Promise<Postings>;
  /** All rows in order. A segment in memory has none: its vectors are in the table alone. */
  vectors?(take: (row: KeptRow) => void): Promise<void>;
  /** One row, without the others being read. */
  vector?(row: number): Promise<KeptRow>;
}

/** Rows that were given in this run. */
export class MemorySegment implements Segment {
  readonly #ids: string[] = [];
  readonly #records: SegmentRecord[] = [];
  readonly #read: TermReader;
  readonly #known: KnownTerms | undefined;
  #postings: Postings | undefined;

  constructor(read: TermReader, known?: KnownTerms) {
    this.#read = read;
    this.#known = known;
  }

  get rows(): number {
    return this.#ids.length;
  }

  push(id: string, record: SegmentRecord): void {
    this.#ids.push(id);
    this.#records.push(record);
    this.#postings = undefined;
  }

  ids(): Promise<readonly string[]> {
    return Promise.resolve(this.#ids);
  }

  metadata(): Promise<readonly (Metadata | undefined)[]> {
    return Promise.resolve(this.#records.map((record) => record.metadata));
  }

  texts(): Promise<readonly (string | undefined)[]> {
    return Promise.resolve(this.#records.map((record) => record.text));
  }

  record(row: number): Promise<SegmentRecord> {
    return Promise.resolve(this.#records[row]);
  }

  postings(): Promise<Postings> {
    const texts = this.#records.map((record) => record.text ?? "");
    this.#postings ??= buildPostings(texts, this.#read, this.#known);
    return Promise.resolve(this.#postings);
  }
}

/** How many segments at the end should become one, so that sizes fall by half at least and their number stays small; 0 or 1: none. */
export function tailToMerge(rows: readonly number[]): number {
  let count = 1;
  let total = rows.at(-1) ?? 0;
  while (count < rows.length && rows[rows.length - 1 - count] < 2 * total) {
    total += rows[rows.length - 1 - count];
    count += 1;
  }
  return count;
}
