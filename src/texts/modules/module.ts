/**
 * A module of a sentence-transformers model after its first one: a step from matrix to matrix. The matrices of a batch
 * have names, as in Python's feature dictionary: "token_embeddings" is [rows x columns, dimensions],
 * "sentence_embedding" [rows, dimensions].
 */
import type { Matrix } from "../../matrix/index.ts";

/** The texts of one batch, padded to a rectangle of tokens. */
export interface ModuleBatch {
  rows: number;
  /** Tokens a row, padding included. 0 where the first module makes no token vectors. */
  columns: number;
  /** 1 for a token, 0 for padding: [rows, columns]. */
  mask: Int32Array;
  /** Tokens of the prompt at the head of every row, special tokens before it included. */
  promptLength: number;
}

export interface TextModule {
  /** Name of the matrix it reads. */
  readonly input: string;
  /** Name of the matrix it makes. */
  readonly output: string;
  /** Dimensions of its output for an input of that many. Throws `mismatch` when it does not take them. */
  dimensions(input: number): number;
  /** May write to `vectors` and give it back. */
  apply(vectors: Matrix, batch: ModuleBatch): Matrix;
}
