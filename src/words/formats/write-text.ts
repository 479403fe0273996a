/** Word vectors as lines of text and as word2vec's binary file, in pieces. */
import { SemspaceError, shown } from "../../errors.ts";
import type { WordVectors } from "../word-vectors.ts";

/** Characters or bytes that are collected before they are handed on. */
const PIECE = 1 << 18;

export interface TextStyle {
  /** Write "words dimensions" as the first line. */
  header: boolean;
  /** Digits of a number; undefined: as many as give the float32 back. */
  digits?: number;
  /** A space behind the last number, as fastText and word2vec.c write it. */
  trailingSpace?: boolean;
}

/** Throws `unsupported` for a word that these lines cannot hold. */
export function* textPieces(
  vectors: WordVectors,
  { header, digits, trailingSpace = false }: TextStyle,
): Generator<Uint8Array> {
  checkWords(vectors, header ? /[ \n]/ : /\n/);
  const encoder = new TextEncoder();
  const finite = digits === undefined ? shortest : (value: number) => String(Number(value.toPrecision(digits)));
  // As Python and C write what is no number.
  const write = (value: number): string =>
    Number.isFinite(value) ? finite(value) : String(value).replace("Infinity", "inf").toLowerCase();
  let text = header ? `${vectors.size} ${vectors.dimensions}\n` : "";
  for (const [i, word] of vectors.words.entries()) {
    text += word;
    for (const value of vectors.table.row(i)) text += ` ${write(value)}`;
    text += trailingSpace ? " \n" : "\n";
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

/** A line feed behind each vector, as the C tool writes it; gensim reads that too. Throws as {@link textPieces}. */
export function* binaryPieces(vectors: WordVectors): Generator<Uint8Array> {
  checkWords(vectors, /[ \n]/);
  const encoder = new TextEncoder();
  yield encoder.encode(`${vectors.size} ${vectors.dimensions}\n`);
  const width = vectors.dimensions * 4;
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  for (const [i, word] of vectors.words.entries()) {
    const name = encoder.encode(`${word} `);
    const needed = name.length + width + 1;
    if (filled + needed > piece.length) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(Math.max(PIECE, needed));
      filled = 0;
    }
    piece.set(name, filled);
    const row = vectors.table.row(i);
    piece.set(new Uint8Array(row.buffer, row.byteOffset, width), filled + name.length);
    filled += needed;
    piece[filled - 1] = 10;
  }
  yield piece.subarray(0, filled);
}

/** The fewest digits that give the float32 back. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

function checkWords(vectors: WordVectors, forbidden: RegExp): void {
  const wrong = vectors.words.find((word) => forbidden.test(word));
  if (wrong === undefined) return;
  const message = `The word ${shown(wrong)} holds a space or line break, which this format cannot. Save as semspace (.safetensors), or words with spaces as glove.`;
  throw new SemspaceError("unsupported", message);
}
