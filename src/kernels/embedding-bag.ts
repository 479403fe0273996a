/**
 * A table of token vectors that learns (assembly/embedding-bag.ts): means, their derivatives, AdamW, in WASM SIMD on several threads.
 * The table, what AdamW remembers and a batch lie in one memory. The same bits whatever the number of threads.
 */
import { SemspaceError } from "../errors.ts";
import { embeddingBagCode } from "./embedding-bag-code.ts";
import { Team } from "./team.ts";
import type { TokenRanges } from "./kernels.ts";

/** Bytes below are the compiler's. */
const FIRST = 16_384;
const PARAMETERS = 256;
const PARTS = 16;
/** Memory for batches where a memory cannot grow under its views, because it is not shared. */
const PLAIN_BATCH = 128 * 2 ** 20;

/** The rows of the table that a batch has touched, with their derivatives: views that the next batch overwrites. */
export interface BagGradient {
  /** Ascending. */
  ids: Int32Array;
  /** [ids, columns] */
  values: Float32Array;
}

export interface BagStep {
  /** Learning rate over the correction of the means. */
  size: number;
  /** Values are multiplied with it first: 1 − learning rate × weight decay. */
  shrink: number;
  /** Root of the correction of the squares. */
  correction: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Rows without a derivative rest. */
  touched: boolean;
}

export class EmbeddingBagKernel {
  readonly columns: number;
  readonly rows: number;
  /** [rows, columns]: the table itself. */
  readonly table: Float32Array;
  readonly #team: Team;
  readonly #at: { table: number; mean: number; square: number; none: number; batch: number };
  #batch: { texts: TokenRanges; top: number } | undefined;

  /** Copies the rows. Throws `unavailable` when there is no memory for them. */
  constructor(rows: Float32Array, columns: number, threads: number) {
    if (columns % 4 !== 0) {
      const message = `A table that learns has a multiple of 4 dimensions, got ${columns}.`;
      throw new SemspaceError("unsupported", message);
    }
    this.columns = columns;
    this.rows = rows.length / columns;
    const bytes = rows.byteLength;
    const table = FIRST + PARAMETERS;
    // Every place has room for the up to 48 bytes that the loops read beyond a row.
    const mean = line(table + bytes + 64);
    const square = line(mean + bytes + 64);
    const none = line(square + bytes + 64);
    const batch = line(none + columns * 4 + 64);
    this.#at = { table, mean, square, none, batch };
    const isShared = typeof SharedArrayBuffer !== "undefined";
    this.#team = new Team(embeddingBagCode, { bytes: batch + (isShared ? 0 : PLAIN_BATCH), threads });
    this.table = this.#floats(table, rows.length);
    this.table.set(rows);
  }

  /** What AdamW remembers of every value: the means of the derivatives and of their squares. */
  get moments(): { mean: Float32Array; square: Float32Array } {
    const { mean, square } = this.#at;
    return { mean: this.#floats(mean, this.table.length), square: this.#floats(square, this.table.length) };
  }

  /** The mean of each text's rows, [texts, columns]: a view that the next call overwrites. The ids are not checked. */
  pool(texts: TokenRanges): Float32Array {
    const count = texts.starts.length - 1;
    const ids = this.#at.batch;
    const starts = line(ids + texts.ids.length * 4);
    const out = line(starts + texts.starts.length * 4);
    const top = line(out + count * this.columns * 4 + 64);
    this.#reserve(top);
    this.#integers(ids, texts.ids.length).set(texts.ids);
    this.#integers(starts, texts.starts.length).set(texts.starts);
    this.#parameters([this.#at.table, ids, starts, out, count, this.columns]);
    this.#team.run("pool", Math.min(PARTS, Math.max(1, count >> 3)), FIRST);
    this.#batch = { texts, top };
    return this.#floats(out, count * this.columns);
  }

  /** The derivatives of the table from those of the last {@link pool}'s means. */
  scatter(upstream: Float32Array): BagGradient {
    if (!this.#batch) throw new SemspaceError("invalid-argument", "backward needs an encode before it.");
    const { texts, top } = this.#batch;
    const { ids, starts, occurrences, shares } = rowsOf(texts, this.rows);
    const from = line(top + upstream.byteLength + 64);
    const startsAt = line(from + occurrences.byteLength);
    const sharesAt = line(startsAt + starts.byteLength);
    const idsAt = line(sharesAt + shares.byteLength);
    const out = line(idsAt + ids.byteLength);
    this.#reserve(line(out + ids.length * this.columns * 4 + 64));
    this.#floats(top, upstream.length).set(upstream);
    this.#integers(from, occurrences.length).set(occurrences);
    this.#integers(startsAt, starts.length).set(starts);
    this.#floats(sharesAt, shares.length).set(shares);
    this.#integers(idsAt, ids.length).set(ids);
    this.#parameters([top, from, startsAt, sharesAt, out, ids.length], 6);
    this.#team.run("scatter", PARTS, FIRST);
    return { ids: this.#integers(idsAt, ids.length), values: this.#floats(out, ids.length * this.columns) };
  }

  /** One step of AdamW. A gradient that does not lie in this memory is copied behind the last batch. */
  adamW(gradient: BagGradient, step: BagStep): void {
    const { table, mean, square, none } = this.#at;
    const { ids, values } = this.#inMemory(gradient);
    const touched = Number(step.touched);
    this.#parameters([table], 0);
    this.#parameters([this.columns], 5);
    this.#parameters([ids.byteOffset, ids.length, values.byteOffset, this.rows, none, touched, mean, square], 12);
    const { beta1, beta2, size, shrink, correction, epsilon } = step;
    this.#floats(FIRST + 80, 7).set([1 - beta1, beta2, 1 - beta2, size, shrink, 1 / correction, epsilon]);
    this.#team.run("adamW", PARTS, FIRST);
  }

  end(): Promise<void> {
    return this.#team.end();
  }

  #inMemory({ ids, values }: BagGradient): BagGradient {
    const { buffer } = this.#team.memory;
    if (values.buffer === buffer && ids.buffer === buffer) return { ids, values };
    const idsAt = this.#batch?.top ?? this.#at.batch;
    const valuesAt = line(idsAt + ids.byteLength);
    this.#reserve(line(valuesAt + values.byteLength));
    const own = { ids: this.#integers(idsAt, ids.length), values: this.#floats(valuesAt, values.length) };
    own.ids.set(ids);
    own.values.set(values);
    return own;
  }

  #reserve(bytes: number): void {
    const { buffer } = this.#team.memory;
    if (bytes > buffer.byteLength && buffer instanceof ArrayBuffer) {
      const message = `A batch needs ${bytes - this.#at.batch} bytes, without shared memory there are ${PLAIN_BATCH}. Use a smaller batch.`;
      throw new SemspaceError("unavailable", message);
    }
    this.#team.reserve(bytes);
  }

  #parameters(values: readonly number[], from = 0): void {
    new Uint32Array(this.#team.memory.buffer, FIRST, PARAMETERS / 4).set(values, from);
  }

  #floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#team.memory.buffer, at, length);
  }

  #integers(at: number, length: number): Int32Array {
    return new Int32Array(this.#team.memory.buffer, at, length);
  }
}

/** Where each row of the table occurs: the rows ascending, the texts of row i at `occurrences[starts[i] … starts[i + 1])`. */
function rowsOf(
  { ids, starts: textStarts }: TokenRanges,
  tableRows: number,
): { ids: Int32Array; starts: Int32Array; occurrences: Int32Array; shares: Float32Array } {
  const counts = new Int32Array(tableRows);
  let unique = 0;
  for (const id of ids) {
    if (counts[id] === 0) unique += 1;
    counts[id] += 1;
  }
  const rows = new Int32Array(unique);
  const starts = new Int32Array(unique + 1);
  let next = 0;
  for (let id = 0; id < tableRows; id += 1) {
    if (counts[id] === 0) continue;
    rows[next] = id;
    starts[next + 1] = starts[next] + counts[id];
    // From here on: where the row's next occurrence goes.
    counts[id] = starts[next];
    next += 1;
  }
  const occurrences = new Int32Array(ids.length);
  const shares = new Float32Array(textStarts.length - 1);
  for (let text = 0; text < shares.length; text += 1) {
    const [from, to] = [textStarts[text], textStarts[text + 1]];
    shares[text] = to > from ? 1 / (to - from) : 0;
    for (let at = from; at < to; at += 1) occurrences[counts[ids[at]]++] = text;
  }
  return { ids: rows, starts, occurrences, shares };
}

function line(address: number): number {
  return Math.ceil(address / 64) * 64;
}
