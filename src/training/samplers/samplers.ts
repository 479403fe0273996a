/** How the rows of a data set become batches. One epoch is a function of the seed and its number, so that a resumed training finds its place. */
import { oneOf } from "../../errors.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Dataset } from "../data/dataset.ts";
import { groupByLabel } from "./group-by-label.ts";
import { withoutDuplicates } from "./no-duplicates.ts";
import { shuffled } from "./shuffled.ts";

/**
 * "shuffled"; "no-duplicates": no text twice in a batch, for losses that take the other rows as negatives; "group-by-label": every
 * class of a batch has at least two rows, for the triplet losses; "in-order": as the data comes.
 */
export const samplerNames = ["shuffled", "no-duplicates", "group-by-label", "in-order"] as const;
export type SamplerName = (typeof samplerNames)[number];

export interface EpochOptions {
  sampler: SamplerName;
  batchSize: number;
  seed: number;
  /** From 0 on. */
  epoch: number;
}

/** The rows of each batch of an epoch. The last ones may be smaller. */
export async function epochBatches(
  data: Dataset,
  { sampler, batchSize, seed, epoch }: EpochOptions,
): Promise<Int32Array[]> {
  oneOf("sampler", sampler, samplerNames);
  const random = randomNumbers(seed + Math.imul(epoch, 0x9e3779b1));
  switch (sampler) {
    case "in-order":
      return cut(
        Int32Array.from({ length: data.length }, (_, i) => i),
        batchSize,
      );
    case "shuffled":
      return cut(shuffled(data.length, random), batchSize);
    case "no-duplicates":
      return withoutDuplicates(data, { batchSize, random });
    case "group-by-label":
      return groupByLabel(data, { batchSize, random });
  }
}

function cut(rows: Int32Array, size: number): Int32Array[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.subarray(i * size, (i + 1) * size));
}
