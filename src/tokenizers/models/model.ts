import type { Vocabulary } from "./vocabulary.ts";

/** The pieces of one or more words, appended by `TokenModel.tokenize`. Offsets are UTF-16 units of the word that was given. */
export interface Pieces {
  ids: number[];
  starts: number[];
  ends: number[];
}

/** What cuts one word (a pre-token, already normalised) into vocabulary entries. */
export interface TokenModel {
  readonly vocabulary: Vocabulary;
  /** Cuts `word` and appends ids and offsets to `pieces`. */
  tokenize(word: string, pieces: Pieces): void;
  /** The id of the unknown token, where the model has one. */
  readonly unknownId: number | undefined;
}
