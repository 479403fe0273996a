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
    const padded = Math.ceil(documents / 8) * 8;
    let top = FIRST;
    const place = (values: number): number => {
      const at = top;
      top = Math.ceil((at + values * 4) / 64) * 64;
      return at;
    };
    const parameters = place(32);
    const lengths = place(cuts.length);
    const weights = place(cuts.length);
    const queriesAt = place(rows * columns);
    const queryGradients = place((rows + 4) * columns);
    const documentsAt = place(documents * columns);
    const documentGradients = place(documents * columns);
    const panels = place(padded * columns);
    const columnPanels = place(padded * columns);
    const queryInverses = place(cuts.length * rows);
    const documentInverses = place(cuts.length * padded);
    const ownValues =
      HEAD / 4 +
      padded * columns +
      cuts.length * padded +
      2 * BLOCK * columns +
      padded +
      cuts.length * BLOCK * (padded + GAP);
    const partBytes = Math.ceil(ownValues / 16) * 64;
    const parts = place((PARTS * partBytes) / 4);
    this.#team ??= new Team(rankingCode, { bytes: top, threads: this.#threads });
    this.#team.reserve(top);
    const { buffer } = this.#team.memory;
    const floats = new Float32Array(buffer);
    for (const [t, { length, weight }] of cuts.entries()) {
      new Int32Array(buffer)[lengths / 4 + t] = length;
      floats[weights / 4 + t] = weight;
    }
    new Uint32Array(buffer).set(
      [
        ...[queriesAt, queryGradients, documentsAt, documentGradients, rows, documents, columns, cuts.length],
        ...[lengths, weights, 0, Number(batch.cosine), panels, columnPanels, queryInverses, documentInverses],
        ...[parts, partBytes, PARTS],
      ],
      parameters / 4,
    );
    floats[parameters / 4 + 10] = batch.scale;
    floats.set(batch.queries, queriesAt / 4);
    let at = documentsAt / 4;
    for (const values of batch.documents) {
      floats.set(values, at);
      at += values.length;
    }
    for (const kernel of ["prepare", "rank", "gather"]) this.#team.run(kernel, PARTS, parameters);
    let loss = 0;
    for (let part = 0; part < PARTS; part += 1) loss += new DataView(buffer).getFloat64(parts + part * partBytes, true);
    return {
      loss: loss / rows,
      queries: floats.subarray(queryGradients / 4, queryGradients / 4 + rows * columns),
      documents: floats.subarray(documentGradients / 4, documentGradients / 4 + documents * columns),
    };
  }
}
