/** The pieces of one or more words, appended by `TokenModel.tokenize`. Offsets are UTF-16 units of the word that was given. */
export interface Pieces {
  ids: number[];
  starts: number[];
  ends: number[];
}

/** What cuts one word (a pre-token, already normalised) into vocabulary entries. */
export interface TokenModel {
  /** How many entries the vocabulary has; ids may have gaps, so the largest id may be above it. */
  readonly size: number;
  /** Cuts `word` and appends ids and offsets to `pieces`. */
  tokenize(word: string, pieces: Pieces): void;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  /** All entries, token and id, in the vocabulary file's order. */
  entries(): Iterable<[string, number]>;
  /** The id of the unknown token, where the model has one. */
  readonly unknownId: number | undefined;
}
