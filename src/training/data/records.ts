/** The rows of a file as they come: jsonl, csv and tsv (also .gz) in pieces, Parquet by row groups. */
import { fileSize, readBytes } from "#platform";
import Papa from "papaparse";
import { oneOf, SemspaceError } from "../../errors.ts";
import { corpusLines } from "../../formats/corpus-source.ts";

export const dataFormats = ["jsonl", "csv", "tsv", "parquet"] as const;
export type DataFormat = (typeof dataFormats)[number];

export interface DataRecord {
  /** Counted from 1; the names of the columns are no row. */
  row: number;
  values: Readonly<Record<string, unknown>>;
}

/** Characters of csv that are parsed at once. */
const PIECE = 1 << 18;

/** The format by the name's ending. Throws `unsupported` for another one. */
export function formatOf(location: string): DataFormat {
  const ending = /\.(\w+)(?:\.gz)?$/.exec(location.toLowerCase())?.[1];
  const known = { jsonl: "jsonl", ndjson: "jsonl", csv: "csv", tsv: "tsv", tab: "tsv", parquet: "parquet" } as const;
  const format = known[ending as keyof typeof known];
  if (format !== undefined && !(format === "parquet" && location.endsWith(".gz"))) return format;
  throw new SemspaceError(
    "unsupported",
    `${location} is no data set by its name. Name it .jsonl, .csv, .tsv (also .gz) or .parquet, or give the format.`,
  );
}

/** Throws `missing-file`, or `invalid-file` that names the row. */
export function readRecords(location: string, format: DataFormat = formatOf(location)): AsyncGenerator<DataRecord> {
  oneOf("format", format, dataFormats);
  if (format === "jsonl") return jsonRecords(location);
  if (format === "parquet") return parquetRecords(location);
  return tableRecords(location, format === "csv" ? csvRows(location) : tsvRows(location));
}

async function* jsonRecords(location: string): AsyncGenerator<DataRecord> {
  let row = 0;
  for await (const line of corpusLines(location)) {
    row += 1;
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new SemspaceError("invalid-file", `${location}, row ${row} is no JSON: ${(cause as Error).message}.`, {
        cause,
      });
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SemspaceError("invalid-file", `${location}, row ${row} is no JSON object.`);
    }
    yield { row, values: value as Record<string, unknown> };
  }
}

/** The first row names the columns. */
async function* tableRecords(location: string, rows: AsyncGenerator<readonly string[]>): AsyncGenerator<DataRecord> {
  let columns: readonly string[] | undefined;
  let row = 0;
  for await (const cells of rows) {
    if (!columns) {
      columns = cells.map((cell) => cell.trim());
      continue;
    }
    row += 1;
    if (cells.length === 1 && cells[0].trim() === "") continue;
    if (cells.length !== columns.length) {
      const message = `${location}, row ${row} has ${cells.length} cells, the first line names ${columns.length} columns.`;
      throw new SemspaceError("invalid-file", message);
    }
    yield { row, values: Object.fromEntries(columns.map((column, i) => [column, cells[i]])) };
  }
}

/** RFC 4180; a row is whole when its quotation marks are even. The delimiter is guessed from the first piece. */
async function* csvRows(location: string): AsyncGenerator<readonly string[]> {
  let delimiter = "";
  let piece = "";
  let open = false;
  const parse = (text: string): string[][] => {
    const { data, errors, meta } = Papa.parse<string[]>(text.replace(/\n$/, ""), { delimiter });
    const wrong = errors.find(({ type }) => type === "Quotes");
    if (wrong) throw new SemspaceError("invalid-file", `${location} is no sound csv: ${wrong.message}.`);
    delimiter ||= meta.delimiter;
    return data;
  };
  for await (const line of corpusLines(location)) {
    const before = piece;
    piece += `${piece === "" ? line.replace(/^\uFEFF/, "") : line}\n`;
    if (quotes(line) % 2 === 1) open = !open;
    if (open && piece.length > PIECE * 64) {
      throw new SemspaceError("invalid-file", `${location} has a quotation mark that is never closed.`);
    }
    if (open || before.length < PIECE) continue;
    yield* parse(piece);
    piece = "";
  }
  if (piece !== "") yield* parse(piece);
}

function quotes(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count += 1;
  return count;
}

/** No cell spans lines; quotation marks are signs like others unless they enclose a whole cell. */
async function* tsvRows(location: string): AsyncGenerator<readonly string[]> {
  for await (const line of corpusLines(location)) {
    yield line
      .split("\t")
      .map((cell) => (/^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell));
  }
}

async function* parquetRecords(location: string): AsyncGenerator<DataRecord> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const byteLength = await fileSize(location);
  if (byteLength === undefined) throw new SemspaceError("missing-file", `There is no file ${location}.`);
  const file = {
    byteLength,
    slice: async (from: number, to = byteLength): Promise<ArrayBuffer> =>
      (await readBytes(location, { offset: from, length: to - from })).slice().buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
      for (const [i, values] of rows.entries()) yield { row: rowStart + i + 1, values };
      rowStart = rowEnd;
    }
  } catch (cause) {
    if (cause instanceof SemspaceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SemspaceError("invalid-file", `${location} is no Parquet file that can be read: ${reason}.`, { cause });
  }
}
