/** Where texts say a word, and the vector of each use: the mean of the tokens that it is made of. */
import { SemspaceError, shown } from "../../errors.ts";
import { Matrix, similarity } from "../../matrix/index.ts";
import { type Span, spanVector, type TextInContext, tokensAt } from "./text-in-context.ts";

/** A use of a word: where, in which of the texts. */
export interface WordUse extends Span {
  /** Which of the texts. */
  readonly text: number;
  /** The tokens that it is made of. */
  readonly tokens: readonly string[];
}

/** All uses of a word in texts. */
export interface WordInContext {
  readonly word: string;
  readonly uses: readonly WordUse[];
  /** Row i is the vector of use i: [uses, dimensions]. */
  readonly vectors: Matrix;
  /** Cosine of every use with every other: [uses, uses]. Which sentence says the word as which other does. */
  readonly similarities: Matrix;
  /** Texts that do not say the word. */
  readonly missing: readonly number[];
}

/** All pairs of uses are compared: 5,000 are 25 million. */
const MOST_USES = 5000;

/** Which of the texts say the word. Throws `invalid-argument` for more uses than can be compared in pairs. */
export function textsSaying(texts: readonly string[], word: string): number[] {
  const pattern = wordPattern(word);
  const counts = texts.map((text) => [...spansOf(text, pattern)].length);
  const uses = counts.reduce((sum, count) => sum + count, 0);
  if (uses <= MOST_USES) return [...texts.keys()].filter((i) => counts[i] > 0);
  throw new SemspaceError(
    "invalid-argument",
    `At most ${MOST_USES} uses of a word are compared, the texts have ${uses}. Take a sample of them.`,
  );
}

/** The uses of a word in texts that have their vectors already. */
export function wordUses(texts: readonly TextInContext[], word: string): WordInContext {
  const pattern = wordPattern(word);
  const uses: WordUse[] = [];
  const rows: Float32Array[] = [];
  const missing: number[] = [];
  for (const [number, one] of texts.entries()) {
    const before = uses.length;
    for (const span of spansOf(one.text, pattern)) {
      const vector = spanVector(one, span);
      if (!vector) continue;
      uses.push({ text: number, ...span, tokens: tokensAt(one, span).map((token) => one.tokens[token]) });
      rows.push(vector);
    }
    if (uses.length === before) missing.push(number);
  }
  const vectors = Matrix.fromRows(rows);
  return { word, uses, vectors, similarities: similarity(vectors, vectors), missing };
}

/**
 * Finds a word whatever its case, and not inside a longer word: "bank", not "banker". In scripts without spaces it is found wherever its
 * characters stand. Throws `invalid-argument` for a word without a letter, digit or sign.
 */
function wordPattern(word: string): RegExp {
  if (typeof word !== "string" || word.trim() === "")
    throw new SemspaceError("invalid-argument", `A word is needed, got ${shown(word)}. Give one, such as "bank".`);
  const plain = word.trim().replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<!(?<=${joins})(?=${joins}))${plain}(?!(?<=${joins})(?=${joins}))`, "giu");
}

/** A letter, mark or digit of a script with spaces between words. */
const joins =
  "(?![\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}])[\\p{L}\\p{M}\\p{N}_]";

function* spansOf(text: string, pattern: RegExp): Generator<Span> {
  for (const { index, 0: found } of text.matchAll(pattern)) yield { start: index, end: index + found.length };
}
