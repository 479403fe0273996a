/**
 * From which data set each batch of an epoch comes. Reference: sentence-transformers 6.2 `ProportionalBatchSampler` (every batch of every
 * set, in random order) and `RoundRobinBatchSampler` (one after the other until the first has no more).
 */
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { shuffled } from "./shuffled.ts";

export const mixNames = ["proportional", "round-robin"] as const;
export type MixName = (typeof mixNames)[number];

/** For sets of so many batches: the set of each batch of the epoch. */
export function mixBatches(
  counts: readonly number[],
  { mix, seed, epoch }: { mix: MixName; seed: number; epoch: number },
): Int32Array {
  if (mix === "round-robin") {
    const rounds = Math.min(...counts);
    return Int32Array.from({ length: rounds * counts.length }, (_, i) => i % counts.length);
  }
  const sets = Int32Array.from(counts.flatMap((count, set) => Array.from({ length: count }, () => set)));
  if (counts.length === 1) return sets;
  const order = shuffled(sets.length, randomNumbers(seed ^ Math.imul(epoch + 1, 0x85ebca6b)));
  return order.map((at) => sets[at]);
}
