/**
 * From a model's folder to a causal language model that remembers: the keys and values of tokens it has seen are kept, so that each
 * further token costs one column of work and not all columns again.
 */
import { SemspaceError } from "../../errors.ts";
import { findCheckpoint } from "../../formats/index.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson } from "../../hub/folder.ts";
import { readArchitecture } from "../architectures/index.ts";
import type { TransformerConfig } from "../config.ts";
import { openGraph, type TransformerOptions } from "../load.ts";
import { findOnnx, onnxSources } from "../onnx-folder.ts";
import { openFirst, type Session, type SessionTensor } from "../session.ts";
import { checkBatch, float32Of, type TokenBatch } from "../transformer.ts";
import { decoderGraph, pastName, presentName } from "./decoder-graph.ts";
import { logitsOutput } from "./head-graph.ts";

/** A causal language model. */
export interface Decoder {
  readonly config: TransformerConfig;
  /** Most tokens of a text, its continuation included. */
  readonly maxPositions: number;
  /** Starts texts that go side by side. */
  start(): DecoderCache;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/** What texts that go side by side have said so far. */
export interface DecoderCache {
  /** Columns seen, padding included. */
  readonly columns: number;
  /**
   * Takes the next columns of each row and gives the logits of what follows the last, [rows, vocabulary]. Padding stands at the
   * start of a row, in the first call.
   */
  next(batch: TokenBatch): Promise<Float32Array>;
}

/** Throws `unsupported` for an encoder, which sees what comes after a token. */
export async function loadDecoder(
  source: ModelSource,
  options: Pick<TransformerOptions, "threads" | "fuse"> = {},
): Promise<Decoder> {
  const folder = await openFolder(source);
  const { architecture, config } = readArchitecture(
    await readJson<Record<string, unknown>>(folder, "config.json"),
    `config.json in ${folder.name}`,
  );
  if (!architecture.causal) {
    throw new SemspaceError(
      "unsupported",
      `${config.source}: model_type "${config.modelType}" is an encoder, which cannot continue a text. A causal language model is needed.`,
    );
  }
  const session = await openDecoder(folder, options);
  let disposed = false;
  const maxPositions = architecture.maxPositions(config);
  return {
    config,
    maxPositions,
    start: () =>
      new SessionCache(session, config, (batch, longest) => {
        if (disposed) throw new SemspaceError("disposed", "This language model was disposed of. Load it again.");
        checkBatch(batch, { maxPositions: undefined, vocabularySize: config.vocabularySize });
        if (longest <= maxPositions) return;
        throw new SemspaceError(
          "mismatch",
          `A text and its continuation have ${longest} tokens, the model has positions for ${maxPositions}. Shorten the text.`,
        );
      }),
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.dispose();
    },
  };
}

async function openDecoder(
  folder: ModelFolder,
  options: Pick<TransformerOptions, "threads" | "fuse">,
): Promise<Session> {
  const onnx = await findOnnx(folder);
  if ((await findCheckpoint(folder)) === undefined && onnx !== undefined) {
    return openFirst(onnxSources(folder, onnx), options);
  }
  return (await openGraph(folder, decoderGraph, options)).session;
}

class SessionCache implements DecoderCache {
  readonly #session: Session;
  readonly #config: TransformerConfig;
  readonly #check: (batch: TokenBatch, longest: number) => void;
  readonly #outputs: readonly string[];
  #past: Record<string, SessionTensor> = {};
  /** [rows, columns], row-major. */
  #mask: Int32Array = new Int32Array();
  #columns = 0;

  constructor(session: Session, config: TransformerConfig, check: (batch: TokenBatch, longest: number) => void) {
    this.#session = session;
    this.#config = config;
    this.#check = check;
    this.#outputs = session.outputs.map(({ name }) => name);
  }

  get columns(): number {
    return this.#columns;
  }

  async next(batch: TokenBatch): Promise<Float32Array> {
    const { rows, columns } = batch;
    const seen = this.#columns + columns;
    const mask = besides(this.#mask, batch.attentionMask, rows);
    this.#check(batch, seen - leastPadding(mask, rows));
    if (this.#columns === 0) this.#past = this.#empty(rows);
    const results = await this.#session.run(this.#feeds(batch, mask), this.#outputs);
    this.#mask = mask;
    this.#columns = seen;
    this.#past = {};
    for (let layer = 0; layer < this.#config.layers; layer += 1) {
      for (const part of ["key", "value"] as const) {
        this.#past[pastName(layer, part)] = results[presentName(layer, part)];
      }
    }
    return lastColumn(float32Of(results[logitsOutput], logitsOutput), rows, this.#config.vocabularySize);
  }

  #feeds({ ids, rows, columns }: TokenBatch, mask: Int32Array): Record<string, SessionTensor> {
    const seen = mask.length / rows;
    const contents: Record<string, { data: Int32Array; shape: number[] }> = {
      input_ids: { data: ids, shape: [rows, columns] },
      attention_mask: { data: mask, shape: [rows, seen] },
      position_ids: { data: positionsOf(mask, rows, columns), shape: [rows, columns] },
    };
    const feeds: Record<string, SessionTensor> = { ...this.#past };
    for (const { name, type } of this.#session.inputs) {
      if (!Object.hasOwn(contents, name)) continue;
      const { data, shape } = contents[name];
      feeds[name] = { type, shape, data: type === "int64" ? BigInt64Array.from(data, BigInt) : data };
    }
    return feeds;
  }

  #empty(rows: number): Record<string, SessionTensor> {
    const { layers, keyValueHeads, headSize } = this.#config;
    const none = { type: "float32", data: new Float32Array(), shape: [rows, keyValueHeads, 0, headSize] };
    const names = Array.from({ length: layers }, (_, layer) => [pastName(layer, "key"), pastName(layer, "value")]);
    return Object.fromEntries(names.flat().map((name) => [name, none]));
  }
}

/** The columns of `a` and then those of `b`, row by row. */
function besides(a: Int32Array, b: Int32Array, rows: number): Int32Array {
  const [left, right] = [a.length / rows, b.length / rows];
  const both = new Int32Array(a.length + b.length);
  for (let row = 0; row < rows; row += 1) {
    both.set(a.subarray(row * left, (row + 1) * left), row * (left + right));
    both.set(b.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return both;
}

/** The padding of the longest text. */
function leastPadding(mask: Int32Array, rows: number): number {
  const columns = mask.length / rows;
  let least = columns;
  for (let row = 0; row < rows; row += 1) {
    least = Math.min(least, columns - mask.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0));
  }
  return least;
}

/** Where the last columns stand, counted over the mask. */
function positionsOf(mask: Int32Array, rows: number, columns: number): Int32Array {
  const seen = mask.length / rows;
  const positions = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    let count = 0;
    for (let column = 0; column < seen; column += 1) {
      count += mask[row * seen + column];
      const own = column - (seen - columns);
      if (own >= 0) positions[row * columns + own] = Math.max(0, count - 1);
    }
  }
  return positions;
}

/** Exports give the logits of all columns; only the last says what follows. */
function lastColumn(logits: Float32Array, rows: number, vocabulary: number): Float32Array {
  const columns = logits.length / rows / vocabulary;
  if (columns === 1) return logits;
  const last = new Float32Array(rows * vocabulary);
  for (let row = 0; row < rows; row += 1) {
    const start = (row * columns + columns - 1) * vocabulary;
    last.set(logits.subarray(start, start + vocabulary), row * vocabulary);
  }
  return last;
}
