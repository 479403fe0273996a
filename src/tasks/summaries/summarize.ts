/** A text → the sentences that stand for it, in the order of the text. */
import { countWords } from "../../documents/index.ts";
import { oneOf, SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { type Matrix, similarity } from "../../matrix/index.ts";
import { marginalRelevance } from "../../search/diversity.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { centrality, type SummaryMethod, summaryMethods } from "./centrality.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

export interface SummaryOptions {
  /** At most so many sentences. Default 3, where neither words nor tokens are given. */
  sentences?: number;
  /** At most so many words in all. */
  words?: number;
  /** At most so many tokens in all, as `countTokens` counts them. */
  tokens?: number;
  /** Of the model's tokenizer: `tokenCounter(tokenizer)` of semspace/documents. Needed for `tokens`. */
  countTokens?: (text: string) => number;
  /** How central a sentence is. Default "centroid". */
  method?: SummaryMethod;
  /** How unlike each other the sentences should be, 0 … 1 (maximal marginal relevance). Default 0.3. */
  diversity?: number;
  /** Of lexrank: sentences at least this near are joined. Default: the mean of all pairs. */
  threshold?: number;
  signal?: AbortSignal;
}

export interface SummarySentence extends Sentence {
  /** How central it is, larger is more; of one method only. */
  score: number;
}

export interface Summary {
  /** The sentences with a space between. */
  text: string;
  /** In the order of the text. */
  sentences: SummarySentence[];
}

/** The similarities of all pairs are held at once: 256 MB at this number. */
const MOST_SENTENCES = 8000;

/**
 * Sentences that are too long for what is left of the length are passed over; the most central one is given in any case. A text without
 * sentences gives none, one of a single sentence gives it back. Throws `invalid-argument` for lengths that are no whole numbers from 1 on.
 *
 * @example
 * const { text } = await summarize(article, embedder, { words: 60 });
 */
export async function summarize(
  text: string,
  embedder: Pick<Embedder, "encode">,
  options: SummaryOptions = {},
): Promise<Summary> {
  if (typeof text !== "string")
    throw new SemspaceError("invalid-argument", `The text must be a string, got ${shown(text)}.`);
  const limits = lengthLimits(options);
  const { method = "centroid", diversity = 0.3, signal } = options;
  oneOf("method", method, summaryMethods);
  if (!(diversity >= 0 && diversity <= 1))
    throw new SemspaceError("invalid-argument", `diversity must be from 0 to 1, got ${diversity}.`);
  const all = sentencesOf(text);
  if (all.length > MOST_SENTENCES)
    throw new SemspaceError(
      "invalid-argument",
      `The text has ${all.length} sentences, at most ${MOST_SENTENCES} are compared at once. Summarise its parts.`,
    );
  if (all.length === 0) return { text: "", sentences: [] };
  const vectors = await embedder.encode(
    all.map((sentence) => sentence.text),
    { ...(signal && { signal }) },
  );
  const similarities = similarity(vectors, vectors);
  const { threshold = meanOfPairs(similarities) } = options;
  const scores = centrality(vectors, method, { similarities, threshold });
  const order = marginalRelevance(
    scaled(scores),
    all.map((_, i) => vectors.row(i)),
    // Enough to pass over what is too long, without comparing all with all for a few sentences.
    { k: Math.max(500, ...limits.map(({ most }) => most)), lambda: Math.max(1 - diversity, 1e-9) },
  );
  const chosen = fitting(order, all, limits).sort((a, b) => a - b);
  const sentences = chosen.map((i) => Object.assign(all[i], { score: scores[i] }));
  return { text: sentences.map((sentence) => sentence.text).join(" "), sentences };
}

interface Limit {
  most: number;
  size: (sentence: Sentence) => number;
}

function lengthLimits({ sentences, words, tokens, countTokens }: SummaryOptions): Limit[] {
  const limits: Limit[] = [];
  if (words !== undefined) limits.push({ most: wholeNumber("words", words, 1), size: ({ text }) => countWords(text) });
  if (tokens !== undefined) {
    if (!countTokens)
      throw new SemspaceError(
        "invalid-argument",
        "A length in tokens needs countTokens: tokenCounter(tokenizer) of semspace/documents.",
      );
    limits.push({ most: wholeNumber("tokens", tokens, 1), size: ({ text }) => countTokens(text) });
  }
  if (sentences !== undefined || limits.length === 0)
    limits.push({ most: wholeNumber("sentences", sentences ?? 3, 1), size: () => 1 });
  return limits;
}

/** Takes sentences in that order as long as they fit. */
function fitting(order: Iterable<number>, all: readonly Sentence[], limits: readonly Limit[]): number[] {
  const chosen: number[] = [];
  const left = limits.map(({ most }) => most);
  for (const i of order) {
    const sizes = limits.map(({ size }) => size(all[i]));
    if (chosen.length > 0 && sizes.some((size, l) => size > left[l])) continue;
    chosen.push(i);
    for (const [l, size] of sizes.entries()) left[l] -= size;
    if (left.some((rest) => rest <= 0)) break;
  }
  return chosen;
}

/** Scores from 0 to 1, so that they can be held against cosines. */
function scaled(scores: Float64Array): Float64Array {
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  return scores.map((score) => (most > least ? (score - least) / (most - least) : 1));
}

function meanOfPairs({ data, rows }: Matrix): number {
  if (rows < 2) return 0;
  let sum = 0;
  for (let i = 0; i < rows; i += 1) for (let j = 0; j < i; j += 1) sum += data[i * rows + j];
  return sum / ((rows * (rows - 1)) / 2);
}
