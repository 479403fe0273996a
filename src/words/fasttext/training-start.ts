/** What a training's matrices begin with, over random input rows and an output of zeros. */
import type { WordVectors } from "../word-vectors.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import type { FastTextParts } from "./fasttext-model.ts";
import type { FastTextLoss } from "./settings.ts";
import type { StoredRows } from "./stored-rows.ts";

/** Writes a stored row of the input, or a row of the output. */
export type PutRow = (side: "input" | "output", row: number, vector: Float32Array) => void;

/** Puts the rows that are known. */
export type TrainingStart = (put: PutRow) => void;

/** Words begin with the vectors that are given; their n-grams at random, as in the original. */
export function startAtVectors(vectors: WordVectors, dictionary: FastTextDictionary): TrainingStart {
  const encoder = new TextEncoder();
  return (put) => {
    for (const [i, word] of vectors.words.entries()) {
      const id = dictionary.indexOf(encoder.encode(word));
      if (id >= 0 && id < dictionary.wordCount) put("input", id, vectors.table.row(i));
    }
  };
}

/** All rows, row-major. */
export function startAtMatrices(
  matrices: { input: Float32Array; output: Float32Array },
  dimensions: number,
): TrainingStart {
  return (put) => {
    for (const side of ["input", "output"] as const) {
      const data = matrices[side];
      for (let at = 0; at < data.length; at += dimensions)
        put(side, at / dimensions, data.subarray(at, at + dimensions));
    }
  };
}

/**
 * A model's words and labels come first among those of the training. A tree of `hs` is another one when counts are others, so that its
 * rows are learned anew.
 */
export function startAtModel(
  { settings, dictionary, input, output }: FastTextParts,
  { words, rows, loss }: { words: number; rows: StoredRows; loss: FastTextLoss },
): TrainingStart {
  const before = dictionary.wordCount;
  return (put) => {
    for (let id = 0; id < before; id += 1) put("input", id, input.row(id));
    for (let row = before; row < input.rows; row += 1) {
      const vector = input.row(row);
      if (vector.some((x) => x !== 0)) put("input", rows.store(words + row - before), vector);
    }
    if (settings.loss === "hs" || loss === "hs") return;
    const outputs = settings.kind === "supervised" ? dictionary.labelCount : before;
    for (let i = 0; i < outputs; i += 1) put("output", i, output.row(i));
  };
}
