/** The n-grams of a fastText model as a table of their own, on the same numbers. */
import { NgramTable } from "../tables/ngram-table.ts";
import type { VectorTable } from "../tables/vector-table.ts";
import type { FastTextParts } from "./fasttext-model.ts";
import { DenseTable } from "./table.ts";

/** Undefined for a model without character n-grams. */
export function ngramTable({ settings, dictionary, input }: FastTextParts): NgramTable | undefined {
  const { minN, maxN, buckets } = settings;
  if (maxN < 1) return undefined;
  const { kept, words } = dictionary.parts;
  const used: number[] = [];
  const rows: number[] = [];
  let table: VectorTable = input;
  if (input instanceof DenseTable && input.storedRow) {
    table = new DenseTable(input.data, input.columns);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const row = input.storedRow[words + bucket];
      if (row < 0) continue;
      used.push(bucket);
      rows.push(row);
    }
  } else {
    const all = kept ? [...kept.keys()].toSorted((a, b) => a - b) : Array.from({ length: buckets }, (_, i) => i);
    for (const bucket of all) {
      used.push(bucket);
      rows.push(words + (kept ? kept.get(bucket)! : bucket));
    }
  }
  const unused = kept ? "none" : "zeros";
  return new NgramTable({
    ...{ table, minN, maxN, buckets, unused },
    used: Int32Array.from(used),
    rows: Int32Array.from(rows),
  });
}
