/** All that a GloVe training has learned, and its file: safetensors with both sides, the words and the settings. */
import { parseVocabulary, type Vocabulary } from "../corpus/vocabulary.ts";
import { openStateFile, stateFileBytes } from "../training/state-file.ts";
import type { GloveParameters } from "./glove-memory.ts";
import { type GloveSettings, gloveSettings } from "./glove-options.ts";
import { randomNumbers } from "./random.ts";

export interface GloveState extends GloveParameters {
  vocabulary: Vocabulary;
  settings: GloveSettings;
  /** Epochs that have been trained. */
  epochs: number;
  /** Mean cost of each of them. */
  losses: readonly number[];
}

/** Parameters before the first epoch: even within ±0.5 / dimensions, biases too; sums of squares are 1 (glove.c). */
export function newState(vocabulary: Vocabulary, settings: GloveSettings): GloveState {
  const rows = 2 * vocabulary.size;
  const random = randomNumbers(settings.seed);
  const value = (): number => (random() - 0.5) / settings.dimensions;
  return {
    ...{ vocabulary, settings, epochs: 0, losses: [] },
    vectors: new Float32Array(rows * settings.dimensions).map(value),
    squares: new Float32Array(rows * settings.dimensions).fill(1),
    biases: new Float32Array(rows * 2).map((_, i) => (i % 2 === 0 ? value() : 1)),
  };
}

/** The state of another vocabulary, which begins with the words of this one: these keep what they have. */
export function extendState(state: GloveState, vocabulary: Vocabulary, settings: GloveSettings): GloveState {
  const next = newState(vocabulary, settings);
  const copySides = (from: Float32Array, to: Float32Array): void => {
    to.set(from.subarray(0, from.length / 2));
    to.set(from.subarray(from.length / 2), to.length / 2);
  };
  copySides(state.vectors, next.vectors);
  copySides(state.squares, next.squares);
  copySides(state.biases, next.biases);
  return next;
}

export function stateBytes({ vocabulary, settings, vectors, squares, biases, epochs, losses }: GloveState): Uint8Array {
  const words = new TextEncoder().encode(vocabulary.toText());
  const sides = [2, vocabulary.size];
  return stateFileBytes(
    "GloVe",
    {
      vectors: { dtype: "F32", shape: [...sides, settings.dimensions], data: vectors },
      squares: { dtype: "F32", shape: [...sides, settings.dimensions], data: squares },
      biases: { dtype: "F32", shape: [...sides, 2], data: biases },
      vocabulary: { dtype: "U8", shape: [words.length], data: words },
    },
    { settings, epochs, losses },
  );
}

/** Reads what {@link stateBytes} gave. Throws `invalid-file` for anything else. */
export async function readState(source: string | Uint8Array): Promise<GloveState> {
  const file = await openStateFile(source, "GloVe");
  const { epochs, losses } = file;
  const settings = gloveSettings(file.settings);
  const vocabulary = parseVocabulary(new TextDecoder().decode(await file.bytes("vocabulary")), file.name);
  const values = 2 * vocabulary.size * settings.dimensions;
  return {
    ...{ vocabulary, settings, epochs, losses },
    vectors: await file.float32("vectors", values),
    squares: await file.float32("squares", values),
    biases: await file.float32("biases", 4 * vocabulary.size),
  };
}
