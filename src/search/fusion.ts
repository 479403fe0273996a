/**
 * Two or more opinions about which texts are nearest, made into one.
 *
 * `reciprocalRankFusion` looks at ranks only (Cormack, Clarke, Büttcher 2009). `weightedFusion` adds scores that were
 * brought to one scale for this query, which keeps how far apart they are (Bruch, Gai, Ingber 2023). `hybrid` is the
 * choice that `semspace search` makes.
 */
import { SemspaceError, oneOf } from "../errors.ts";
import { bestHits, type Hit } from "./hits.ts";

/**
 * How scores of one query are brought to one scale: to 0 … 1 by their range, or to mean 0 and deviation 1. The range always
 * holds 0 (no word in common, a right angle), so that a few scores that are nearly equal stay nearly equal.
 */
export type ScoreScale = "minmax" | "zscore";

export interface FusionOptions {
  /** One weight for each opinion; all equal by default. */
  weights?: readonly number[];
  /** How many hits to give; all by default. */
  top?: number;
}

/**
 * The sum over rankings of weight / (k + rank), ranks from 1; a text that a ranking lacks gets nothing from it.
 * A larger `k` (default 60, as in the paper) makes the first ranks less special.
 */
export function reciprocalRankFusion(
  rankings: readonly (readonly Hit[])[],
  options: FusionOptions & { k?: number } = {},
): Hit[] {
  const { k = 60, top = Infinity } = options;
  const weights = checkedWeights(options.weights, rankings.length);
  const sums = new Map<number, number>();
  for (const [i, ranking] of rankings.entries()) {
    for (const [rank, { index }] of ranking.entries()) {
      sums.set(index, (sums.get(index) ?? 0) + weights[i] / (k + rank + 1));
    }
  }
  const indices = [...sums.keys()].sort((a, b) => a - b);
  const scores = Float32Array.from(indices, (index) => sums.get(index)!);
  return bestHits(scores, Math.min(top, scores.length)).map(({ index, score }) => ({
    index: indices[index],
    score,
  }));
}

/**
 * The weighted sum of score arrays (entry i of each is text i), each first brought to one scale over all texts.
 * A z-score of a constant array, and NaN, count 0. `leastRanges` (one for each opinion, for "minmax"): a smaller range is not
 * stretched to 0 … 1, so that weak scores stay weak. Throws `mismatch` when the arrays differ in length.
 */
export function weightedFusion(
  opinions: readonly ArrayLike<number>[],
  options: FusionOptions & { scale?: ScoreScale; leastRanges?: readonly number[] } = {},
): Hit[] {
  const sums = fusedScores(opinions, options);
  return bestHits(sums, Math.min(options.top ?? sums.length, sums.length));
}

/** The sums of {@link weightedFusion}, one a text. */
export function fusedScores(
  opinions: readonly ArrayLike<number>[],
  {
    weights,
    scale = "minmax",
    leastRanges,
  }: Pick<FusionOptions, "weights"> & { scale?: ScoreScale; leastRanges?: readonly number[] },
): Float32Array {
  const checked = checkedWeights(weights, opinions.length);
  oneOf("scale", scale, ["minmax", "zscore"]);
  const size = opinions[0]?.length ?? 0;
  const sums = new Float32Array(size);
  for (const [i, scores] of opinions.entries()) {
    if (scores.length !== size) {
      throw new SemspaceError(
        "mismatch",
        `Scores ${i} are of ${scores.length} texts, scores 0 of ${size}; give one score for each text.`,
      );
    }
    const { origin, unit } = scale === "minmax" ? range(scores, leastRanges?.[i]) : moments(scores);
    if (!(unit > 0)) continue;
    const factor = checked[i] / unit;
    for (let text = 0; text < size; text += 1) {
      const score = (scores[text] - origin) * factor;
      if (!Number.isNaN(score)) sums[text] += score;
    }
  }
  return sums;
}

/**
 * The default fusion: `top` hits, best first, scores from 0 to 1, by cosine and BM25 scores of every text, each brought
 * to its range for this query and weighed alike. `fullMatch` ({@link LexicalIndex.fullMatch}) is the BM25 score that a
 * matching text should reach: where even the best text holds only "too" and "out" of a question, words count for less.
 * On Cranfield (bench/cranfield.bench.ts) this is 1.0 points of nDCG@10 above BM25 and 10 above the shipped model, without `fullMatch` 1.3;
 * on 30 everyday questions to examples/texts (bench/questions.bench.ts) it lifts the mean reciprocal rank from 0.33 to 0.36. Weights from 0.3 to 0.6
 * and z-scores lie within half a point; reciprocal ranks with equal weights fall below BM25.
 */
export function hybrid(
  semantic: ArrayLike<number>,
  lexical: ArrayLike<number>,
  { top, fullMatch = 0 }: { top: number; fullMatch?: number },
): Hit[] {
  return weightedFusion([semantic, lexical], { weights: [0.5, 0.5], top, leastRanges: [0, fullMatch] });
}

function checkedWeights(weights: readonly number[] | undefined, count: number): readonly number[] {
  if (weights === undefined) return Array.from({ length: count }, () => 1);
  if (weights.length !== count) {
    throw new SemspaceError("mismatch", `${count} opinions need ${count} weights, got ${weights.length}.`);
  }
  const wrong = weights.find((weight) => !Number.isFinite(weight));
  if (wrong !== undefined)
    throw new SemspaceError("invalid-argument", `A weight must be a finite number, got ${wrong}.`);
  return weights;
}

function range(scores: ArrayLike<number>, least = 0): { origin: number; unit: number } {
  let low = 0;
  let high = 0;
  for (let i = 0; i < scores.length; i += 1) {
    if (scores[i] < low) low = scores[i];
    if (scores[i] > high) high = scores[i];
  }
  return { origin: low, unit: Math.max(high - low, least) };
}

function moments(scores: ArrayLike<number>): { origin: number; unit: number } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const distance = scores[i] - mean;
    if (Number.isNaN(distance)) continue;
    count += 1;
    mean += distance / count;
    squares += distance * (scores[i] - mean);
  }
  return { origin: mean, unit: Math.sqrt(squares / count) };
}
