/** A pipeline that can be cut: its scanner, and how a chunk becomes ids when the exact pipeline sees it alone. */
import type { TokenModel } from "../models/model.ts";
import type { TokenizerJson } from "../tokenizer-json.ts";
import type { Scanner } from "./scanner.ts";

/** The exact pipeline that the fast one stands for. */
export interface ExactPipeline {
  readonly json: TokenizerJson;
  readonly model: TokenModel;
  /** Ids of a text, added tokens found, without special tokens, truncation and padding. */
  ids(text: string): ArrayLike<number>;
  /** The normalised text, when no added token is in it. */
  normalize(text: string): string;
}

export interface FastPipeline {
  readonly scanner: Scanner;
  /** Normalised texts that the pipeline keeps together over cuts: a text that has one goes through the exact pipeline. */
  readonly keptWhole?: readonly string[];
  /** Whether the first chunk of a text becomes other ids than the same chunk further on. */
  readonly startDiffers: boolean;
  /** The model's word when the chunk, not at the start, surely is one; undefined when the exact pipeline has to tell. */
  word(chunk: string): string | undefined;
  /** A text that may stand before the chunk without touching it, for pipelines that treat a text's start specially; else "". */
  context(chunk: string): string;
}
