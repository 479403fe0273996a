/** All that a GloVe training has learned, and its file: safetensors with both sides, the words and the settings. */
import { parseVocabulary, type Vocabulary } from "../corpus/vocabulary.ts";
import { openStateFile, stateFileBytes } from "../training/state-file.ts";
import type { GloveParameters } from "./glove-memory.ts";
import { type GloveSettings, gloveSettings } from "./glove-options.ts";

export interface GloveState extends GloveParameters {
  vocabulary: Vocabulary;
  settings: GloveSettings;
  /** Epochs that have been trained. */
  epochs: number;
  /** Mean cost of each of them. */
  losses: readonly number[];
}

/**
 * What a training begins with. The first words begin with the parameters in `known`, the others with random ones, which are drawn in the
 * training's own memory: no other copy of them is needed.
 */
export interface GloveStart extends Omit<GloveState, keyof GloveParameters> {
  known?: GloveParameters | undefined;
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
