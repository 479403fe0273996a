/**
 * Word vectors as text, a word and its numbers a line: word2vec's and fastText's .vec with a first line "words dimensions", GloVe's
 * without. Only lines, never the file, are in memory as bytes.
 *
 * A token may hold spaces (GloVe 840B has ". . .", converted files a bare space): the last `dimensions` fields are the numbers, what is
 * before them is the word. Without a header the dimensions are what most of the first lines have. The header's number of words
 * is only believed when the file has as many lines: rows are counted.
 */
import { SemspaceError, shown } from "../../errors.ts";
import type { WordVectors } from "../word-vectors.ts";
import { parseField, readNumbers } from "./number-fields.ts";
import { maxDimensions, RowCollector } from "./row-collector.ts";
import type { VectorFile } from "./vector-file.ts";

export interface ReadOptions {
  /** Read only the first words. Default: all. */
  limit?: number | undefined;
  /** Accept a file with fewer words than its first line claims. Default false: such a file was cut short. */
  allowShort?: boolean | undefined;
  /** How words are written in text and in word2vec's binary file: "utf-8" (default), or what `TextDecoder` knows beside it ("latin1", "windows-1251", …). */
  encoding?: string | undefined;
}

/** Numbers that room is made for where a file's size is not known. */
export const UNSURE: number = 1 << 18;
/** Longest line that is read, in bytes. */
const LONGEST_LINE = 1 << 24;
const LINE_FEED = 10;
const SPACE = 32;
const TAB = 9;

/** Throws `invalid-file` that names the line. */
export async function readTextVectors(file: VectorFile, options: ReadOptions = {}): Promise<WordVectors> {
  const reader = new TextReader(file.name, options, await file.size());
  for await (const lines of wholeLines(file)) {
    reader.read(lines);
    if (reader.full) break;
  }
  return reader.finish();
}

/** Pieces of the file that end behind a line feed; the last line gets one where it has none. */
async function* wholeLines(file: VectorFile): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const chunk of file.stream()) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      if (rest.length + chunk.length > LONGEST_LINE) {
        throw new SemspaceError(
          "invalid-file",
          `${file.name} has a line of more than ${LONGEST_LINE} bytes; it is no text of word vectors.`,
        );
      }
      rest = joined(rest, chunk);
      continue;
    }
    yield rest.length === 0 ? chunk.subarray(0, end) : joined(rest, chunk.subarray(0, end));
    rest = chunk.slice(end);
  }
  if (rest.length > 0) yield joined(rest, Uint8Array.of(LINE_FEED));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

class TextReader {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #size: number | undefined;
  #rows: RowCollector | undefined;
  #claimed: number | undefined;
  #line = 0;

  constructor(name: string, options: ReadOptions, size: number | undefined) {
    this.#name = name;
    this.#options = options;
    this.#size = size;
  }

  get full(): boolean {
    return this.#rows?.full ?? false;
  }

  /** Reads whole lines. */
  read(bytes: Uint8Array): void {
    let at = 0;
    if (!this.#rows) at = this.#start(bytes);
    const rows = this.#rows;
    if (!rows) return;
    while (at < bytes.length && !rows.full) {
      const next = this.#readLine(rows, bytes, at);
      this.#line += 1;
      at = next;
    }
  }

  finish(): WordVectors {
    if (!this.#rows) throw new SemspaceError("invalid-file", `${this.#name} has no word vectors.`);
    const { rows, full } = this.#rows;
    if (this.#claimed !== undefined && rows < this.#claimed && !full && !this.#options.allowShort) {
      const message = `${this.#name} claims ${this.#claimed} words in its first line and has ${rows}: it is cut short. Fetch it again, or read what is there with allowShort: true.`;
      throw new SemspaceError("invalid-file", message);
    }
    return this.#rows.finish(this.#name);
  }

  /** Finds out the dimensions from the first lines; gives where the first row begins. */
  #start(bytes: Uint8Array): number {
    const begin = markLength(bytes);
    const end = bytes.indexOf(LINE_FEED);
    const header = readHeader(bytes.subarray(begin), end - begin);
    const columns = header ? header.columns : commonColumns(bytes.subarray(begin));
    if (!(columns >= 1 && columns <= maxDimensions)) {
      const message = `${this.#name} is no text of word vectors: its first line ${header ? `claims ${columns} dimensions` : "has no word with numbers behind it"}.`;
      throw new SemspaceError("invalid-file", message);
    }
    this.#claimed = header?.rows;
    const first = header ? end + 1 : begin;
    this.#line = header ? 1 : 0;
    this.#rows = new RowCollector(columns, {
      limit: this.#options.limit,
      encoding: this.#options.encoding,
      expected: this.#expectedRows(bytes, first, columns),
    });
    return first;
  }

  /** As many as the file can hold by the length of its first lines. */
  #expectedRows(bytes: Uint8Array, first: number, columns: number): number {
    if (this.#size === undefined) return Math.min(1024, Math.ceil(UNSURE / columns));
    let lines = 0;
    for (let at = first; lines < 1000 && at < bytes.length; lines += 1)
      at = bytes.indexOf(LINE_FEED, at) + 1 || bytes.length;
    const each = Math.max((bytes.length - first) / Math.max(lines, 1), 2 * columns + 1);
    const guess =
      lines < 1000 ? lines + (this.#size - bytes.length) / each : this.#size / averageLine(bytes, first, lines);
    return Math.min(Math.ceil(guess * 1.02) + 16, Math.ceil(this.#size / (2 * columns + 1)) + 1);
  }

  /** Reads the line at `start`; gives where the next one begins. */
  #readLine(rows: RowCollector, bytes: Uint8Array, start: number): number {
    const from = rows.reserve();
    let wordEnd = start;
    while (bytes[wordEnd] !== SPACE && bytes[wordEnd] !== TAB && bytes[wordEnd] !== LINE_FEED) wordEnd += 1;
    if (wordEnd > start && bytes[wordEnd] !== LINE_FEED) {
      let at = readNumbers(bytes, wordEnd + 1, { out: rows.data, from, count: rows.columns });
      if (at >= 0) {
        while (bytes[at] === SPACE || bytes[at] === 13 || bytes[at] === TAB) at += 1;
        if (bytes[at] === LINE_FEED) {
          rows.add(bytes, start, wordEnd);
          return at + 1;
        }
      }
    }
    const end = bytes.indexOf(LINE_FEED, wordEnd);
    this.#readFromRight(rows, bytes.subarray(start, end));
    return end + 1;
  }

  /** A line whose word holds spaces, or that is broken. */
  #readFromRight(rows: RowCollector, line: Uint8Array): void {
    let end = line.length;
    while (end > 0 && isSpace(line[end - 1])) end -= 1;
    if (end === 0) return;
    const from = rows.reserve();
    for (let k = rows.columns - 1; k >= 0; k -= 1) {
      let start = end;
      while (start > 0 && !isSpace(line[start - 1])) start -= 1;
      const value = parseField(line, start, end);
      if (value === undefined || start === 0) throw this.#broken(rows.columns, line);
      rows.data[from + k] = value;
      // One separator belongs to the number; before the first number, the rest is the word.
      end = start - 1;
      if (k > 0) while (end > 0 && isSpace(line[end - 1])) end -= 1;
    }
    let wordEnd = end;
    while (wordEnd > 0 && isSpace(line[wordEnd - 1])) wordEnd -= 1;
    rows.add(line, 0, wordEnd === 0 ? end : wordEnd);
  }

  #broken(columns: number, line: Uint8Array): SemspaceError {
    const begin = shown(new TextDecoder().decode(line.subarray(0, 60)));
    const message = `${this.#name}, line ${this.#line + 1}: a word and ${columns} numbers are needed, got ${begin}.`;
    return new SemspaceError("invalid-file", message);
  }
}

/** Bytes of the byte order mark that some editors put before UTF-8. */
export function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** "words dimensions", both whole numbers, nothing else; undefined for another line. */
export function readHeader(bytes: Uint8Array, end: number): { rows: number; columns: number } | undefined {
  if (end < 0 || end > 100) return undefined;
  const found = /^\s*(\d{1,15})\s+(\d{1,15})\s*$/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, end)));
  return found ? { rows: Number(found[1]), columns: Number(found[2]) } : undefined;
}

/** How many numbers most of the first lines end with, the first field not counted; 0 where they end with none. */
function commonColumns(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes.subarray(0, 1 << 18));
  const whole = text.slice(0, text.lastIndexOf("\n")).split("\n");
  const lines = whole.filter((line) => line.trim() !== "").slice(0, 20);
  const frequency = new Map<number, number>();
  for (const line of lines) {
    const fields = line.trimEnd().split(/[ \t]+/);
    let numbers = 0;
    while (numbers < fields.length - 1 && isNumber(fields.at(-1 - numbers)!)) numbers += 1;
    frequency.set(numbers, (frequency.get(numbers) ?? 0) + 1);
  }
  const [best] = [...frequency].toSorted(([a, x], [b, y]) => y - x || a - b);
  return best?.[0] ?? 0;
}

function isNumber(text: string): boolean {
  return text !== "" && (!Number.isNaN(Number(text)) || /^[-+]?(nan|inf(inity)?)$/i.test(text));
}

function averageLine(bytes: Uint8Array, first: number, lines: number): number {
  let at = first;
  for (let i = 0; i < lines && at < bytes.length; i += 1) at = bytes.indexOf(LINE_FEED, at) + 1;
  return (at - first) / lines;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === 13;
}
