/** Word vectors as the files that saving them would write. */
import { wordVectorFiles } from "../src/words/formats/save.ts";
import type { WordVectors } from "../src/words/word-vectors.ts";

/** By name, the main file first: what loading takes. */
export function written(vectors: WordVectors, name: string): Record<string, Uint8Array> {
  const entries = Object.entries(wordVectorFiles(vectors, name));
  return Object.fromEntries(entries.map(([path, pieces]) => [path, concatenated([...pieces])]));
}

export function concatenated(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
