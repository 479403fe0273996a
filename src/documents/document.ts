/**
 * A document: text to search or embed, cut into blocks, that knows which line of its file each character came from.
 * Plain text, Markdown and source code keep their text as it is; all other kinds are read into the text that people see.
 */

export const documentKinds = ["text", "markdown", "html", "csv", "jsonl", "code", "pdf", "docx", "parquet"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export interface Document {
  /** The file's name as given, or "" for a text that has none. */
  readonly file: string;
  readonly kind: DocumentKind;
  /** What passages are cut from. For `text`, `markdown` and `code` it is the file's own text. */
  readonly text: string;
  /** In order, not overlapping; what lies between them is white space or markup. */
  readonly blocks: readonly Block[];
  /** Lines of the file; of a PDF those on its pages counted through, of a DOCX its paragraphs, of a Parquet file its rows. */
  readonly lines: LineMap;
  /** Where the pages start, of a PDF. */
  readonly pages?: LineMap;
}

/** A stretch `[start, end)` of the document's text that is better not cut. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** A record (a CSV row, a JSONL line) is a passage of its own; a heading opens one; paragraphs and code are packed together. */
  readonly kind: "heading" | "paragraph" | "code" | "record";
  /** Depth of a heading: 1 is the outermost. */
  readonly level?: number;
}

/** From `offsets[i]` of the text on, it is line (or page) `numbers[i]` of the file (1 is the first). Both ascend. */
export interface LineMap {
  readonly offsets: readonly number[];
  readonly numbers: readonly number[];
}

/** The file's line, or page, (from 1) that the character at `offset` came from. */
export function lineAt(lines: LineMap, offset: number): number {
  let low = 0;
  let high = lines.offsets.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (lines.offsets[middle] <= offset) low = middle;
    else high = middle;
  }
  return lines.numbers[low] ?? 1;
}

/** Where the lines of `text` start, for a document whose text is its file's. Lines end at `\n`. */
export function lineMap(text: string): LineMap {
  const offsets = [0];
  const numbers = [1];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    offsets.push(at + 1);
    numbers.push(offsets.length);
  }
  return { offsets, numbers };
}

/** Cuts `[start, end)` of a text at blank lines into blocks of one kind, without the white space around them. */
export function blocksBetweenBlankLines(
  text: string,
  range: { start: number; end: number },
  kind: "paragraph" | "code",
): Block[] {
  const blocks: Block[] = [];
  let blockStart = -1;
  let blockEnd = -1;
  for (let at = range.start; at < range.end;) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline >= range.end ? range.end : newline;
    const contentEnd = lastNonSpace(text, at, lineEnd);
    if (contentEnd > at) {
      if (blockStart === -1) blockStart = at;
      blockEnd = contentEnd;
    } else if (blockStart !== -1) {
      blocks.push({ start: blockStart, end: blockEnd, kind });
      blockStart = -1;
    }
    at = lineEnd + 1;
  }
  if (blockStart !== -1) blocks.push({ start: blockStart, end: blockEnd, kind });
  return blocks;
}

/** The end of `[start, end)` without trailing white space; `start` when there is nothing else. */
export function lastNonSpace(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && isSpace(text.charCodeAt(last - 1))) last -= 1;
  return last;
}

/** The start of `[start, end)` without leading white space; `end` when there is nothing else. */
export function firstNonSpace(text: string, start: number, end: number): number {
  let first = start;
  while (first < end && isSpace(text.charCodeAt(first))) first += 1;
  return first;
}

function isSpace(code: number): boolean {
  return (
    code === 32 ||
    (code >= 9 && code <= 13) ||
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200a)
  );
}
