/**
 * The pairs of SetFit (Tunstall et al. 2022): of a few labelled texts every two are a pair, alike when they have one label. Reference: setfit 1.1
 * `ContrastiveDataset`: a text is also a pair with itself, alike and unlike pairs alternate, of too few some come again. Differs: another random order.
 */
import { randomNumbers } from "../matrix/random-numbers.ts";
import { shuffled } from "./samplers/shuffled.ts";

export const pairSamplings = ["oversampling", "undersampling", "unique"] as const;
/** As many alike as unlike pairs by repeating the fewer or by leaving out of the more; or every pair once. */
export type PairSampling = (typeof pairSamplings)[number];

export interface LabelledPair {
  first: number;
  second: number;
  alike: boolean;
}

/** Pairs of rows, first ≤ second. */
export function labelledPairs(
  labels: readonly unknown[],
  { sampling, seed }: { sampling: PairSampling; seed: number },
): LabelledPair[] {
  const all: LabelledPair[] = [];
  for (let first = 0; first < labels.length; first += 1) {
    for (let second = first; second < labels.length; second += 1)
      all.push({ first, second, alike: labels[first] === labels[second] });
  }
  const mixed = Array.from(shuffled(all.length, randomNumbers(seed)), (i) => all[i]);
  const alike = mixed.filter((pair) => pair.alike);
  const unlike = mixed.filter((pair) => !pair.alike);
  const count = (own: number, other: number): number =>
    sampling === "unique" ? own : sampling === "oversampling" ? Math.max(own, other) : Math.min(own, other);
  const wanted = [count(alike.length, unlike.length), count(unlike.length, alike.length)];
  const pairs: LabelledPair[] = [];
  for (let i = 0; i < Math.max(...wanted); i += 1) {
    if (i < wanted[0] && alike.length > 0) pairs.push(alike[i % alike.length]);
    if (i < wanted[1] && unlike.length > 0) pairs.push(unlike[i % unlike.length]);
  }
  return pairs;
}
