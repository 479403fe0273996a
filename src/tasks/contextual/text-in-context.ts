/** A text with one vector a token and one a word: the mean of the word's pieces, found by the tokenizer's words or by places in the text. */
import type { TokenVectors } from "../../texts/index.ts";
import { Matrix } from "../../matrix/index.ts";
import type { TokenStates } from "./token-reader.ts";

/** A stretch of the text, [start, end), in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word as the tokenizer cuts words: mostly at spaces and punctuation, for Chinese often a character each. */
export interface WordInText extends Span {
  /** As it stands in the text. */
  readonly word: string;
}

/** A text with the vectors of its tokens and words. */
export interface TextInContext extends TokenVectors {
  readonly text: string;
  readonly words: readonly WordInText[];
  /** Row i is the vector of word i, the mean of its tokens: [words, dimensions]. */
  readonly wordVectors: Matrix;
}

export function textInContext(text: string, states: TokenStates): TextInContext {
  const { tokens, ids, offsets, vectors, wordIds } = states;
  const words: WordInText[] = [];
  const members: number[][] = [];
  for (let i = 0, last: number | null = null; i < wordIds.length; last = wordIds[i], i += 1) {
    if (wordIds[i] === null || offsets[2 * i] === offsets[2 * i + 1]) continue;
    const [start, end] = trimmed(text, offsets[2 * i], offsets[2 * i + 1]);
    if (wordIds[i] === last && words.length > 0) {
      const word = words.at(-1)!;
      words[words.length - 1] = { word: text.slice(word.start, end), start: word.start, end };
      members.at(-1)!.push(i);
    } else {
      words.push({ word: text.slice(start, end), start, end });
      members.push([i]);
    }
  }
  const wordVectors = Matrix.zeros(words.length, vectors.columns);
  for (const [row, rows] of members.entries()) writeMean(vectors, rows, wordVectors.row(row));
  return { text, tokens, ids, offsets, vectors, words, wordVectors };
}

/** The tokens that touch a stretch of the text. */
export function tokensAt({ offsets }: Pick<TokenVectors, "offsets">, { start, end }: Span): number[] {
  const found: number[] = [];
  for (let i = 0; 2 * i < offsets.length; i += 1) {
    const [from, to] = [offsets[2 * i], offsets[2 * i + 1]];
    if (from < to && from < end && to > start) found.push(i);
  }
  return found;
}

/**
 * The mean vector of the tokens that touch a stretch of the text; undefined where none does.
 *
 * @example
 * const [text] = await context.contextualize(["河边的银行"]);
 * spanVector(text, { start: 3, end: 5 }); // 银行: the mean of 银 and 行
 */
export function spanVector(text: TokenVectors, span: Span): Float32Array | undefined {
  const tokens = tokensAt(text, span);
  if (tokens.length === 0) return undefined;
  const mean = new Float32Array(text.vectors.columns);
  writeMean(text.vectors, tokens, mean);
  return mean;
}

function writeMean(vectors: Matrix, rows: readonly number[], out: Float32Array): void {
  const sums = new Float64Array(out.length);
  for (const row of rows) {
    const vector = vectors.row(row);
    for (let j = 0; j < sums.length; j += 1) sums[j] += vector[j];
  }
  for (let j = 0; j < sums.length; j += 1) out[j] = sums[j] / rows.length;
}

/** Tokens of byte-level tokenizers begin with the space before a word. */
function trimmed(text: string, start: number, end: number): [number, number] {
  const token = text.slice(start, end);
  const lead = token.length - token.trimStart().length;
  return lead === token.length ? [start, end] : [start + lead, end - (token.length - token.trimEnd().length)];
}
