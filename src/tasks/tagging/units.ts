/** Texts to what gets a label: their tokens as given, or the model's words, each with its place and one vector, the mean of its pieces. */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { ContextualEmbedder, ContextualizeOptions } from "../contextual/contextual-embedder.ts";
import { type Span, spanVector, type TextInContext } from "../contextual/text-in-context.ts";

export interface Units {
  text: string;
  /** UTF-16 places in the text. */
  places: readonly Span[];
  /** [units, dimensions]; zeros for a unit that the tokenizer drops. */
  vectors: Matrix;
}

/** What the tagger needs of a model of words in context. */
export type TokenEncoder = Pick<ContextualEmbedder, "name" | "dimensions" | "contextualize">;

/** Sentences or texts that go through the model between two looks at the signal. */
const TEXTS_AT_ONCE = 256;

export interface UnitOptions extends ContextualizeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Tokens joined by spaces, and the place of each. */
export function joinedTokens(tokens: readonly string[]): { text: string; places: Span[] } {
  let at = 0;
  const places = tokens.map((token) => {
    const place = { start: at, end: at + token.length };
    at = place.end + 1;
    return place;
  });
  return { text: tokens.join(" "), places };
}

/** The units of each text; where `places` are given, these. */
export async function unitsOf(
  context: TokenEncoder,
  texts: readonly { text: string; places?: readonly Span[] }[],
  { signal, onProgress, ...settings }: UnitOptions = {},
): Promise<Units[]> {
  const all: Units[] = [];
  for (let first = 0; first < texts.length; first += TEXTS_AT_ONCE) {
    signal?.throwIfAborted();
    const some = texts.slice(first, first + TEXTS_AT_ONCE);
    // oxlint-disable-next-line no-await-in-loop -- one part after the other bounds the memory
    const read = await context.contextualize(
      some.map(({ text }) => text),
      settings,
    );
    for (const [i, one] of read.entries()) all.push(unitsIn(one, some[i].places));
    onProgress?.(all.length, texts.length);
  }
  return all;
}

function unitsIn(text: TextInContext, places: readonly Span[] | undefined): Units {
  if (places === undefined) return { text: text.text, places: text.words, vectors: text.wordVectors };
  const vectors = Matrix.zeros(places.length, text.vectors.columns);
  for (const [i, place] of places.entries()) {
    const vector = spanVector(text, place);
    if (vector) vectors.row(i).set(vector);
  }
  return { text: text.text, places, vectors };
}

/** All vectors below each other, and where those of each text begin. Throws `mismatch` for vectors of different length. */
export function stacked(units: readonly Units[], dimensions: number): { vectors: Matrix; starts: Int32Array } {
  const starts = new Int32Array(units.length + 1);
  for (const [i, { places }] of units.entries()) starts[i + 1] = starts[i] + places.length;
  const vectors = Matrix.zeros(starts[units.length], dimensions);
  for (const [i, unit] of units.entries()) {
    if (unit.places.length === 0) continue;
    if (unit.vectors.columns !== dimensions)
      throw new SemspaceError("mismatch", `Vectors of ${unit.vectors.columns} dimensions, not of ${dimensions}.`);
    vectors.data.set(unit.vectors.data, starts[i] * dimensions);
  }
  return { vectors, starts };
}
