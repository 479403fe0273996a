/**
 * Bytes → text: byte order marks, UTF-8, and old 8-bit text, with a named reason where the bytes are no text.
 *
 * A file is binary when its first 8 KiB hold a NUL byte (the rule of git and grep) or many control characters.
 * Bytes that are not UTF-8 but look like text are read as windows-1252, as browsers do, so that old files can be found too.
 */
import { SemspaceError } from "../errors.ts";

/** Largest file that is read, in bytes: what is larger is data rather than text, and a string of it would fill the heap. */
export const MAX_DOCUMENT_BYTES: number = 100 * 2 ** 20;

const SNIFFED_BYTES = 8192;
/** Share of control characters (other than tab, line feed, form feed, carriage return, escape) above which bytes are no text. */
const MAX_CONTROL_SHARE = 0.05;
const BYTE_ORDER_MARKS = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

/** Decodes the bytes of a text file, without its byte order mark. Throws `unsupported` for binary bytes, naming `file` and the reason. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const mark = BYTE_ORDER_MARKS.find((candidate) => candidate.bytes.every((byte, i) => bytes[i] === byte));
  if (mark) return new TextDecoder(mark.encoding).decode(bytes);
  const reason = binaryReason(bytes.subarray(0, SNIFFED_BYTES));
  if (reason) throw new SemspaceError("unsupported", `${file} is not text: ${reason}.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function binaryReason(head: Uint8Array): string | undefined {
  let controls = 0;
  for (let i = 0; i < head.length; i += 1) {
    const byte = head[i];
    if (byte === 0) return `byte ${i} is NUL`;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) controls += 1;
  }
  return controls > head.length * MAX_CONTROL_SHARE
    ? `${controls} of its first ${head.length} bytes are control characters`
    : undefined;
}
