/** Given vectors that a GloVe training begins with and stays near (Mittens, Dingwall and Potts 2018). */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import type { WordVectors } from "../word-vectors.ts";
import type { GloveState } from "./glove-state.ts";

/** The given vectors of a vocabulary's words, [words, dimensions]; a row of NaN where there is none. Throws `mismatch`. */
export function anchorsOf(initial: WordVectors, vocabulary: Vocabulary, dimensions: number): Matrix {
  if (initial.dimensions !== dimensions) {
    const message = `The initial vectors have ${initial.dimensions} dimensions, the training ${dimensions}. Set dimensions to ${initial.dimensions}.`;
    throw new SemspaceError("mismatch", message);
  }
  const anchors = Matrix.zeros(vocabulary.size, dimensions);
  anchors.data.fill(Number.NaN);
  for (const [i, word] of vocabulary.words.entries()) if (initial.has(word)) anchors.row(i).set(initial.vector(word));
  return anchors;
}

/** Puts half of each given vector into either side, so that their sum is the vector. */
export function startAtAnchors(state: GloveState, anchors: Matrix): GloveState {
  const vectors = state.vectors.slice();
  const half = vectors.length / 2;
  for (const [i, value] of anchors.data.entries()) {
    if (Number.isNaN(value)) continue;
    vectors[i] = value / 2;
    vectors[half + i] = value / 2;
  }
  return { ...state, vectors };
}
