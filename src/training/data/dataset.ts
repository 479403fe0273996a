/** What a trainer learns from: rows of texts in columns, and perhaps a score or a class a row. */
import { SemspaceError } from "../../errors.ts";
import type { Labels } from "../losses/loss.ts";

export interface Dataset {
  /** What messages call it. */
  readonly name: string;
  /** Names of the text columns, in the order in which a loss gets them. */
  readonly columns: readonly string[];
  /** Rows. */
  readonly length: number;
  /** `labelsPerRow` values a row, row-major; undefined where the data has none. */
  readonly labels: Labels | undefined;
  readonly labelsPerRow: number;
  /** The names of the classes 0, 1, 2 …, where the data names them. */
  readonly classes?: readonly string[] | undefined;
  /** The texts of some rows: one array a column. */
  texts(rows: ArrayLike<number>): Promise<string[][]>;
  dispose(): Promise<void>;
}

/** What {@link datasetOf} takes besides the texts. */
export interface DatasetOptions {
  /** What messages call it. Default "data". */
  name?: string;
  /** A number a row, some numbers a row (an array each), or the name of a class. */
  labels?: Labels | readonly (number | string | readonly number[])[];
}

/**
 * A data set from arrays in memory. Throws `mismatch` for columns of different lengths, `invalid-argument` for an empty text (with its
 * row, from 1 on) or labels that are all the same.
 *
 * @example
 * datasetOf({ anchor: ["a question"], positive: ["its answer"] });
 */
export function datasetOf(
  columns: Readonly<Record<string, readonly string[]>>,
  { name = "data", labels }: DatasetOptions = {},
): Dataset {
  const names = Object.keys(columns);
  const lists = Object.values(columns);
  const length = lists[0]?.length ?? 0;
  if (length === 0) throw new SemspaceError("invalid-argument", `${name} has no rows. Give at least one.`);
  for (const [c, list] of lists.entries()) {
    if (list.length !== length) {
      throw new SemspaceError(
        "mismatch",
        `${name}: column "${names[c]}" has ${list.length} rows, "${names[0]}" has ${length}.`,
      );
    }
    const empty = list.findIndex((text) => text.trim() === "");
    if (empty >= 0) throw emptyText(name, empty + 1, names[c]);
  }
  const collected = labels === undefined ? undefined : collectLabels(name, labels);
  if (collected && collected.labels.length !== length * collected.labelsPerRow) {
    const got = collected.labels.length / collected.labelsPerRow;
    throw new SemspaceError("mismatch", `${name} has ${length} rows and ${got} labels.`);
  }
  return {
    ...{ name, columns: names, length, labels: undefined, labelsPerRow: 1 },
    ...collected,
    texts: (rows) => Promise.resolve(lists.map((list) => Array.from(rows, (row) => list[row]))),
    dispose: () => Promise.resolve(),
  };
}

export function emptyText(name: string, row: number, column: string): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `${name}, row ${row}: "${column}" is empty. Every text needs a sign other than white space; remove the row.`,
  );
}

function collectLabels(
  name: string,
  labels: NonNullable<DatasetOptions["labels"]>,
): { labels: Labels; labelsPerRow: number; classes?: readonly string[] } {
  if (labels instanceof Float32Array || labels instanceof Int32Array) return { labels, labelsPerRow: 1 };
  const collector = new LabelCollector(name, "labels");
  for (const [i, label] of labels.entries()) collector.add(label, i + 1);
  return collector.finish();
}

/** Labels as they come: numbers, numbers in text, lists of numbers, or names of classes. */
export class LabelCollector {
  readonly #name: string;
  readonly #column: string;
  readonly #range: readonly [number, number] | undefined;
  readonly #values: number[] = [];
  readonly #classes = new Map<string, number>();
  #perRow = 0;
  #firstNamed: boolean | undefined;

  /** @param range maps scores from least to most linearly to 0 … 1, and refuses those outside. */
  constructor(name: string, column: string, range?: readonly [number, number]) {
    this.#name = name;
    this.#column = column;
    this.#range = range;
  }

  /** Throws `invalid-file` with the row. */
  add(value: unknown, row: number): void {
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    this.#perRow ||= values.length;
    if (values.length !== this.#perRow || values.length === 0) {
      throw this.#wrong(row, `has ${values.length} values, the rows before have ${this.#perRow}`);
    }
    for (const each of values) this.#addOne(each, row);
  }

  #addOne(value: unknown, row: number): void {
    const number = numberOf(value);
    const named = number === undefined;
    this.#firstNamed ??= named;
    if (named !== this.#firstNamed)
      throw this.#wrong(row, `is ${named ? "no number" : "a number"}, unlike those before`);
    if (named) {
      if (typeof value !== "string" || value.trim() === "") {
        throw this.#wrong(row, "is neither a number nor the name of a class");
      }
      const known = this.#classes.get(value) ?? this.#classes.size;
      this.#classes.set(value, known);
      this.#values.push(known);
      return;
    }
    if (!Number.isFinite(number)) throw this.#wrong(row, `is ${number}`);
    const [least, most] = this.#range ?? [-Infinity, Infinity];
    if (number < least || number > most) throw this.#wrong(row, `is ${number}, outside ${least} to ${most}`);
    this.#values.push(this.#range ? (number - least) / (most - least) : number);
  }

  /** Classes get their numbers in the order of their names. Throws `invalid-file` when all rows have the same label. */
  finish(): { labels: Labels; labelsPerRow: number; classes?: readonly string[] } {
    const values = this.#values;
    if (values.length > 1 && values.every((value) => value === values[0])) {
      const shown = this.#classes.size > 0 ? `"${[...this.#classes.keys()][0]}"` : String(values[0]);
      throw new SemspaceError(
        "invalid-file",
        `${this.#name}: "${this.#column}" is ${shown} in all ${values.length / this.#perRow} rows. There is nothing to tell apart: at least two different labels are needed.`,
      );
    }
    if (this.#classes.size > 0) {
      const classes = [...this.#classes.keys()].toSorted();
      const rank = new Int32Array(classes.length);
      for (const [i, label] of classes.entries()) rank[this.#classes.get(label)!] = i;
      return { labels: Int32Array.from(values, (value) => rank[value]), labelsPerRow: this.#perRow, classes };
    }
    const whole = !/score/i.test(this.#column) && !this.#range && values.every((value) => Number.isInteger(value));
    return { labels: whole ? Int32Array.from(values) : Float32Array.from(values), labelsPerRow: this.#perRow };
  }

  #wrong(row: number, what: string): SemspaceError {
    return new SemspaceError("invalid-file", `${this.#name}, row ${row}: "${this.#column}" ${what}.`);
  }
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
