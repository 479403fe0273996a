/** Texts with labels from JSONL, CSV and TSV files: which column is the text, which the label. */
import { readFile } from "node:fs/promises";
import Papa from "papaparse";
import { SemspaceError } from "../errors.ts";

export interface LabelledRecords {
  texts: string[];
  /** A label a text, or a list of labels where the file gives lists. */
  labels: string[] | string[][];
}

export const recordOptions = {
  "text-column": {
    type: "string",
    value: "NAME",
    describe: "Key or column of the text; a number counts columns of a file without a header, from 1",
    default: "text",
  },
  "label-column": { type: "string", value: "NAME", describe: "Of the label, or of a list of labels", default: "label" },
  "label-separator": {
    type: "string",
    value: "SIGN",
    describe: "What stands between the labels of a text: a classifier that gives several",
  },
} as const;

export interface RecordColumns {
  text: string;
  label: string;
  separator: string | undefined;
}

/** The columns that the options of {@link recordOptions} name. */
export function recordColumns(options: { [K in keyof typeof recordOptions]: string | undefined }): RecordColumns {
  return {
    text: options["text-column"] ?? "text",
    label: options["label-column"] ?? "label",
    separator: options["label-separator"],
  };
}

/** All files together. Throws `missing-file`, and `invalid-file` that names the line whose text or label is missing. */
export async function labelledRecords(files: readonly string[], columns: RecordColumns): Promise<LabelledRecords> {
  const texts: string[] = [];
  const lists: string[][] = [];
  let many = columns.separator !== undefined;
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const content = await contentOf(file);
    const rows = /\.(jsonl|ndjson)$/i.test(file) ? jsonRows(content, file) : tableRows(content, file, columns);
    for (const { line, values } of rows) {
      const place = `Record ${line} of ${file}`;
      const text = values[columns.text];
      if (typeof text !== "string")
        throw new SemspaceError("invalid-file", missing(place, columns.text, { values, option: "--text-column" }));
      const label = values[columns.label];
      if (Array.isArray(label)) many = true;
      const list = labelsOf(label, columns.separator);
      if (!list)
        throw new SemspaceError("invalid-file", missing(place, columns.label, { values, option: "--label-column" }));
      texts.push(text);
      lists.push(list);
    }
  }
  if (texts.length === 0)
    throw new SemspaceError(
      "invalid-file",
      `No records in ${files.join(", ")}. A text and its label are needed on each row.`,
    );
  return { texts, labels: many ? lists : lists.map(([label]) => label) };
}

interface Row {
  line: number;
  values: Readonly<Record<string, unknown>>;
}

async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${file} (${cause.code}).`, { cause });
  });
  return new TextDecoder().decode(bytes);
}

function* jsonRows(content: string, file: string): Generator<Row> {
  for (const [i, line] of content.split("\n").entries()) {
    if (line.trim() === "") continue;
    let values: unknown;
    try {
      values = JSON.parse(line);
    } catch {
      values = undefined;
    }
    if (values === null || typeof values !== "object")
      throw new SemspaceError("invalid-file", `Line ${i + 1} of ${file} is no JSON object.`);
    yield { line: i + 1, values: values as Record<string, unknown> };
  }
}

function* tableRows(content: string, file: string, { text, label }: RecordColumns): Generator<Row> {
  const tabs = /\.(tsv|tab)$/i.test(file);
  // A tab-separated file has no quotation marks of its own, as most that are found.
  const options = tabs ? { delimiter: "\t", quoteChar: "\0" } : { delimiter: "" };
  const { data } = Papa.parse<string[]>(content, { ...options, skipEmptyLines: true });
  const numbered = [text, label].every((name) => /^\d+$/.test(name));
  const header = numbered ? undefined : data[0]?.map((name) => name.trim());
  for (const [i, row] of data.slice(header ? 1 : 0).entries()) {
    const names = header ?? row.map((_, column) => String(column + 1));
    yield { line: i + (header ? 2 : 1), values: Object.fromEntries(names.map((name, j) => [name, row[j]])) };
  }
}

function labelsOf(label: unknown, separator: string | undefined): string[] | undefined {
  if (Array.isArray(label)) return label.every((one) => typeof one === "string") ? label : undefined;
  if (typeof label === "number" || typeof label === "boolean") return [String(label)];
  if (typeof label !== "string") return undefined;
  if (separator === undefined) return label.trim() === "" ? undefined : [label.trim()];
  return label
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function missing(place: string, column: string, { values, option }: { values: Row["values"]; option: string }): string {
  const names = Object.keys(values).slice(0, 8).join(", ");
  return `${place} has no "${column}". It has: ${names || "nothing"}. Name the column: ${option}.`;
}
