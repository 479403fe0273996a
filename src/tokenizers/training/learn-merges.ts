/**
 * Byte pair encoding learned from word counts (Sennrich et al. 2016): words start as characters, and the most frequent neighbouring pair
 * becomes a token, again and again, until the vocabulary is full. With the prefix "##" the tokens are WordPiece's, as Rust trains it.
 *
 * Reference: Rust `tokenizers` 0.22, models/bpe/trainer.rs, equal in tokens, ids and merges, ties included (lower ids first). Differs: the
 * ids of characters with a prefix or suffix are in the order of their code points, where Rust takes the random order of a hash map, so
 * that with a prefix two of its own runs may break ties in different ways; counts are float64 (Rust's wrap at 2^31); a pair whose count
 * falls below 0, which a `maxTokenLength` can do, is done with.
 */
import { pauses } from "../../platform/pauses.ts";
import { alphabetOf, byCodePoint } from "./alphabet.ts";
import { MergeQueue } from "./merge-queue.ts";
import { PairCounts } from "./pair-counts.ts";
import type { TrainingJob } from "./training-job.ts";
import type { WordCounts } from "./word-counts.ts";

export interface MergeOptions {
  /** Special tokens, characters and merged tokens together. */
  vocabularySize: number;
  /** Least count of a pair that becomes a token. */
  minFrequency: number;
  specialTokens: readonly string[];
  alphabetLimit?: number | undefined;
  initialAlphabet?: readonly string[] | undefined;
  /** What stands before a token that does not start a word, e.g. "##". */
  prefix?: string | undefined;
  /** What stands after a token that ends a word, e.g. "</w>". */
  suffix?: string | undefined;
  /** Most characters of a merged token. */
  maxTokenLength?: number | undefined;
}

export interface LearnedMerges {
  /** By id: special tokens, characters, merged tokens. */
  tokens: readonly string[];
  /** By rank, as texts. */
  merges: readonly (readonly [left: string, right: string])[];
}

export async function learnMerges(
  counted: WordCounts,
  options: MergeOptions,
  { signal, onProgress }: TrainingJob = {},
): Promise<LearnedMerges> {
  const { vocabularySize, minFrequency, prefix = "" } = options;
  const tokens = new TokenList(options.specialTokens);
  const words = new WordSymbols(counted, tokens, options);
  const queue = new MergeQueue();
  words.drain(queue);
  const pause = pauses();
  const ranked: number[] = [];
  while (tokens.texts.length < vocabularySize) {
    const top = queue.pop();
    if (!top) break;
    const count = words.pairs.counts[top.pair];
    if (top.count !== count) {
      top.count = count;
      if (count > 0) queue.push(top);
      continue;
    }
    if (top.count < minFrequency) break;
    const right = tokens.texts[top.right];
    const made = tokens.add(tokens.texts[top.left] + (right.startsWith(prefix) ? right.slice(prefix.length) : right));
    words.merge(top, made);
    words.drain(queue);
    ranked.push(top.pair);
    if (ranked.length % 16 !== 0) continue;
    onProgress?.({ stage: "merges", done: tokens.texts.length, total: vocabularySize });
    await pause();
    signal?.throwIfAborted();
  }
  return { tokens: tokens.texts, merges: mergesOf(ranked, words.pairs, tokens.texts) };
}

/** A pair that was merged twice has the later rank, as in Rust. */
function mergesOf(ranked: readonly number[], pairs: PairCounts, texts: readonly string[]): [string, string][] {
  const latest = [...new Set(ranked.toReversed())].toReversed();
  return latest.map((pair) => [texts[pairs.lefts[pair]], texts[pairs.rights[pair]]]);
}

/** Tokens by id, each once. */
class TokenList {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(texts: readonly string[]) {
    for (const text of texts) this.add(text);
  }

  /** The token's id, a new one where it is new. */
  add(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#ids.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** All words as lists of token ids in one array, which get shorter as pairs are merged, and the count of each pair. */
class WordSymbols {
  readonly pairs = new PairCounts();
  readonly #counts: Float64Array;
  readonly #symbols: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** Characters of each token. */
  readonly #widths: number[] = [];
  readonly #maxLength: number;
  /** For each pair that is new since the last drain: the words that have it. */
  readonly #news = new Map<number, number[]>();

  constructor(counted: WordCounts, tokens: TokenList, options: MergeOptions) {
    const { alphabetLimit, initialAlphabet, maxTokenLength = Infinity } = options;
    this.#maxLength = maxTokenLength;
    this.#counts = counted.counts;
    const alphabet = alphabetOf(counted, { limit: alphabetLimit, initial: initialAlphabet });
    for (const character of alphabet) tokens.add(character);
    const forms = characterForms(counted.words, new Set([...alphabet, ...options.specialTokens]), options);
    for (const form of forms.sorted) tokens.add(form);
    const { length } = counted.words;
    this.#starts = new Int32Array(length);
    this.#lengths = new Int32Array(length);
    this.#symbols = new Int32Array(forms.total);
    let at = 0;
    counted.words.forEach((word, i) => {
      this.#starts[i] = at;
      for (const form of forms.of(word)) {
        const id = tokens.add(form);
        this.#symbols[at] = id;
        at += 1;
        this.#widths[id] = 1;
      }
      this.#lengths[i] = at - this.#starts[i];
      for (let j = this.#starts[i] + 1; j < at; j += 1)
        this.#change(this.#symbols[j - 1], this.#symbols[j], { by: 1, word: i });
    });
  }

  /** Puts each new pair with its words into the queue. */
  drain(queue: MergeQueue): void {
    const { lefts, rights, counts } = this.pairs;
    for (const [pair, words] of this.#news) {
      if (counts[pair] > 0) queue.push({ pair, left: lefts[pair], right: rights[pair], count: counts[pair], words });
    }
    this.#news.clear();
  }

  /** Makes `made` of the pair wherever its words have it. */
  merge({ left, right, words }: { left: number; right: number; words: readonly number[] }, made: number): void {
    this.#widths[made] ??= this.#widths[left] + this.#widths[right];
    for (const word of words) this.#mergeIn(word, [left, right, made]);
  }

  #mergeIn(word: number, [left, right, made]: readonly [number, number, number]): void {
    const symbols = this.#symbols;
    const start = this.#starts[word];
    const end = start + this.#lengths[word];
    let to = start;
    for (let from = start; from < end; from += 1, to += 1) {
      if (symbols[from] !== left || from + 1 >= end || symbols[from + 1] !== right) {
        symbols[to] = symbols[from];
        continue;
      }
      if (to > start) {
        this.#change(symbols[to - 1], left, { by: -1, word });
        this.#changeIfShort(symbols[to - 1], made, word);
      }
      if (from + 2 < end) {
        this.#change(right, symbols[from + 2], { by: -1, word });
        this.#changeIfShort(made, symbols[from + 2], word);
      }
      symbols[to] = made;
      from += 1;
    }
    this.#lengths[word] = to - start;
  }

  #changeIfShort(left: number, right: number, word: number): void {
    if (this.#widths[left] + this.#widths[right] < this.#maxLength) this.#change(left, right, { by: 1, word });
  }

  #change(left: number, right: number, { by, word }: { by: 1 | -1; word: number }): void {
    const pair = this.pairs.number(left, right);
    this.pairs.counts[pair] += by * this.#counts[word];
    if (by < 0) return;
    const words = this.#news.get(pair);
    if (!words) this.#news.set(pair, [word]);
    else if (words.at(-1) !== word) words.push(word);
  }
}

/** The characters of each word that are in the alphabet, with prefix and suffix by their places; all forms sorted, and their number. */
function characterForms(
  words: readonly string[],
  alphabet: ReadonlySet<string>,
  { prefix = "", suffix = "" }: MergeOptions,
): { of: (word: string) => string[]; sorted: string[]; total: number } {
  const of = (word: string): string[] => {
    const characters = [...word];
    const forms: string[] = [];
    characters.forEach((character, i) => {
      if (!alphabet.has(character)) return;
      forms.push((i > 0 ? prefix : "") + character + (i === characters.length - 1 ? suffix : ""));
    });
    return forms;
  };
  const all = new Set<string>();
  let total = 0;
  for (const word of words) {
    for (const form of of(word)) {
      all.add(form);
      total += 1;
    }
  }
  const character = (form: string): string =>
    form.startsWith(prefix) && form !== prefix ? form.slice(prefix.length) : form;
  const sorted = [...all].toSorted((a, b) => byCodePoint(character(a), character(b)) || a.length - b.length);
  return { of, sorted, total };
}
