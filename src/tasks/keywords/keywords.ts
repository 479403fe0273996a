/**
 * Keyphrases as KeyBERT finds them (Grootendorst 2020): the phrases of a text whose vectors are nearest to the vector of the whole text; on
 * request unlike each other, by maximal marginal relevance or by the largest sum of distances.
 */
import { oneOf, SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { Matrix, similarity } from "../../matrix/index.ts";
import { marginalRelevance } from "../../search/diversity.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { type CandidateOptions, keywordCandidates } from "./candidates.ts";

export const keywordSelections = ["similarity", "mmr", "max-sum"] as const;
export type KeywordSelection = (typeof keywordSelections)[number];

export interface KeywordOptions extends CandidateOptions {
  /** Default 5. */
  top?: number;
  /** "similarity": the nearest; "mmr" (default): unlike each other by `diversity`; "max-sum": of the nearest those that are least alike. */
  selection?: KeywordSelection;
  /** Of "mmr": 0 … 1. Default 0.5. */
  diversity?: number;
  /** Of "max-sum": how many of the nearest are looked at. Default 20. */
  nearest?: number;
  /** These phrases, in place of the text's own. */
  candidates?: readonly string[];
  signal?: AbortSignal;
}

export interface Keyword {
  keyword: string;
  /** Cosine to the text. */
  score: number;
}

/** Choices of max-sum that are compared, at most: about a second. */
const MOST_CHOICES = 2_000_000;

/**
 * The best first. A text without candidates has none. Throws `invalid-argument` for a diversity outside 0 … 1, or more choices
 * than "max-sum" can compare.
 *
 * @example
 * await keywords(article, embedder, { ngrams: [1, 2], top: 3 }); // [{ keyword: "supervised learning", score: 0.68 }, …]
 */
export async function keywords(
  text: string,
  embedder: Pick<Embedder, "encode">,
  options: KeywordOptions = {},
): Promise<Keyword[]> {
  const { top = 5, selection = "mmr", diversity = 0.5, nearest = 20, candidates: given, signal } = options;
  if (typeof text !== "string")
    throw new SemspaceError("invalid-argument", `The text must be a string, got ${shown(text)}.`);
  wholeNumber("top", top, 1);
  oneOf("selection", selection, keywordSelections);
  if (!(diversity >= 0 && diversity <= 1))
    throw new SemspaceError("invalid-argument", `diversity must be from 0 to 1, got ${diversity}.`);
  const candidates = given ? [...new Set(given)] : keywordCandidates(text, options);
  if (text.trim() === "" || candidates.length === 0) return [];
  const encoding = { ...(signal && { signal }) };
  const whole = await embedder.encode([text], encoding);
  const vectors = await embedder.encode(candidates, encoding);
  const scores = similarity(whole, vectors).row(0);
  const chosen = {
    similarity: () => nearestOf(scores, top),
    mmr: () =>
      // The first is the nearest also where likeness alone counts.
      marginalRelevance(
        scores,
        Array.from(candidates, (_, i) => vectors.row(i)),
        {
          k: top,
          lambda: Math.max(1 - diversity, 1e-9),
        },
      ),
    "max-sum": () => leastAlike(vectors, scores, { top, nearest: wholeNumber("nearest", nearest, 1) }),
  }[selection]();
  return chosen
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .map((i) => ({ keyword: candidates[i], score: scores[i] }));
}

function nearestOf(scores: Float32Array, count: number): number[] {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, count);
}

/** Of the nearest the `top` whose similarities to each other have the smallest sum, by looking at every choice. */
function leastAlike(
  vectors: Matrix,
  scores: Float32Array,
  { top, nearest }: { top: number; nearest: number },
): number[] {
  const near = nearestOf(scores, nearest);
  const k = Math.min(top, near.length);
  let choices = 1;
  for (let i = 0; i < k; i += 1) choices = (choices * (near.length - i)) / (i + 1);
  if (choices > MOST_CHOICES)
    throw new SemspaceError(
      "invalid-argument",
      `max-sum compares every choice of ${k} among ${near.length}, which are ${Math.round(choices)}. Take fewer, or selection "mmr".`,
    );
  const rows = Matrix.fromRows(near.map((i) => vectors.row(i)));
  const alike = similarity(rows, rows);
  let best: number[] = [];
  let least = Infinity;
  const extend = (chosen: number[], sum: number): void => {
    if (chosen.length === k) {
      if (sum < least) [best, least] = [[...chosen], sum];
      return;
    }
    for (let i = (chosen.at(-1) ?? -1) + 1; i < near.length; i += 1) {
      const more = chosen.reduce((all, j) => all + alike.data[i * near.length + j], 0);
      chosen.push(i);
      extend(chosen, sum + more);
      chosen.pop();
    }
  };
  extend([], 0);
  return best.map((i) => near[i]);
}
