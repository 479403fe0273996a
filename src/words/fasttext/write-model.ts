/** Writes fastText's model files, version 12: `.bin` for float32 matrices, `.ftz` for quantised ones; fastText itself reads them. */
import { writeBytes } from "#platform";
import { SemspaceError } from "../../errors.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import type { FastTextModel, FastTextParts } from "./fasttext-model.ts";
import type { ProductQuantizer } from "../../matrix/index.ts";
import { ProductTable } from "../tables/product-table.ts";
import { MAGIC, VERSION } from "./read-model.ts";
import { type FastTextSettings, kindCodes, lossCodes } from "./settings.ts";
import { DenseTable, type ModelTable } from "./table.ts";

/** Rows of a matrix that are written at once, in bytes. */
const CHUNK = 1 << 20;

/** Writes a model so that the file is complete or not there. Throws `unavailable` in a browser: use {@link fastTextBytes}. */
export async function saveFastText(model: FastTextModel, path: string): Promise<void> {
  await writeBytes(path, fastTextBytes(model));
}

/** The bytes of a model's file in pieces. */
export function* fastTextBytes({ parts }: FastTextModel): Generator<Uint8Array> {
  yield* headBytes(parts);
  yield* table(parts.input);
  yield* table(parts.output);
}

/** What stands before the matrices: settings and dictionary. */
export function* headBytes({
  settings,
  dictionary,
}: Pick<FastTextParts, "settings" | "dictionary">): Generator<Uint8Array> {
  yield header(settings);
  const { kept, words, tokens } = dictionary.parts;
  const head = new Bytes(28);
  head.int32(dictionary.size).int32(words).int32(dictionary.labelCount);
  head.int64(tokens).int64(kept ? kept.size : -1);
  yield head.bytes;
  yield* entries(dictionary);
  const pruned = new Bytes((kept?.size ?? 0) * 8);
  for (const [bucket, row] of kept ?? []) pruned.int32(bucket).int32(row);
  yield pruned.bytes;
}

function header(settings: FastTextSettings): Uint8Array {
  const out = new Bytes(64);
  out.int32(MAGIC).int32(VERSION).int32(settings.dimensions).int32(settings.window).int32(settings.epochs);
  out.int32(settings.minCount).int32(settings.negative).int32(settings.wordNgrams);
  out.int32(lossCodes.indexOf(settings.loss) + 1).int32(kindCodes.indexOf(settings.kind) + 1);
  out.int32(settings.buckets).int32(settings.minN).int32(settings.maxN).int32(settings.learningRateUpdate);
  return out.float64(settings.sample).bytes;
}

/** Words and labels, some thousands at once. */
function* entries(dictionary: FastTextDictionary): Generator<Uint8Array> {
  const { counts, words, starts } = dictionary.parts;
  for (let from = 0, to = 0; from < dictionary.size; from = to) {
    to = Math.min(dictionary.size, from + 4096);
    const out = new Bytes(starts[to] - starts[from] + (to - from) * 10);
    for (let id = from; id < to; id += 1) {
      out
        .raw(dictionary.bytes(id))
        .uint8(0)
        .int64(counts[id])
        .uint8(id < words ? 0 : 1);
    }
    yield out.bytes;
  }
}

/** The byte that says whether a matrix is quantised, and the matrix. */
function* table(matrix: ModelTable): Generator<Uint8Array> {
  if (matrix instanceof ProductTable) {
    const { codes, quantizer, norms, rows, columns } = matrix;
    if (codes.length > 0x7fffffff) {
      throw new SemspaceError(
        "unsupported",
        `A .ftz file holds 2 GB of codes, these are ${codes.length} bytes. Use a larger pieceLength or a cutoff.`,
      );
    }
    yield new Bytes(22)
      .uint8(1)
      .uint8(norms ? 1 : 0)
      .int64(rows)
      .int64(columns)
      .int32(codes.length).bytes;
    yield codes;
    yield* quantizerBytes(quantizer);
    if (norms) {
      yield norms.codes;
      yield* quantizerBytes(norms.quantizer);
    }
    return;
  }
  yield new Bytes(17).uint8(0).int64(matrix.rows).int64(matrix.columns).bytes;
  if (matrix instanceof DenseTable && !matrix.storedRow) yield viewOf(matrix.data);
  else yield* rowBytes(matrix);
}

function* rowBytes(matrix: ModelTable): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(CHUNK / (matrix.columns * 4)));
  for (let from = 0; from < matrix.rows; from += step) {
    const rows = Math.min(step, matrix.rows - from);
    const values = new Float32Array(rows * matrix.columns);
    for (let i = 0; i < rows; i += 1) {
      // Of two million buckets most are zeros.
      if (!(matrix instanceof DenseTable) || matrix.isStored(from + i))
        values.set(matrix.row(from + i), i * matrix.columns);
    }
    yield viewOf(values);
  }
}

function* quantizerBytes({
  dimensions,
  pieces,
  pieceLength,
  lastPieceLength,
  centroids,
}: ProductQuantizer): Generator<Uint8Array> {
  yield new Bytes(16).int32(dimensions).int32(pieces).int32(pieceLength).int32(lastPieceLength).bytes;
  yield viewOf(centroids);
}

function viewOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Little-endian numbers, one after the other. */
class Bytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  uint8(value: number): this {
    this.#view.setUint8(this.#at, value);
    return this.#moved(1);
  }

  int32(value: number): this {
    this.#view.setInt32(this.#at, value, true);
    return this.#moved(4);
  }

  int64(value: number): this {
    this.#view.setBigInt64(this.#at, BigInt(value), true);
    return this.#moved(8);
  }

  float64(value: number): this {
    this.#view.setFloat64(this.#at, value, true);
    return this.#moved(8);
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    return this.#moved(bytes.length);
  }

  #moved(by: number): this {
    this.#at += by;
    return this;
  }
}
