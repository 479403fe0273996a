/**
 * "None of these": a logistic regression parts the example phrases of all intents from foreign sentences, those that were given and those
 * about anything, which are groups of the same weight however many there are. From which score on a text is taken is learned by cross-validation: where phrases and foreign sentences part best, but so low that the wanted share of the phrases
 * comes through; for each intent its own, drawn towards that of all by as much as the intent has few phrases.
 */
import type { Matrix } from "../../matrix/index.ts";
import { outOfFoldScores } from "../classification/cross-validation.ts";
import type { Head, Targets } from "../classification/head.ts";
import { fitLogisticHead } from "../classification/logistic-head.ts";

export interface Gate {
  /** Two or three scores a text: own first, then what is foreign. */
  readonly head: Head;
  /** For each intent, by how much own must lead at least. */
  readonly thresholds: Float32Array;
}

export interface GateOptions {
  /** Of each own row, its intent. */
  intents: readonly number[];
  /** How many intents there are. */
  count: number;
  /** Share of the phrases that is to come through. */
  keep: number;
  seed: number;
}

/** An intent with so many phrases has a threshold half its own. */
const PRIOR = 10;
const fitting = {
  C: 1,
  multiclass: "multinomial",
  classWeights: "balanced",
  neighbors: 1,
  tolerance: 1e-5,
  maxIterations: 1000,
} as const;

/** `vectors` are the own rows, then the foreign ones in their groups, which have so many rows. */
export async function learnGate(
  vectors: Matrix,
  groups: readonly number[],
  { intents, count, keep, seed }: GateOptions,
): Promise<Gate> {
  const own = intents.length;
  const sizes = [own, ...groups.filter((size) => size > 0)];
  const targets: Targets = {
    labels: ["own", "foreign", "other"].slice(0, sizes.length),
    multiLabel: false,
    rows: sizes.flatMap((size, group) => Array.from({ length: size }, () => [group])),
  };
  const fit = (part: Matrix, of: Targets): Head => fitLogisticHead(part, of, fitting);
  const folds = Math.min(5, own, vectors.rows - own);
  const head = fit(vectors, targets);
  if (folds < 2) return { head, thresholds: new Float32Array(count) };
  const scores = leads(await outOfFoldScores(vectors, targets, { fit, folds, seed }), sizes.length);
  const phrases = scores.subarray(0, own);
  const best = bestParting(phrases, scores.subarray(own));
  const overall = quantile(phrases, 1 - keep);
  const thresholds = Float32Array.from({ length: count }, (_, intent) => {
    const mine = phrases.filter((_, i) => intents[i] === intent);
    const weight = mine.length / (mine.length + PRIOR);
    return Math.min(best, weight * quantile(mine, 1 - keep) + (1 - weight) * overall);
  });
  return { head, thresholds };
}

/** By how much own leads the nearest of the foreign groups, a row. */
export function leads(scores: Float64Array, groups: number): Float64Array {
  return Float64Array.from({ length: scores.length / groups }, (_, i) => {
    const [own, ...foreign] = scores.subarray(i * groups, (i + 1) * groups);
    return own - Math.max(...foreign);
  });
}

/** The threshold with the largest sum of the shares that are right on either side. */
function bestParting(own: Float64Array, foreign: Float64Array): number {
  let best = { threshold: 0, right: -1 };
  const sorted = [...own].toSorted((a, b) => a - b);
  for (const [below, threshold] of sorted.entries()) {
    const refused = foreign.reduce((sum, score) => sum + (score < threshold ? 1 : 0), 0) / foreign.length;
    const right = 1 - below / own.length + refused;
    if (right > best.right) best = { threshold, right };
  }
  return best.threshold;
}

/** Between the two values around it; of none 0. */
function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}
