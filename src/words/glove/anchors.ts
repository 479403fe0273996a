/** Given vectors that a GloVe training begins with and stays near (Mittens, Dingwall and Potts 2018). */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import type { WordVectors } from "../word-vectors.ts";

/** Throws `mismatch` when given vectors have other dimensions than the training. */
export function checkAnchors(initial: WordVectors, dimensions: number): void {
  if (initial.dimensions === dimensions) return;
  const message = `The initial vectors have ${initial.dimensions} dimensions, the training ${dimensions}. Set dimensions to ${initial.dimensions}.`;
  throw new SemspaceError("mismatch", message);
}

/** The given vectors of a vocabulary's words, [words, dimensions]; a row of NaN where there is none. */
export function anchorsOf(initial: WordVectors, vocabulary: Vocabulary): Matrix {
  const anchors = Matrix.zeros(vocabulary.size, initial.dimensions);
  anchors.data.fill(Number.NaN);
  for (const [i, word] of vocabulary.words.entries()) if (initial.has(word)) anchors.row(i).set(initial.vector(word));
  return anchors;
}
