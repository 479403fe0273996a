/**
 * A Unigram vocabulary learned from word counts (Kudo 2018): from many pieces, rounds of expectation-maximisation give each its
 * probability, and those are dropped whose loss costs the corpus least, until the vocabulary has its size.
 *
 * Reference: Rust `tokenizers` 0.22, models/unigram/trainer.rs, the same steps in the same order; its sums run over a hash map's random
 * order and over threads, so scores agree as far as floating point allows, and a piece at the edge of the vocabulary may differ where two cost the same.
 * Differs: required characters that were dropped come back in the order of their code points.
 */
import { SemspaceError } from "../../errors.ts";
import { pauses } from "../../platform/pauses.ts";
import { alphabetOf } from "./alphabet.ts";
import type { TrainingJob } from "./training-job.ts";
import { type Piece, seedPieces } from "./unigram-seeds.ts";
import { UnigramLattice } from "./unigram-lattice.ts";
import type { WordCounts } from "./word-counts.ts";

export interface PieceOptions {
  /** Special tokens and pieces together. */
  vocabularySize: number;
  specialTokens: readonly string[];
  /** Characters that are pieces whether or not the corpus has them. */
  initialAlphabet?: readonly string[] | undefined;
  /** Most characters of a piece. Default 16. */
  maxPieceLength?: number | undefined;
  /** Pieces that training starts from, at most. Default 1,000,000. */
  seedSize?: number | undefined;
  /** What part of the pieces is kept when some are dropped. Default 0.75. */
  shrinkingFactor?: number | undefined;
  /** Rounds of expectation and maximisation between two drops. Default 2. */
  subIterations?: number | undefined;
}

/** A piece expected less often than this is dropped at once. */
const leastExpected = 0.5;
/** What missing required characters differ by in score, so that their order is kept. */
const penaltyStep = 0.0001;

/** The vocabulary with its scores, special tokens first. Throws `invalid-argument` when it is too small for the corpus's characters. */
export async function learnPieces(
  counted: WordCounts,
  options: PieceOptions,
  { signal, onProgress }: TrainingJob = {},
): Promise<Piece[]> {
  const { vocabularySize, maxPieceLength = 16, seedSize = 1_000_000, shrinkingFactor = 0.75 } = options;
  const { subIterations = 2, specialTokens } = options;
  const required = alphabetOf(counted, { initial: options.initialAlphabet });
  if (required.length + specialTokens.length > vocabularySize) {
    const least = required.length + specialTokens.length;
    throw new SemspaceError(
      "invalid-argument",
      `A vocabulary of ${vocabularySize} is too small for the ${required.length} characters of the corpus and ${specialTokens.length} special tokens. Use at least ${least}.`,
    );
  }
  const unknown: Piece = { text: "<UNK>", score: NaN };
  let pieces: Piece[] = [unknown, ...seedPieces(counted, { maxPieceLength, seedSize })];
  const wanted = Math.floor((vocabularySize * 11) / 10);
  const rounds = (): number =>
    (Math.max(0, Math.ceil(Math.log(wanted / pieces.length) / Math.log(shrinkingFactor))) + 1) * subIterations;
  const work = new Work(counted, { signal, onProgress });
  let lattice = new UnigramLattice(pieces);
  for (;;) {
    for (let i = 0; i < subIterations; i += 1) {
      work.report(rounds() - i);
      pieces = maximized(pieces, await work.expected(lattice, pieces.length));
      lattice = new UnigramLattice(pieces);
    }
    if (pieces.length <= wanted) break;
    const least = Math.max(wanted, Math.floor(pieces.length * shrinkingFactor));
    pieces = pruned(pieces, {
      lattice,
      frequencies: await work.frequencies(lattice, pieces.length),
      total: work.total,
      least,
    });
    lattice = new UnigramLattice(pieces);
  }
  return finalized(pieces, required, options);
}

/** The passes over all words. */
class Work {
  readonly #counted: WordCounts;
  readonly #job: TrainingJob;
  readonly #pause = pauses();
  #rounds = 0;
  /** Occurrences of all words. */
  readonly total: number;

  constructor(counted: WordCounts, job: TrainingJob) {
    this.#counted = counted;
    this.#job = job;
    this.total = counted.counts.reduce((sum, count) => sum + count, 0);
  }

  report(left: number): void {
    this.#job.onProgress?.({ stage: "pieces", done: this.#rounds, total: this.#rounds + left });
    this.#rounds += 1;
  }

  /** How often each piece is expected in the corpus. */
  async expected(lattice: UnigramLattice, size: number): Promise<Float64Array> {
    const expected = new Float64Array(size);
    await this.#each((word, count) => {
      lattice.read(word);
      lattice.addExpected(count, expected);
    });
    return expected;
  }

  /** How often each piece is in the words' best ways. */
  async frequencies(lattice: UnigramLattice, size: number): Promise<Float64Array> {
    const frequencies = new Float64Array(size);
    await this.#each((word, count) => {
      lattice.read(word);
      for (const id of lattice.best()) frequencies[id] += count;
    });
    return frequencies;
  }

  async #each(visit: (word: string, count: number) => void): Promise<void> {
    const { words, counts } = this.#counted;
    for (let i = 0; i < words.length; i += 1) {
      visit(words[i], counts[i]);
      if (i % 512 !== 511) continue;
      await this.#pause();
      this.#job.signal?.throwIfAborted();
    }
  }
}

/** The M step: new log probabilities by the digamma function, a sparse prior (Liang and Klein 2007); rare pieces are dropped. */
function maximized(pieces: readonly Piece[], expected: Float64Array): Piece[] {
  const kept: Piece[] = [];
  let sum = 0;
  pieces.forEach(({ text }, id) => {
    if (id > 0 && expected[id] < leastExpected) return;
    kept.push({ text, score: id === 0 ? NaN : expected[id] });
    if (id > 0) sum += expected[id];
  });
  const logSum = digamma(sum);
  for (const piece of kept) piece.score = digamma(piece.score) - logSum;
  return kept;
}

interface PruneOptions {
  lattice: UnigramLattice;
  /** Of each piece in the words' best ways. */
  frequencies: Float64Array;
  /** Occurrences of all words. */
  total: number;
  /** How many pieces are kept. */
  least: number;
}

/** Drops the pieces without which the corpus is hardly less likely, when each is cut in the second best way instead. */
function pruned(pieces: readonly Piece[], { lattice, frequencies, total, least }: PruneOptions): Piece[] {
  const kept: Piece[] = [pieces[0]];
  const candidates: { piece: Piece; loss: number }[] = [];
  let sum = 0;
  for (const frequency of frequencies) sum += frequency;
  const logSum = Math.log(sum);
  for (let id = 1; id < pieces.length; id += 1) {
    const frequency = frequencies[id];
    lattice.read(pieces[id].text);
    const { best, second } = lattice.twoBest();
    const isNeeded = second === undefined || best.length === 1;
    if (frequency === 0 && !isNeeded) continue;
    const alternatives = second !== undefined && best.length === 1 ? second : [];
    if (alternatives.length === 0) kept.push(pieces[id]);
    else if (frequency > 0) {
      const logSumAfter = Math.log(sum + frequency * (alternatives.length - 1));
      let after = 0;
      for (const other of alternatives) after += Math.log(frequencies[other] + frequency) - logSumAfter;
      candidates.push({ piece: pieces[id], loss: (frequency / total) * (Math.log(frequency) - logSum - after) });
    }
  }
  candidates.sort((a, b) => b.loss - a.loss);
  for (const { piece } of candidates) {
    if (kept.length === least) break;
    kept.push(piece);
  }
  return kept;
}

/** The vocabulary: special tokens, then the required characters and the first pieces, the most probable first. */
function finalized(pieces: readonly Piece[], required: readonly string[], options: PieceOptions): Piece[] {
  const { specialTokens, vocabularySize } = options;
  const scores = new Map(pieces.slice(1).map(({ text, score }) => [text, score]));
  let least = Infinity;
  for (const score of scores.values()) if (score < least) least = score;
  const vocabulary = new Map<string, number>();
  let penalty = 0;
  for (const character of required) {
    const known = scores.get(character);
    vocabulary.set(character, known ?? least + penalty);
    if (known === undefined) penalty += penaltyStep;
  }
  const room = vocabularySize - specialTokens.length;
  for (const [text, score] of scores) {
    if (vocabulary.size >= room) break;
    if (!vocabulary.has(text)) vocabulary.set(text, score);
  }
  const sorted = [...vocabulary].map(([text, score]) => ({ text, score })).toSorted((a, b) => b.score - a.score);
  return [...specialTokens.map((text) => ({ text, score: 0 })), ...sorted];
}

/** The logarithmic derivative of the gamma function, by its asymptotic series from 7 on. */
function digamma(value: number): number {
  let x = value;
  let result = 0;
  for (; x < 7; x += 1) result -= 1 / x;
  x -= 0.5;
  const xx = 1 / x;
  const xx2 = xx * xx;
  const xx4 = xx2 * xx2;
  return result + Math.log(x) + (1 / 24) * xx2 - (7 / 960) * xx4 + (31 / 8064) * xx4 * xx2 - (127 / 30720) * xx4 * xx4;
}
