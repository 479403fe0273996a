/** A trained word2vec: the word vectors, and what is needed to go on training. */
import { writeBytes } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { encodeCorpus, type EncodedCorpus } from "../corpus/encode-corpus.ts";
import { Vocabulary } from "../corpus/vocabulary.ts";
import { checkSameSettings } from "../training/state-file.ts";
import { WordVectors } from "../word-vectors.ts";
import { trainState } from "./train-state.ts";
import { type Word2VecOptions, type Word2VecSettings, word2VecSettings } from "./word2vec-options.ts";
import { readState, stateBytes, type Word2VecStart, type Word2VecState } from "./word2vec-state.ts";

export class Word2VecModel {
  readonly vocabulary: Vocabulary;
  readonly vectors: WordVectors;
  readonly settings: Readonly<Word2VecSettings>;
  /** Mean loss of each epoch: nats for each prediction of a word with its negatives (and its way through the tree). */
  readonly losses: readonly number[];
  readonly #state: Word2VecState;

  constructor(state: Word2VecState) {
    const { vocabulary, settings, input, losses } = state;
    this.#state = state;
    this.vocabulary = vocabulary;
    this.settings = settings;
    this.losses = losses;
    const matrix = new Matrix(input, vocabulary.size, settings.dimensions);
    this.vectors = new WordVectors(vocabulary.words, matrix, { counts: vocabulary.counts });
  }

  /** The vectors of the words as what is predicted, [words, dimensions], a copy; undefined without negatives. */
  get outputVectors(): Matrix | undefined {
    const { output, vocabulary, settings } = this.#state;
    return output && new Matrix(output, vocabulary.size, settings.dimensions);
  }

  /**
   * Goes on training, on this or another corpus: words that are new and frequent enough there get vectors too. Gives a new
   * model; its settings are this one's unless `options` say otherwise. A Huffman tree is grown anew and learned from the start.
   */
  async train(
    source: CorpusSource,
    options: Omit<Word2VecOptions, "dimensions" | "vocabulary" | "extend" | "resume"> = {},
  ): Promise<Word2VecModel> {
    const settings = word2VecSettings({ ...this.settings, ...options });
    const { onProgress: _, ...reading } = options;
    const corpus = await encodeCorpus(source, { ...reading, extend: this.vocabulary });
    try {
      return new Word2VecModel(await trainState(extendState(this.#state, corpus, settings), { ...options, corpus }));
    } finally {
      await corpus.dispose();
    }
  }

  /** The whole model as the bytes of a safetensors file. */
  toBytes(): Uint8Array {
    return stateBytes(this.#state);
  }

  /** Writes the whole model, both sides of the vectors, to a file that {@link loadWord2Vec} reads. */
  async save(path: string): Promise<void> {
    await writeBytes(path, this.toBytes());
  }
}

/** Reads a model that {@link Word2VecModel.save} or a checkpoint has written. Throws `invalid-file` for anything else. */
export async function loadWord2Vec(source: string | Uint8Array): Promise<Word2VecModel> {
  return new Word2VecModel(await readState(source));
}

/** Throws `mismatch` when a checkpoint is of another corpus or of other settings. */
export function checkResumed(state: Word2VecState, corpus: EncodedCorpus, settings: Word2VecSettings): void {
  checkSameSettings(state.settings, settings);
  const { words, counts } = state.vocabulary;
  const same = words.length === corpus.vocabulary.size && words.every((word, i) => word === corpus.vocabulary.words[i]);
  if (!same || !counts.every((count, i) => count === corpus.vocabulary.counts[i])) {
    const message = `The checkpoint's ${words.length} words are not this corpus's ${corpus.vocabulary.size}, or occur differently often. Resume with the same corpus, or use train() to go on with another.`;
    throw new SemspaceError("mismatch", message);
  }
}

/** The old words with their vectors, then the new ones with random ones. */
function extendState(state: Word2VecState, corpus: EncodedCorpus, settings: Word2VecSettings): Word2VecStart {
  const { words, counts } = corpus.vocabulary;
  const before = state.vocabulary.counts;
  return {
    settings,
    vocabulary: new Vocabulary(
      words,
      counts.map((count, i) => count + (before[i] ?? 0)),
    ),
    epochs: 0,
    losses: [],
    known: { input: state.input, output: state.output, tree: undefined },
  };
}
