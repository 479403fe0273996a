/**
 * CSV and TSV → one record a row, written `column: value` when the first row names the columns, else the cells one after the other.
 * Parsed by Papa Parse (RFC 4180, delimiter guessed for .csv); a row that spans lines keeps the line that it starts on.
 */
import Papa from "papaparse";
import type { Document } from "./document.ts";
import { LineCounter, TextBuilder } from "./text-builder.ts";

/** A malformed row (an open quotation mark, too few cells) is kept as far as it could be read. */
export function readCsv(text: string, file: string): Document {
  const builder = new TextBuilder();
  const lines = new LineCounter(text);
  const delimiter = /\.(tsv|tab)$/i.test(file) ? "\t" : "";
  let columns: readonly string[] | undefined;
  let rowStart = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    step({ data: row, meta }) {
      const line = lines.at(firstCharacter(text, rowStart));
      rowStart = meta.cursor;
      if (columns === undefined) {
        columns = looksLikeHeader(row) ? row.map((cell) => cell.trim()) : [];
        if (columns.length > 0) return;
      }
      const content = rowText(row, columns);
      if (content === "") return;
      builder.separate("\n");
      const start = builder.length;
      builder.add(content, line);
      builder.block(start, "record");
    },
  });
  return builder.document(file, "csv");
}

function rowText(row: readonly string[], columns: readonly string[]): string {
  const cells = row.map((cell, i) => {
    const value = cell.trim();
    return value !== "" && columns[i] ? `${columns[i]}: ${value}` : value;
  });
  return cells.filter((cell) => cell !== "").join("\n");
}

/** Names of columns are short, all there, all different, and no numbers. */
function looksLikeHeader(row: readonly string[]): boolean {
  const names = row.map((cell) => cell.trim());
  return (
    names.length > 1 &&
    new Set(names).size === names.length &&
    names.every((name) => name !== "" && name.length <= 40 && !/^[-+]?[\d.,\s]+%?$/.test(name))
  );
}

/** Blank lines that the parser skipped belong to no row. */
function firstCharacter(text: string, at: number): number {
  let first = at;
  while (text.charCodeAt(first) === 10 || text.charCodeAt(first) === 13) first += 1;
  return first;
}
