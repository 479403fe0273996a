/**
 * The words of a corpus with their counts, cut as the tokenizer's own normalizer and pre-tokenizer cut them. The memory is that of the
 * distinct words, however long the corpus.
 *
 * The fast path of `encodeIds` does the work: here its model gives each word a number of its own, so that most chunks are one look-up.
 * Special tokens in a text are plain text here, as in the Rust trainers, which learn them only afterwards.
 */
import { SemspaceError } from "../../errors.ts";
import { pauses } from "../../platform/pauses.ts";
import { FastIds } from "../fast/fast-ids.ts";
import type { Pieces, TokenModel } from "../models/model.ts";
import { Vocabulary } from "../models/vocabulary.ts";
import { TextPipeline } from "../text-pipeline.ts";
import type { Part, TokenizerJson } from "../tokenizer-json.ts";
import type { TrainingJob } from "./training-job.ts";

export interface WordCounts {
  /** Distinct words in the order in which they first came. */
  readonly words: readonly string[];
  readonly counts: Float64Array;
}

/** Characters of text that are cut at once. */
const groupSize = 1 << 16;

/** Counts the words of texts. Throws `invalid-argument` for a text that is no string; rejects with the signal's reason. */
export async function countWords(
  texts: Iterable<string> | AsyncIterable<string>,
  steps: { normalizer: Part | null; pre_tokenizer: Part | null },
  { signal, onProgress }: TrainingJob = {},
): Promise<WordCounts> {
  const pause = pauses();
  const counter = new WordCounter(steps);
  let group: string[] = [];
  let size = 0;
  let done = 0;
  const flush = async (): Promise<void> => {
    counter.add(group);
    done += group.length;
    group = [];
    size = 0;
    onProgress?.({ stage: "words", done, total: 0 });
    await pause();
    signal?.throwIfAborted();
  };
  for await (const text of texts) {
    if (typeof text !== "string")
      throw new SemspaceError("invalid-argument", `A tokenizer is trained on strings, got ${typeof text}.`);
    group.push(text);
    size += text.length;
    if (size >= groupSize) await flush();
  }
  await flush();
  return counter.counted();
}

class WordCounter {
  readonly #numbers = new WordNumbers();
  readonly #cutter: FastIds;
  #counts: Float64Array = new Float64Array(1 << 12);

  constructor(steps: { normalizer: Part | null; pre_tokenizer: Part | null }) {
    const json: TokenizerJson = { ...steps, added_tokens: [], model: { type: "WordLevel" } };
    this.#cutter = new FastIds(new TextPipeline(json, this.#numbers));
  }

  add(texts: readonly string[]): void {
    const { ids } = this.#cutter.encode(texts);
    const { size } = this.#numbers.numbers;
    if (size > this.#counts.length) {
      const larger = new Float64Array(Math.max(size, this.#counts.length * 2));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    for (let i = 0; i < ids.length; i += 1) this.#counts[ids[i]] += 1;
  }

  counted(): WordCounts {
    // The fast path also cuts short texts of its own, to see what a chunk is after another one; their words have no count.
    const words = [...this.#numbers.numbers.keys()].filter((_, number) => this.#counts[number] > 0);
    return { words, counts: this.#counts.filter((count) => count > 0) };
  }
}

/** A model that knows every word: a new one gets the next number. */
class WordNumbers implements TokenModel {
  readonly numbers: Map<string, number> = new Map();
  readonly vocabulary: Vocabulary = new Vocabulary(this.numbers);
  readonly unknownId = undefined;

  tokenize(word: string, pieces: Pieces): void {
    if (word === "") return;
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(word, number);
    }
    pieces.ids.push(number);
    pieces.starts.push(0);
    pieces.ends.push(word.length);
  }
}
