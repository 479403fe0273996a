/**
 * Do the similarities of pairs tell those that belong together from those that do not? As MTEB 2.26 measures it, with scikit-learn's
 * average precision: over all thresholds, and the best accuracy and F1 that one threshold gives. A threshold never parts equal scores.
 */
import { SemspaceError } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import { encodePairs, type PairMeasure, pairMeasures, type TextPair } from "./pair-scores.ts";

/** Two texts, and whether they belong together. */
export interface LabelledPair extends TextPair {
  label: boolean;
}

export interface PairMetrics {
  /** Area under precision by recall, in steps. NaN when no pair belongs together. */
  ap: number;
  /** The best of all thresholds. */
  accuracy: number;
  f1: number;
  /** At the threshold of the best F1. */
  precision: number;
  recall: number;
}

export interface PairClassificationResult {
  /** By measure; "similarity" is the model's own. */
  measures: Record<PairMeasure, PairMetrics>;
  /** The best average precision of the measures: MTEB's main score. */
  maxAp: number;
  /** The scores of each pair by measure, higher is nearer. */
  scores: Record<PairMeasure, Float32Array>;
}

/** Throws `invalid-argument` when there are no pairs that belong together, or none that do not. */
export async function evaluatePairClassification(
  embedder: Pick<Embedder, "encode" | "similarity">,
  pairs: readonly LabelledPair[],
): Promise<PairClassificationResult> {
  const labels = pairs.map(({ label }) => label);
  if (!labels.includes(true) || !labels.includes(false)) {
    const together = labels.filter(Boolean).length;
    throw new SemspaceError(
      "invalid-argument",
      `Pair classification needs pairs of both kinds, got ${together} that belong together and ${labels.length - together} that do not.`,
    );
  }
  const scores = await encodePairs(embedder, pairs);
  const measures = Object.fromEntries(
    pairMeasures.map((measure) => [measure, pairMetrics(scores[measure], labels)]),
  ) as Record<PairMeasure, PairMetrics>;
  return { measures, maxAp: Math.max(...pairMeasures.map((measure) => measures[measure].ap)), scores };
}

/** Measures one list of scores, higher for pairs that belong together. */
export function pairMetrics(scores: ArrayLike<number>, labels: readonly boolean[]): PairMetrics {
  const order = Array.from(labels, (_, i) => i).sort((i, j) => scores[j] - scores[i]);
  const positives = labels.filter(Boolean).length;
  const best: PairMetrics = { ap: positives === 0 ? Number.NaN : 0, accuracy: 0, f1: 0, precision: 0, recall: 0 };
  let [found, counted] = [0, 0];
  for (const [rank, item] of order.entries()) {
    if (labels[item]) found += 1;
    const isLast = rank === order.length - 1;
    if (!isLast && scores[order[rank + 1]] === scores[item]) continue;
    const precision = found / (rank + 1);
    const recall = found / positives;
    best.ap += ((found - counted) / positives) * precision;
    counted = found;
    // MTEB puts no threshold below the last pair.
    if (isLast) break;
    const wrongly = rank + 1 - found;
    best.accuracy = Math.max(best.accuracy, (found + (labels.length - positives - wrongly)) / labels.length);
    const f1 = found === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    if (f1 > best.f1) Object.assign(best, { f1, precision, recall });
  }
  return best;
}
