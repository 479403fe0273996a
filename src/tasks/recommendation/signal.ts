/** One reason to recommend an item: it was taken together with those of the history, or it is about the same. */

/** An item of a history, by its number, and how much it says. */
export interface WeightedItem {
  readonly item: number;
  readonly weight: number;
}

/** "sessions": vectors from sessions; "content": vectors of the items' texts; "linear": weights between items, fitted to the sessions. */
export type SignalKind = "sessions" | "content" | "linear";

export interface Signal {
  readonly kind: SignalKind;
  /** Whether it knows the item. */
  knows(item: number): boolean;
  /** How well each item of the catalogue goes with the history; only the order and the distances count. NaN for what it does not know. */
  scores(history: readonly WeightedItem[]): Float64Array;
}

/** Weights of a history, oldest first: the last item counts 1, the one before it `decay`, and so on. */
export function recencyWeights(history: readonly number[], decay: number): WeightedItem[] {
  const weighted = history.map((item, i) => ({ item, weight: decay ** (history.length - 1 - i) }));
  // What is a millionth of the last item's weight changes no order, and costs as much as the last item.
  return weighted.filter(({ weight }) => weight > 1e-6);
}

/** Scores that can be added to those of other signals: mean 0 and variance 1 over the `candidates`; 0 for what the signal does not know. */
export function standardized(scores: Float64Array, candidates: readonly number[]): Float64Array {
  let [count, sum, squares] = [0, 0, 0];
  for (const item of candidates) {
    if (Number.isNaN(scores[item])) continue;
    count += 1;
    sum += scores[item];
    squares += scores[item] ** 2;
  }
  const mean = count === 0 ? 0 : sum / count;
  const spread = Math.sqrt(Math.max(0, squares / Math.max(count, 1) - mean ** 2));
  const result = new Float64Array(scores.length);
  if (spread === 0) return result;
  for (const item of candidates) if (!Number.isNaN(scores[item])) result[item] = (scores[item] - mean) / spread;
  return result;
}
