/**
 * Rows of texts as people keep them: tab-separated (no quoting: a quotation mark is a quotation mark; a first line of known column
 * names is a head), or JSONL with the names as keys. Text in, values by column out.
 */
import { SemspaceError, shown } from "../errors.ts";

/** What each column may be called. */
const names = {
  a: ["a", "text1", "sentence1", "anchor", "source"],
  b: ["b", "text2", "sentence2", "positive", "target"],
  score: ["score", "similarity_score", "similarity"],
  label: ["label", "class", "category"],
  text: ["text", "sentence"],
} as const;

export type TextColumn = keyof typeof names;
export type TextRow<C extends TextColumn> = Record<C, string>;

/**
 * Reads the columns in the order in which they are named, or by the names of the head line or keys. `file` is for messages and says by its
 * ending what it is. Throws `invalid-file` with the line's number.
 */
export function readTextTable<const C extends TextColumn>(
  content: string,
  file: string,
  columns: readonly C[],
): TextRow<C>[] {
  const isJsonl = /\.(jsonl|ndjson)$/i.test(file);
  const rows: TextRow<C>[] = [];
  let places = columns.map((_, i) => i);
  for (const [i, line] of content
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const own = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (own.trim() === "") continue;
    const where = `Line ${i + 1} of ${file}`;
    if (isJsonl) {
      rows.push(jsonRow(own, columns, where));
      continue;
    }
    const fields = own.split("\t");
    const head = rows.length === 0 && i === 0 ? headOf(fields, columns) : undefined;
    if (head) {
      places = head;
      continue;
    }
    if (fields.length <= Math.max(...places)) {
      const message = `${where} must have the columns ${columns.join(", ")} between tabs, got ${fields.length}: ${shown(own)}.`;
      throw new SemspaceError("invalid-file", message);
    }
    rows.push(Object.fromEntries(columns.map((column, c) => [column, fields[places[c]]])) as TextRow<C>);
  }
  if (rows.length === 0) throw new SemspaceError("invalid-file", `${file} has no rows. One is expected on each line.`);
  return rows;
}

/** The place of each column when the first line names them all. */
function headOf(fields: readonly string[], columns: readonly TextColumn[]): number[] | undefined {
  const found = fields.map((field) => field.trim().toLowerCase());
  const places = columns.map((column) =>
    found.findIndex((field) => (names[column] as readonly string[]).includes(field)),
  );
  return places.includes(-1) ? undefined : places;
}

function jsonRow<C extends TextColumn>(line: string, columns: readonly C[], where: string): TextRow<C> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (value === null || typeof value !== "object")
    throw new SemspaceError("invalid-file", `${where} must be a JSON object, got ${shown(line)}.`);
  const keys = value as Record<string, unknown>;
  const row = columns.map((column) => {
    const key = names[column].find((name) => typeof keys[name] === "string" || typeof keys[name] === "number");
    if (key === undefined) {
      const message = `${where} has no "${column}" (${names[column].join(", ")}), got the keys ${Object.keys(keys).join(", ")}.`;
      throw new SemspaceError("invalid-file", message);
    }
    return [column, String(keys[key])] as const;
  });
  return Object.fromEntries(row) as TextRow<C>;
}
