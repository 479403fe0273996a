/** An encoder ready to run: checks a batch, feeds it, gives one vector per token or one per row. */
import { warn } from "#platform";
import { SemspaceError } from "../errors.ts";
import { float16ToFloat32 } from "../formats/index.ts";
import type { Encoding, Tokenizer } from "../tokenizers/index.ts";
import type { TransformerConfig } from "./config.ts";
import { padded } from "./padded.ts";
import type { Session, SessionTensor } from "./session.ts";
import { tokenizerMismatch } from "./tokenizer-mismatch.ts";

/** Token ids of several texts, row-major [rows, columns], short rows padded at the end. */
export interface TokenBatch {
  readonly ids: Int32Array;
  /** 1 for a token, 0 for padding. */
  readonly attentionMask: Int32Array;
  /** 0 for a first text, 1 for a second; left out, all 0. */
  readonly typeIds?: Int32Array | undefined;
  readonly rows: number;
  readonly columns: number;
}

/** The last layer's vectors, [rows, columns, dimensions], row-major; what stands on padding means nothing. */
export interface HiddenStates {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly dimensions: number;
}

/** One vector a row, [rows, dimensions], row-major. */
export interface PooledStates {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
}

/** Poolings that the graph does itself: the mean over a row's tokens, or its first token. */
export type GraphPooling = "mean" | "cls";

export interface Transformer {
  /** Undefined for a ready ONNX folder without config.json. */
  readonly config: TransformerConfig | undefined;
  readonly dimensions: number;
  /** Longest row, special tokens included; undefined when a ready ONNX model does not say. */
  readonly maxPositions: number | undefined;
  /** Rows of the embedding table; undefined when a ready ONNX model does not say. */
  readonly vocabularySize: number | undefined;
  /** Poolings that `pool` can give. */
  readonly poolings: readonly GraphPooling[];
  /** Names of what `fetch` can give. */
  readonly outputs: readonly string[];
  /**
   * One vector per token of a batch, or of what a tokenizer made of one text or several. Throws `mismatch` for ids, rows or columns that the
   * model cannot take; warns once of a tokenizer that does not seem to belong to the model. Blocks the thread while it runs.
   */
  run(tokens: TokenBatch | Encoding | readonly Encoding[]): Promise<HiddenStates>;
  /** One vector per row, pooled in the graph: copying all token vectors out costs about 1 ms a MB. */
  pool(batch: TokenBatch, pooling: GraphPooling): Promise<PooledStates>;
  /** Any outputs of the graph by name, as they were declared when it was loaded. */
  fetch(batch: TokenBatch, outputs: readonly string[]): Promise<Record<string, FetchedTensor>>;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/** An output of the graph, row-major. */
export interface FetchedTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface TransformerParts {
  readonly session: Session;
  readonly config?: TransformerConfig | undefined;
  readonly dimensions: number;
  readonly maxPositions?: number | undefined;
  readonly vocabularySize?: number | undefined;
  /** Names of the graph's outputs of hidden states and of what is pooled already, where it has them. */
  readonly outputs: Readonly<Partial<Record<"hidden" | GraphPooling, string>>>;
  /** Feeds by input name. */
  readonly feeds: (batch: TokenBatch) => Record<string, SessionTensor>;
  /** Who hears of warnings; left out, the developer. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export class SessionTransformer implements Transformer {
  readonly config: TransformerConfig | undefined;
  readonly dimensions: number;
  readonly maxPositions: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly poolings: readonly GraphPooling[];
  readonly outputs: readonly string[];
  readonly #parts: TransformerParts;
  /** Tokenizers that were compared with the model. */
  readonly #compared = new WeakSet<Tokenizer>();
  #disposed = false;

  constructor(parts: TransformerParts) {
    this.config = parts.config;
    this.dimensions = parts.dimensions;
    this.maxPositions = parts.maxPositions;
    this.vocabularySize = parts.vocabularySize;
    this.poolings = (["mean", "cls"] as const).filter((pooling) => parts.outputs[pooling] !== undefined);
    this.outputs = parts.session.outputs.map(({ name }) => name);
    this.#parts = parts;
  }

  async run(tokens: TokenBatch | Encoding | readonly Encoding[]): Promise<HiddenStates> {
    const batch = "rows" in tokens ? tokens : this.#batchOf("ids" in tokens ? [tokens] : tokens);
    const { rows, columns } = batch;
    const { hidden } = this.#parts.outputs;
    if (hidden === undefined) {
      throw new SemspaceError(
        "unsupported",
        'This transformer was loaded without its "hidden" output. Load it with it.',
      );
    }
    const data = await this.#vectors(batch, hidden, rows * columns);
    return { data, rows, columns, dimensions: this.dimensions };
  }

  async pool(batch: TokenBatch, pooling: GraphPooling): Promise<PooledStates> {
    const output = this.#parts.outputs[pooling];
    if (output === undefined) {
      const allowed = this.poolings.join(", ") || "none";
      throw new SemspaceError(
        "unsupported",
        `This graph cannot pool by "${pooling}". It can: ${allowed}. Pool the result of run() instead.`,
      );
    }
    return { data: await this.#vectors(batch, output, batch.rows), rows: batch.rows, dimensions: this.dimensions };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#parts.session.dispose();
  }

  async fetch(batch: TokenBatch, outputs: readonly string[]): Promise<Record<string, FetchedTensor>> {
    this.#check(batch);
    const unknown = outputs.find((name) => !this.outputs.includes(name));
    if (unknown !== undefined) {
      throw new SemspaceError(
        "invalid-argument",
        `This transformer has no output "${unknown}". It was loaded with: ${this.outputs.join(", ")}.`,
      );
    }
    const results = await this.#parts.session.run(this.#parts.feeds(batch), outputs);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, { data: float32Of(tensor, name), shape: tensor.shape }]),
    );
  }

  #batchOf(encodings: readonly Encoding[]): TokenBatch {
    for (const { tokenizer } of encodings) {
      if (!tokenizer || this.#compared.has(tokenizer)) continue;
      this.#compared.add(tokenizer);
      const message = tokenizerMismatch(tokenizer, this);
      if (message !== undefined) (this.#parts.onWarning ?? warn)(message);
    }
    return padded(encodings, this.config?.padTokenId ?? 0);
  }

  async #vectors(batch: TokenBatch, output: string, vectors: number): Promise<Float32Array> {
    this.#check(batch);
    if (vectors === 0) return new Float32Array();
    const results = await this.#parts.session.run(this.#parts.feeds(batch), [output]);
    const data = float32Of(results[output], output);
    if (data.length !== vectors * this.dimensions) {
      throw new SemspaceError(
        "mismatch",
        `The model's output ${output} has ${data.length} values, ${vectors} x ${this.dimensions} float32 were expected.`,
      );
    }
    return data;
  }

  #check(batch: TokenBatch): void {
    if (this.#disposed) throw new SemspaceError("disposed", "This transformer was disposed of. Load it again.");
    checkBatch(batch, this);
  }
}

/** Exports in half precision give float16, which Node has as plain 16-bit words or as Float16Array. */
export function float32Of({ type, data }: SessionTensor, output: string): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type !== "float16" || !ArrayBuffer.isView(data)) {
    throw new SemspaceError("mismatch", `The model's output ${output} is ${type}, float32 or float16 was expected.`);
  }
  return float16ToFloat32(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
}

/** Throws `mismatch` for ids, rows or columns that a model with these limits cannot take. */
export function checkBatch(
  batch: TokenBatch,
  { maxPositions, vocabularySize }: Pick<Transformer, "maxPositions" | "vocabularySize">,
): void {
  const { ids, attentionMask, typeIds, rows, columns } = batch;
  for (const [name, values] of Object.entries({ ids, attentionMask, typeIds })) {
    if (values && values.length !== rows * columns) {
      throw new SemspaceError(
        "mismatch",
        `A batch of ${rows} x ${columns} needs ${rows * columns} ${name}, got ${values.length}.`,
      );
    }
  }
  if (maxPositions !== undefined && columns > maxPositions) {
    throw new SemspaceError(
      "mismatch",
      `A text has ${columns} tokens, the model has positions for ${maxPositions}. Truncate it.`,
    );
  }
  const limit = vocabularySize ?? 2 ** 31;
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] < 0 || ids[i] >= limit) {
      throw new SemspaceError(
        "mismatch",
        `Token id ${ids[i]} is not in the embedding table, which has ${limit} rows. The tokenizer does not fit the model.`,
      );
    }
  }
}
