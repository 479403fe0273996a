/**
 * What one vector per text looks like to its users: `Embedder`, the same for a transformer and for a static model,
 * and the types that let the result follow from the input and the options.
 */
import { batchTokens } from "#platform";
import type { Matrix, Precision } from "../matrix/index.ts";

/** One vector per text, or one vector per token. */
export const outputs = ["sentence", "tokens"] as const;
export type Output = (typeof outputs)[number];

/** In Node, measured on MiniLM with two threads: 512 tokens gave 483 sentences/s, 1024 and 2048 gave 433, for the activations of a layer leave the cache. */
export const defaultBatchTokens: number = batchTokens;

export interface EncodeProgress {
  /** Texts whose vectors are ready. */
  done: number;
  /** Texts in all; undefined for a stream, whose end is not known. */
  total: number | undefined;
}

/** `P` and `T` are for the compiler: they carry precision and output to the type of the result. */
export interface EncodeOptions<P extends Precision = Precision, T extends Output = Output> {
  /** Text put in front of every text. Wins over `promptName`. */
  prompt?: string;
  /** Name of one of the model's own prompts. Default: the model's default prompt, if it has one. */
  promptName?: string;
  /** Scale every vector to length 1, after cutting it. Default false: vectors come as the model makes them. */
  normalize?: boolean;
  /** Keep only the first dimensions. Default: the model's own `truncate_dim`, if it has one. */
  truncateDim?: number;
  /** Default "float32". */
  precision?: P;
  /**
   * For int8 and uint8: smallest and largest value of each dimension, [2, dimensions]. Default: taken from `calibration`,
   * else from the vectors of this very call (which must be at least two, and no stream).
   */
  ranges?: Matrix;
  /** For int8 and uint8: float vectors, [any, dimensions], from which the ranges are taken. */
  calibration?: Matrix;
  /** "tokens" gives one {@link TokenVectors} per text instead of one vector. Static models have none. Default "sentence". */
  output?: T;
  /** Most tokens, padding included, that go through a transformer at once. Bounds the memory; the vectors do not depend on it. Default 512, in a browser 128. */
  batchTokens?: number;
  /** Called whenever a batch of texts is ready. */
  progress?: (progress: EncodeProgress) => void;
  /** Aborts between batches: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** The array that holds a vector of precision `P`. */
export type VectorOf<P extends Precision = "float32"> = P extends "float32"
  ? Float32Array
  : P extends "int8" | "binary"
    ? Int8Array
    : Uint8Array;

/** The vectors of a text's tokens, special tokens included. */
export interface TokenVectors {
  /** Row i is the vector of token i: [tokens, dimensions]. */
  vectors: Matrix;
  tokens: readonly string[];
  ids: Int32Array;
  /** Token i is `text.slice(offsets[2 * i], offsets[2 * i + 1])`; 0, 0 for special tokens and for the prompt. */
  offsets: Int32Array;
}

/** What one text becomes. Where only the type of an option is known, a union. */
export type Encoded<P extends Precision = "float32", T extends Output = "sentence"> = T extends "tokens"
  ? TokenVectors
  : VectorOf<P>;

/** What many texts become: a matrix with one row a text, or one set of token vectors a text. */
export type EncodedMany<P extends Precision = "float32", T extends Output = "sentence"> = T extends "tokens"
  ? TokenVectors[]
  : Matrix<VectorOf<P>>;

/** One text, many texts, or a stream of texts. */
export interface Encode {
  /** One text → one vector of `dimensions` numbers. */
  <P extends Precision = "float32", T extends Output = "sentence">(
    text: string,
    options?: EncodeOptions<P, T>,
  ): Promise<Encoded<P, T>>;
  /** Many texts → a matrix, [texts, dimensions], row i for text i. An empty array gives a matrix of no rows. */
  <P extends Precision = "float32", T extends Output = "sentence">(
    texts: readonly string[],
    options?: EncodeOptions<P, T>,
  ): Promise<EncodedMany<P, T>>;
  /** A stream of texts → matrices of consecutive rows in input order, with bounded memory; texts are read only as matrices are asked for. */
  <P extends Precision = "float32", T extends Output = "sentence">(
    texts: AsyncIterable<string>,
    options?: EncodeOptions<P, T>,
  ): AsyncGenerator<EncodedMany<P, T>, void, undefined>;
}

/**
 * Turns texts into vectors. `loadEmbedder` gives one.
 *
 * @example
 * const embedder = await loadEmbedder();
 * const one = await embedder.encode("Best movie ever!");          // Float32Array(embedder.dimensions)
 * const many = await embedder.encode(["king", "queen"]);          // Matrix of 2 rows
 * const codes = await embedder.encode(texts, { precision: "ubinary" }); // Matrix<Uint8Array>
 * embedder.similarity(one, many).data;                             // Float32Array(2)
 */
export interface Embedder {
  /** Where the model came from, for messages. */
  readonly name: string;
  /** Length of a vector, the model's own `truncate_dim` applied. */
  readonly dimensions: number;
  /** Texts to vectors, with the model's default prompt, if it has one. */
  readonly encode: Encode;
  /** As `encode`, with the model's prompt for queries instead of its default one. */
  readonly encodeQuery: Encode;
  /** As `encode`, with the model's prompt for documents instead of its default one. */
  readonly encodeDocument: Encode;
  /** Every vector of `a` against every vector of `b` by the model's own measure: [rows of a, rows of b]. One vector counts as one row. */
  similarity(a: Matrix | Float32Array, b: Matrix | Float32Array): Matrix;
  /** Frees what the model holds outside the heap. Later calls throw `disposed`. */
  dispose(): Promise<void>;
}
