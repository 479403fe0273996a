/** A data set from a file. */
import { SemspaceError } from "../../errors.ts";
import { type ColumnChoice, type ChosenColumns, chooseColumns } from "./columns.ts";
import { type Dataset, emptyText, LabelCollector } from "./dataset.ts";
import { type DataFormat, readRecords } from "./records.ts";
import { RowStore } from "./row-store.ts";

export interface LoadDatasetOptions extends ColumnChoice {
  /** Default: by the name's ending. */
  format?: DataFormat | undefined;
  /** The least and the most score: they are mapped to 0 … 1, others are refused. Default: scores are taken as they are. */
  scoreRange?: readonly [number, number] | undefined;
  /** Only so many rows from the beginning. */
  limit?: number | undefined;
  /** UTF-16 units of text that are kept in memory; of a larger file the texts go to a temporary one. Default 268,435,456. */
  inMemory?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads .jsonl, .csv, .tsv (also .gz) or .parquet; the names of the columns decide what is what (docs/training.md). Throws `missing-file`,
 * or `invalid-file` that names the file and the row: a column that is missing, an empty text, a score out of range, one class only.
 *
 * @example
 * const pairs = await loadDataset("pairs.jsonl");            // {"anchor": "…", "positive": "…"}
 * const sts = await loadDataset("sts.tsv", { scoreRange: [0, 5] }); // sentence1, sentence2, score
 */
export async function loadDataset(location: string, options: LoadDatasetOptions = {}): Promise<Dataset> {
  const { limit = Infinity, signal } = options;
  let reading: Reading | undefined;
  let length = 0;
  try {
    for await (const { row, values } of readRecords(location, options.format)) {
      if (length >= limit) break;
      reading ??= begin(location, Object.keys(values), options);
      await addRow(reading, row, values);
      length += 1;
      if (length % 4096 === 0) signal?.throwIfAborted();
    }
    if (!reading) throw new SemspaceError("invalid-file", `${location} has no rows.`);
    const labels = reading.labels?.finish() ?? { labels: undefined, labelsPerRow: 1 };
    const { store, chosen } = reading;
    await store.finish();
    return {
      ...{ name: location, columns: chosen.texts, length, ...labels },
      texts: (rows) => store.texts(rows),
      dispose: () => store.dispose(),
    };
  } catch (error) {
    await reading?.store.dispose();
    throw error;
  }
}

interface Reading {
  name: string;
  chosen: ChosenColumns;
  store: RowStore;
  labels: LabelCollector | undefined;
}

function begin(name: string, present: readonly string[], options: LoadDatasetOptions): Reading {
  const { scoreRange, inMemory } = options;
  const chosen = chooseColumns(name, present, options);
  if (scoreRange && !(scoreRange[0] < scoreRange[1])) {
    throw new SemspaceError(
      "invalid-argument",
      `scoreRange must be the least and the most score, got ${scoreRange.join(", ")}.`,
    );
  }
  return {
    ...{ name, chosen, store: new RowStore(chosen.texts.length, inMemory) },
    labels: chosen.label === undefined ? undefined : new LabelCollector(name, chosen.label, scoreRange),
  };
}

async function addRow(
  { name, chosen, store, labels }: Reading,
  row: number,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const texts = chosen.texts.map((column) => {
    const value = Object.hasOwn(values, column) ? values[column] : undefined;
    if (typeof value !== "string") {
      const what = value === undefined || value === null ? "is missing" : `is no text but ${typeof value}`;
      throw new SemspaceError("invalid-file", `${name}, row ${row}: "${column}" ${what}.`);
    }
    if (value.trim() === "") throw emptyText(name, row, column);
    return value;
  });
  labels?.add(Object.hasOwn(values, chosen.label!) ? values[chosen.label!] : undefined, row);
  await store.add(texts);
}
