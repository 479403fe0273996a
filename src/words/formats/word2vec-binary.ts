/**
 * word2vec's binary file: "words dimensions\n", then for each word its bytes, a space, and `dimensions` float32, little endian. The C
 * tool writes a line feed behind each vector, gensim and GoogleNews do not; one before a word is skipped, and neither is counted on.
 * Words may end in the middle of a UTF-8 character (the C tool cuts them at 99 bytes).
 */
import { SemspaceError, shown } from "../../errors.ts";
import type { WordVectors } from "../word-vectors.ts";
import { maxDimensions, RowCollector } from "./row-collector.ts";
import { type ReadOptions, readHeader, UNSURE } from "./text-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

/** Longest word that is read, in bytes; the C tool's are at most 99. */
const LONGEST_WORD = 4096;
const LINE_FEED = 10;
const SPACE = 32;

/** Throws `invalid-file` that names the word at which the file breaks. */
export async function readWord2VecBinary(file: VectorFile, options: ReadOptions = {}): Promise<WordVectors> {
  const size = await file.size();
  let rest = new Uint8Array();
  let rows: RowCollector | undefined;
  let claimed = 0;
  for await (const chunk of file.stream()) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let at = 0;
    if (!rows) {
      const end = bytes.indexOf(LINE_FEED);
      if (end < 0 && bytes.length < 100) {
        rest = bytes;
        continue;
      }
      const header = checkedHeader(file, bytes, end);
      claimed = header.rows;
      at = end + 1;
      // A row takes its numbers, a space and a byte of the word at least; nothing is reserved that the file cannot fill.
      const possible =
        size === undefined ? Math.ceil(UNSURE / header.columns) : Math.ceil(size / (header.columns * 4 + 1));
      rows = new RowCollector(header.columns, {
        ...{ limit: options.limit, encoding: options.encoding },
        expected: Math.min(claimed, possible),
      });
    }
    rest = bytes.slice(readRows(file, rows, bytes, at));
    if (rows.full) break;
  }
  if (!rows) throw new SemspaceError("invalid-file", `${file.name} is empty or has no first line "words dimensions".`);
  if (!rows.full) checkEnd(file, rest, { rows: rows.rows, claimed, allowShort: options.allowShort ?? false });
  return rows.finish(file.name);
}

/** Reads the whole rows in `bytes`; gives where the first one begins that is not whole. */
function readRows(file: VectorFile, rows: RowCollector, bytes: Uint8Array, start: number): number {
  const width = rows.columns * 4;
  let at = start;
  while (!rows.full) {
    let word = at;
    while (bytes[word] === LINE_FEED) word += 1;
    const end = bytes.indexOf(SPACE, word);
    if ((end < 0 ? bytes.length : end) - word > LONGEST_WORD) {
      const message = `${file.name}, word ${rows.rows + 1}: it has more than ${LONGEST_WORD} bytes. The file is broken or no binary word2vec file.`;
      throw new SemspaceError("invalid-file", message);
    }
    if (end < 0 || end + 1 + width > bytes.length) return at;
    const from = rows.reserve();
    const target = new Uint8Array(rows.data.buffer, rows.data.byteOffset + from * 4, width);
    target.set(bytes.subarray(end + 1, end + 1 + width));
    rows.add(bytes, word, end);
    at = end + 1 + width;
  }
  return at;
}

function checkedHeader(file: VectorFile, bytes: Uint8Array, end: number): { rows: number; columns: number } {
  const header = readHeader(bytes, end);
  if (header && header.columns >= 1 && header.columns <= maxDimensions) return header;
  const begin = shown(new TextDecoder("latin1").decode(bytes.subarray(0, Math.min(end < 0 ? 60 : end, 60))));
  const message = `${file.name} is no binary word2vec file: it begins with ${begin}, "words dimensions" is needed, of at most ${maxDimensions} dimensions.`;
  throw new SemspaceError("invalid-file", message);
}

/** Rows beyond the header's number have been read as well; bytes that make no row, or too few rows, are an error. */
function checkEnd(
  file: VectorFile,
  rest: Uint8Array,
  { rows, claimed, allowShort }: { rows: number; claimed: number; allowShort: boolean },
): void {
  const leftover = rest.some((byte) => byte !== LINE_FEED);
  if (allowShort || (rows >= claimed && !leftover)) return;
  const what = leftover ? `ends in the middle of word ${rows + 1}` : `has ${rows} words`;
  const message = `${file.name} claims ${claimed} words and ${what}: it is cut short or broken. Fetch it again, or read what is whole with allowShort: true.`;
  throw new SemspaceError("invalid-file", message);
}
