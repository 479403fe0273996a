/** All that a word2vec training has learned, and its file: safetensors with the vectors of both sides, the words and the settings. */
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { SemspaceError } from "../../errors.ts";
import { parseVocabulary, type Vocabulary } from "../corpus/vocabulary.ts";
import { type BegunEpoch, openStateFile, stateFileBytes } from "../training/state-file.ts";
import { type Word2VecSettings, word2VecSettings } from "./word2vec-options.ts";

export interface Word2VecState {
  vocabulary: Vocabulary;
  settings: Word2VecSettings;
  /** [words, dimensions], row-major: the word vectors. */
  input: Float32Array;
  /** The vectors of the words as what is predicted; undefined without negatives. */
  readonly output: Float32Array | undefined;
  /** One row for each inner node of the Huffman tree, the last row unused; undefined without hierarchical softmax. */
  readonly tree: Float32Array | undefined;
  /** Epochs that have been trained. */
  epochs: number;
  /** Mean loss of each of them. */
  losses: readonly number[];
  /** What has been trained of the next one. */
  begun?: BegunEpoch | undefined;
}

/**
 * Where a training begins: nothing yet, a checkpoint, or a model whose words come first among those of a new corpus. Its vectors are
 * kept in the trainer's own memory alone, so that they are there once.
 */
export interface Word2VecStart extends Omit<Word2VecState, "input" | "output" | "tree"> {
  /** Vectors of the first words; the others begin with random ones. */
  known?: Pick<Word2VecState, "input" | "output" | "tree"> | undefined;
}

/** The matrices of a training, in the order in which they lie in its memory. */
export function matricesOf({ negative, hierarchicalSoftmax }: Word2VecSettings): ("input" | "output" | "tree")[] {
  return ["input", ...(negative > 0 ? ["output" as const] : []), ...(hierarchicalSoftmax ? ["tree" as const] : [])];
}

/** Values evenly within ±0.5 / dimensions, as word vectors begin (the output side begins with zeros; word2vec.c). */
export function fillRandom(rows: Float32Array, { dimensions, seed }: { dimensions: number; seed: number }): void {
  const random = randomNumbers(Math.imul(seed + 1, 0x9e3779b9));
  for (let i = 0; i < rows.length; i += 1) rows[i] = (random() - 0.5) / dimensions;
}

export function stateBytes(state: Word2VecState): Uint8Array {
  const { vocabulary, settings, input, output, tree, epochs, losses, begun } = state;
  const shape = [vocabulary.size, settings.dimensions];
  const words = new TextEncoder().encode(vocabulary.toText());
  return stateFileBytes(
    "word2vec",
    {
      input: { dtype: "F32", shape, data: input },
      ...(output && { output: { dtype: "F32", shape, data: output } }),
      ...(tree && { tree: { dtype: "F32", shape, data: tree } }),
      vocabulary: { dtype: "U8", shape: [words.length], data: words },
    },
    { settings, epochs, losses, begun },
  );
}

/** Reads what {@link stateBytes} gave. Throws `invalid-file` for anything else. */
export async function readState(source: string | Uint8Array): Promise<Word2VecState> {
  const file = await openStateFile(source, "word2vec");
  const { name, epochs, losses, begun } = file;
  const settings = word2VecSettings(file.settings);
  const vocabulary = parseVocabulary(new TextDecoder().decode(await file.bytes("vocabulary")), name);
  const values = vocabulary.size * settings.dimensions;
  const matrix = async (tensor: string): Promise<Float32Array | undefined> =>
    file.has(tensor) ? file.float32(tensor, values) : undefined;
  const input = await matrix("input");
  if (!input) throw new SemspaceError("invalid-file", `${name} has no word vectors.`);
  const [output, tree] = [await matrix("output"), await matrix("tree")];
  return { vocabulary, settings, input, output, tree, epochs, losses, begun };
}
