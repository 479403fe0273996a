/** A trained GloVe: the word vectors, and what is needed to go on training. */
import { writeBytes } from "#platform";
import { Matrix } from "../../matrix/index.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { WordVectors } from "../word-vectors.ts";
import { countCorpus } from "./count-corpus.ts";
import { type GloveOptions, type GloveSettings, gloveSettings } from "./glove-options.ts";
import { type GloveState, readState, stateBytes } from "./glove-state.ts";
import { trainCells } from "./train-cells.ts";

export class GloveModel {
  readonly vocabulary: Vocabulary;
  /** The sum of both sides, or with `output: "word"` the words' side. */
  readonly vectors: WordVectors;
  readonly settings: Readonly<GloveSettings>;
  /** Mean cost of each epoch: ½ weight × difference² a cell. */
  readonly losses: readonly number[];
  readonly #state: GloveState;

  constructor(state: GloveState) {
    const { vocabulary, settings, losses } = state;
    this.#state = state;
    this.vocabulary = vocabulary;
    this.settings = settings;
    this.losses = losses;
    const { data } = this.wordVectors;
    const sum = settings.output === "sum" ? this.contextVectors.data : undefined;
    const vectors = new Matrix(sum ? sum.map((x, i) => x + data[i]) : data, vocabulary.size, settings.dimensions);
    this.vectors = new WordVectors(vocabulary.words, vectors, { counts: vocabulary.counts });
  }

  /** The side of the words alone, [words, dimensions]; a view. */
  get wordVectors(): Matrix {
    return this.#side(0);
  }

  /** The side of the words as what stands near others, [words, dimensions]; a view. */
  get contextVectors(): Matrix {
    return this.#side(1);
  }

  /**
   * Goes on training on another corpus: words that are new and frequent enough there get vectors too, the others move on from
   * what they have. Gives a new model; its settings are this one's unless `options` say otherwise.
   */
  async train(
    source: CorpusSource,
    options: Omit<GloveOptions, "dimensions" | "vocabulary" | "extend" | "resume" | "initial"> = {},
  ): Promise<GloveModel> {
    const settings = gloveSettings({ ...this.settings, ...options });
    const { onProgress: _, ...counting } = options;
    const counts = await countCorpus(source, { ...counting, settings, extend: this.vocabulary });
    try {
      const start = { vocabulary: counts.vocabulary, settings, epochs: 0, losses: [], known: this.#state };
      return new GloveModel(await trainCells(start, counts, options));
    } finally {
      await counts.dispose();
    }
  }

  /** The whole model as the bytes of a safetensors file. */
  toBytes(): Uint8Array {
    return stateBytes(this.#state);
  }

  /** Writes the whole model, both sides with biases and gradient sums, to a file that {@link loadGlove} reads. */
  async save(path: string): Promise<void> {
    await writeBytes(path, this.toBytes());
  }

  #side(side: 0 | 1): Matrix {
    const { vectors, settings, vocabulary } = this.#state;
    const half = vectors.length / 2;
    return new Matrix(vectors.subarray(side * half, (side + 1) * half), vocabulary.size, settings.dimensions);
  }
}

/** Reads a model that {@link GloveModel.save} or a checkpoint has written. Throws `invalid-file` for anything else. */
export async function loadGlove(source: string | Uint8Array): Promise<GloveModel> {
  return new GloveModel(await readState(source));
}
