/**
 * The pieces that Unigram training starts from: every character of the corpus, and every part of two or more words that is repeated and
 * does not always go on in the same way, the longest and most frequent first (Kudo 2018, section 3.2).
 *
 * Reference: Rust `tokenizers`, models/unigram/trainer.rs, make_seed_sentence_pieces, equal in pieces, scores and order. Differs: Rust walks
 * the suffix tree of the whole text (esaxx); here the suffixes of the words are sorted by their first characters, as many as a piece may have,
 * and the tree's inner nodes read from the common beginnings of neighbours.
 */
import { byCodePoint } from "./alphabet.ts";
import { sortSuffixes } from "./sort-suffixes.ts";
import type { WordCounts } from "./word-counts.ts";

export interface Piece {
  text: string;
  /** Log probability. */
  score: number;
}

export interface SeedOptions {
  /** Most characters of a piece. */
  maxPieceLength: number;
  /** Most pieces, characters included. */
  seedSize: number;
}

/** Pieces with the logarithms of their shares; the first are the characters. */
export function seedPieces({ words, counts }: WordCounts, { maxPieceLength, seedSize }: SeedOptions): Piece[] {
  const frequencies = new Map<string, number>();
  let length = 0;
  words.forEach((word, i) => {
    for (const character of word) {
      frequencies.set(character, (frequencies.get(character) ?? 0) + counts[i]);
      length += 1;
    }
  });
  const alphabet = [...frequencies.keys()].toSorted(byCodePoint);
  const { text, suffixes } = flatten(words, alphabet, length);
  sortSuffixes(text, suffixes, maxPieceLength + 1);
  const parts = repeatedParts(text, suffixes, maxPieceLength);
  const pieces = alphabet
    .toSorted((a, b) => frequencies.get(b)! - frequencies.get(a)! || byCodePoint(b, a))
    .map((character) => ({ text: character, score: frequencies.get(character)! }));
  // Among equal scores the later by code points first; a part's place among the sorted suffixes tells.
  const order = Uint32Array.from(parts.keys()).sort((a, b) => {
    const [x, y] = [parts[a], parts[b]];
    return y.score - x.score || y.place - x.place || y.length - x.length;
  });
  for (const index of order) {
    const { score, place, length: characters } = parts[index];
    const from = suffixes[place];
    let part = "";
    for (let i = from; i < from + characters; i += 1) part += alphabet[text[i] - 1];
    pieces.push({ text: part, score });
    if (pieces.length >= seedSize) break;
  }
  let sum = 0;
  for (const { score } of pieces) sum += score;
  const logSum = Math.log(sum);
  for (const piece of pieces) piece.score = Math.log(piece.score) - logSum;
  return pieces;
}

/** All words as numbers of characters, from 1 on in the order of code points, each word closed by a 0; and where a suffix begins. */
function flatten(
  words: readonly string[],
  alphabet: readonly string[],
  length: number,
): { text: Int32Array; suffixes: Int32Array } {
  const numbers = new Map(alphabet.map((character, i) => [character, i + 1]));
  const text = new Int32Array(length + words.length);
  const suffixes = new Int32Array(length);
  let at = 0;
  let count = 0;
  for (const word of words) {
    for (const character of word) {
      suffixes[count] = at;
      count += 1;
      text[at] = numbers.get(character)!;
      at += 1;
    }
    at += 1;
  }
  return { text, suffixes };
}

interface Part {
  /** The first of the sorted suffixes that begin with the part. */
  place: number;
  length: number;
  /** Its occurrences in the distinct words, times its length. */
  score: number;
}

/** The inner nodes of the suffix tree, of 2 … `maxLength` characters: each part after which at least two different characters follow. */
function repeatedParts(text: Int32Array, suffixes: Int32Array, maxLength: number): Part[] {
  const parts: Part[] = [];
  const lengths: number[] = [];
  const places: number[] = [];
  for (let i = 1; i <= suffixes.length; i += 1) {
    const shared = i < suffixes.length ? sharedLength(text, [suffixes[i - 1], suffixes[i]], maxLength + 1) : 0;
    let place = i - 1;
    while (lengths.length > 0 && lengths.at(-1)! > shared) {
      const length = lengths.pop()!;
      place = places.pop()!;
      if (length >= 2 && length <= maxLength) parts.push({ place, length, score: (i - place) * length });
    }
    if (shared > (lengths.at(-1) ?? 0)) {
      lengths.push(shared);
      places.push(place);
    }
  }
  return parts;
}

/** How many characters two suffixes share, at most `most`; two that are equal to their word's end share it too, and so go beyond. */
function sharedLength(text: Int32Array, [first, second]: readonly [number, number], most: number): number {
  for (let length = 0; length < most; length += 1) {
    if (text[first + length] !== text[second + length]) return length;
    if (text[first + length] === 0) return most;
  }
  return most;
}
