/**
 * Batches in which every class has at least two rows. Rows of one class are drawn in pairs, and the pairs are shuffled.
 * Reference: sentence-transformers 6.2 `GroupByLabelBatchSampler`. Differs: a batch mixes the classes by their shares instead of taking one
 * after the other; a class's odd last row rests in this epoch there and here.
 */
import { SemspaceError } from "../../errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { shuffled } from "./shuffled.ts";

export function groupByLabel(
  data: Dataset,
  { batchSize, random }: { batchSize: number; random: () => number },
): Int32Array[] {
  const { name, labels, labelsPerRow } = data;
  if (!labels || labelsPerRow !== 1) {
    throw new SemspaceError(
      "invalid-argument",
      `The sampler group-by-label needs a class a row, ${name} has ${labels ? `${labelsPerRow} labels a row` : "no labels"}.`,
    );
  }
  if (batchSize % 2 === 1) {
    throw new SemspaceError(
      "invalid-argument",
      `group-by-label takes rows in pairs: batchSize must be even, got ${batchSize}.`,
    );
  }
  const groups = new Map<number, number[]>();
  for (const row of shuffled(data.length, random)) {
    const group = groups.get(labels[row]);
    if (group) group.push(row);
    else groups.set(labels[row], [row]);
  }
  const pairs: [number, number][] = [];
  for (const rows of groups.values()) for (let i = 0; i + 1 < rows.length; i += 2) pairs.push([rows[i], rows[i + 1]]);
  if (pairs.length === 0) {
    throw new SemspaceError("invalid-argument", `No class of ${name} has two rows: group-by-label finds no pair.`);
  }
  const order = shuffled(pairs.length, random);
  const size = batchSize / 2;
  return Array.from({ length: Math.ceil(pairs.length / size) }, (_, i) =>
    Int32Array.from(Array.from(order.subarray(i * size, (i + 1) * size)).flatMap((pair) => pairs[pair])),
  );
}
