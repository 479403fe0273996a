/** Word vectors behind the same interface as every other model of texts, for search and every later task. */
import { SemspaceError, oneOf } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { WordVectors } from "../../words/index.ts";
import type { Embedder } from "../embedder.ts";
import { createEmbedder } from "../encode.ts";
import { plainSettings } from "../settings.ts";
import type { TextBody } from "../text-body.ts";
import { sharedDirection, sifWeights, WordBody, type WordBodyOptions } from "./word-body.ts";
import { wordsOfText } from "./words-of-text.ts";

export interface WordEmbedderOptions {
  /** "mean" of the words' vectors (default), or "sif": rare words weigh more. */
  weighting?: "mean" | "sif" | undefined;
  /** For "sif": some hundred typical texts, from which is learned what all texts share, to be taken out of each. Without them nothing is. */
  sample?: readonly string[] | undefined;
  /** For "sif": the a of a / (a + p(word)). Default 0.001. */
  a?: number | undefined;
  /** Splits a text into words. Default: runs of letters and digits; `Intl.Segmenter` for scripts without spaces. */
  tokenize?: ((text: string) => readonly string[]) | undefined;
  /** For messages. Default "word vectors". */
  name?: string | undefined;
}

/**
 * Makes an embedder. A word counts as it is written, else in lower case; a text without a known word gives zeros. Throws
 * `invalid-argument` for an `a` that is not above 0 and for a sample without a known word.
 *
 * @example
 * const embedder = await embedderOfWords(await loadWordVectors("glove.6B.50d.txt"), { weighting: "sif", sample: texts });
 * const index = await createIndex(embedder);
 */
export async function embedderOfWords(vectors: WordVectors, options: WordEmbedderOptions = {}): Promise<Embedder> {
  const { weighting = "mean", sample, a = 1e-3, tokenize = wordsOfText, name = "word vectors" } = options;
  oneOf("weighting", weighting, ["mean", "sif"]);
  if (!(a > 0)) throw new SemspaceError("invalid-argument", `a must be a number above 0, got ${a}.`);
  if (weighting === "mean") return createEmbedder(meanOfWords(vectors, { name, tokenize }), plainSettings);
  const weighted: WordBodyOptions = {
    name,
    tokenize,
    weights: sifWeights(vectors, a),
    rareWeight: 1,
    shared: undefined,
  };
  const shared = sample && (await learnShared(new WordBody(vectors, weighted), sample));
  return createEmbedder(new WordBody(vectors, { ...weighted, shared }), plainSettings);
}

/** The body of an embedder that takes the mean of the words' vectors. */
export function meanOfWords(
  vectors: WordVectors,
  { name, tokenize = wordsOfText }: Pick<WordEmbedderOptions, "tokenize"> & { name: string },
): TextBody {
  return new WordBody(vectors, { name, tokenize, weights: undefined, rareWeight: 1, shared: undefined });
}

async function learnShared(body: WordBody, sample: readonly string[]): Promise<Float64Array> {
  const rows = Matrix.zeros(sample.length, body.dimensions);
  await body.embed(sample, rows.data, { prompt: "", batchTokens: 1, advance: () => Promise.resolve() });
  if (rows.data.every((value) => value === 0)) {
    throw new SemspaceError(
      "invalid-argument",
      `None of the ${sample.length} texts of the sample has a word with a vector.`,
    );
  }
  return sharedDirection(rows);
}
