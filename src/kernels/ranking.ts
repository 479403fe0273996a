/**
 * The softmax over a batch's own documents (assembly/ranking.ts): loss and derivatives of one or several lengths of the vectors, in WASM SIMD
 * on several threads. The same bits whatever their number.
 */
import { rankingCode } from "./ranking-code.ts";
import { Team } from "./team.ts";

/** Rows whose scores are in memory at once, and values between two rows of scores, as in assembly/ranking.ts. */
const BLOCK = 16;
const GAP = 16;
const HEAD = 64;
/** Parts that the rows are cut into; more threads than these find nothing to do. */
const PARTS = 8;
/** Bytes below are the compiler's: the table of its logarithm, which every new thread writes again. */
const FIRST = 16_384;

/** What the kernel ranks. */
export interface RankingBatch {
  /** [rows, columns]; document i belongs to query i, all others count against it. */
  queries: Float32Array;
  rows: number;
  /** [documents, columns], at least as many as rows. Several arrays stand one behind the other. */
  documents: readonly Float32Array[];
  columns: number;
  /** Lengths that are compared, ascending multiples of 8 up to `columns`, with their weights. */
  cuts: readonly { length: number; weight: number }[];
  scale: number;
  cosine: boolean;
}

/** What a batch gives: the derivatives are views that the next batch overwrites. */
export interface RankingResult {
  loss: number;
  queries: Float32Array;
  documents: Float32Array;
}

/** Takes one batch after the other; the memory grows with the largest. */
export class RankingKernel {
  readonly #threads: number;
  #team: Team | undefined;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Whether the kernel takes such vectors; any others are for plain TypeScript. */
  static takes(columns: number, cuts: readonly number[]): boolean {
    return columns % 8 === 0 && cuts.at(-1) === columns && cuts.every((length) => length % 8 === 0 && length > 0);
  }

  run(batch: RankingBatch): RankingResult {
    const { rows, columns, cuts } = batch;
    const documents = batch.documents.reduce((sum, { length }) => sum + length / columns, 0);
    const at = placesOf(batch, documents);
    this.#team ??= new Team(rankingCode, { bytes: at.top, threads: this.#threads });
    this.#team.reserve(at.top);
    const { buffer } = this.#team.memory;
    const floats = new Float32Array(buffer);
    for (const [t, { length, weight }] of cuts.entries()) {
      new Int32Array(buffer)[at.lengths / 4 + t] = length;
      floats[at.weights / 4 + t] = weight;
    }
    new Uint32Array(buffer).set(
      [
        ...[at.queries, at.queryGradients, at.documents, at.documentGradients, rows, documents, columns, cuts.length],
        ...[at.lengths, at.weights, 0, Number(batch.cosine), at.panels, at.columnPanels],
        ...[at.queryInverses, at.documentInverses, at.parts, at.partBytes, PARTS],
      ],
      at.parameters / 4,
    );
    floats[at.parameters / 4 + 10] = batch.scale;
    floats.set(batch.queries, at.queries / 4);
    let next = at.documents / 4;
    for (const values of batch.documents) {
      floats.set(values, next);
      next += values.length;
    }
    for (const kernel of ["prepare", "rank", "gather"]) this.#team.run(kernel, PARTS, at.parameters);
    const view = new DataView(buffer);
    let loss = 0;
    for (let part = 0; part < PARTS; part += 1) loss += view.getFloat64(at.parts + part * at.partBytes, true);
    return {
      loss: loss / rows,
      queries: floats.subarray(at.queryGradients / 4, at.queryGradients / 4 + rows * columns),
      documents: floats.subarray(at.documentGradients / 4, at.documentGradients / 4 + documents * columns),
    };
  }
}

/** Where a batch lies in the kernel's memory, in bytes; `top` is behind all of it. */
type Places = Record<
  | "parameters"
  | "lengths"
  | "weights"
  | "queries"
  | "queryGradients"
  | "documents"
  | "documentGradients"
  | "panels"
  | "columnPanels"
  | "queryInverses"
  | "documentInverses"
  | "parts"
  | "partBytes"
  | "top",
  number
>;

function placesOf({ rows, columns, cuts }: RankingBatch, documents: number): Places {
  const padded = Math.ceil(documents / 8) * 8;
  const scores = cuts.length * BLOCK * (padded + GAP);
  const ownValues = HEAD / 4 + padded * columns + cuts.length * padded + 2 * BLOCK * columns + padded + scores;
  const partBytes = Math.ceil(ownValues / 16) * 64;
  let top = FIRST;
  const place = (values: number): number => {
    const at = top;
    top = Math.ceil((at + values * 4) / 64) * 64;
    return at;
  };
  const places = {
    parameters: place(32),
    lengths: place(cuts.length),
    weights: place(cuts.length),
    queries: place(rows * columns),
    queryGradients: place((rows + 4) * columns),
    documents: place(documents * columns),
    documentGradients: place(documents * columns),
    panels: place(padded * columns),
    columnPanels: place(padded * columns),
    queryInverses: place(cuts.length * rows),
    documentInverses: place(cuts.length * padded),
    parts: place((PARTS * partBytes) / 4),
  };
  return { ...places, partBytes, top };
}
