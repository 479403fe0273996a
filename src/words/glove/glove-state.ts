/** All that a GloVe training has learned, and its file: safetensors with both sides, the words and the settings. */
import { readBytes } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { openSafetensors, writeSafetensors } from "../../formats/index.ts";
import { parseVocabulary, type Vocabulary } from "../corpus/vocabulary.ts";
import type { GloveParameters } from "./glove-memory.ts";
import { type GloveSettings, gloveSettings } from "./glove-options.ts";
import { randomNumbers } from "./random.ts";

const FORMAT = "semspace-glove";

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

export function stateBytes(state: GloveState): Uint8Array {
  const { vocabulary, settings, vectors, squares, biases, epochs, losses } = state;
  const words = new TextEncoder().encode(vocabulary.toText());
  const sides = [2, vocabulary.size];
  return writeSafetensors(
    {
      vectors: { dtype: "F32", shape: [...sides, settings.dimensions], data: vectors },
      squares: { dtype: "F32", shape: [...sides, settings.dimensions], data: squares },
      biases: { dtype: "F32", shape: [...sides, 2], data: biases },
      vocabulary: { dtype: "U8", shape: [words.length], data: words },
    },
    { format: FORMAT, settings: JSON.stringify(settings), progress: JSON.stringify({ epochs, losses }) },
  );
}

/** Reads what {@link stateBytes} gave. Throws `invalid-file` for anything else. */
export async function readState(source: string | Uint8Array): Promise<GloveState> {
  const bytes = typeof source === "string" ? await readBytes(source) : source;
  const name = typeof source === "string" ? source : "the given bytes";
  const file = await openSafetensors(
    {
      name: "memory",
      size: () => Promise.resolve(bytes.length),
      read: (_, range) =>
        Promise.resolve(range ? bytes.subarray(range.offset, range.offset + range.length) : bytes.subarray()),
    },
    name,
  );
  if (file.metadata.get("format") !== FORMAT) {
    throw new SemspaceError("invalid-file", `${name} is no GloVe training of this package. Give what it has saved.`);
  }
  const settings = gloveSettings(json(file.metadata.get("settings"), name));
  const { epochs, losses } = json(file.metadata.get("progress"), name) as Pick<GloveState, "epochs" | "losses">;
  if (!(epochs >= 0) || !Array.isArray(losses)) {
    const message = `${name} does not tell how many epochs it has behind it. The file is damaged.`;
    throw new SemspaceError("invalid-file", message);
  }
  const vocabulary = parseVocabulary(new TextDecoder().decode(await file.readBytes("vocabulary")), name);
  const tensor = async (what: string, columns: number): Promise<Float32Array> => {
    const data = await file.readFloat32(what);
    const needed = 2 * vocabulary.size * columns;
    if (data.length === needed) return data;
    throw new SemspaceError(
      "invalid-file",
      `${name}: ${what} has ${data.length} values, ${vocabulary.size} words need ${needed}.`,
    );
  };
  return {
    ...{ vocabulary, settings, epochs, losses },
    vectors: await tensor("vectors", settings.dimensions),
    squares: await tensor("squares", settings.dimensions),
    biases: await tensor("biases", 2),
  };
}

function json(text: string | undefined, name: string): object {
  try {
    return Object(JSON.parse(text ?? "")) as object;
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${name}: its settings are not JSON. The file is damaged.`, { cause });
  }
}
