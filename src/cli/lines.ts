/**
 * Bytes of files or of standard input → the lines in them, a batch for each chunk read, with memory for one chunk.
 * A line ends at `\n` only (U+2028 and a lone `\r` are text); one `\r` before it is taken off, so that files from
 * Windows give the same texts; an empty line is a line; what follows the last `\n` is a line when it is not empty.
 */
import { createReadStream } from "node:fs";
import { SemspaceError } from "../errors.ts";

/** Longest line, in bytes: a text of that size is a mistake, and a string of it would fill the heap. */
const MAX_LINE_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 2 ** 18;
const NEWLINE = 10;

/** The lines of each source in turn; "-" is standard input. Throws `missing-file`, and `invalid-file` for a line above the limit. */
export async function* lineBatches(sources: readonly string[]): AsyncGenerator<string[]> {
  for (const source of sources) yield* linesOf(source);
}

async function* linesOf(source: string): AsyncGenerator<string[]> {
  const name = source === "-" ? "standard input" : source;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let first = true;
  const decode = (chunks: Uint8Array[]) => {
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    // The decoder takes a byte order mark off each call's start: only the file's own is one.
    const text = new TextDecoder("utf-8", { ignoreBOM: !first }).decode(bytes);
    first = false;
    return text;
  };
  for await (const chunk of bytesOf(source, name)) {
    const cut = chunk.lastIndexOf(NEWLINE);
    if (cut === -1) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (pendingBytes > MAX_LINE_BYTES) {
        throw new SemspaceError(
          "invalid-file",
          `A line of ${name} is longer than ${MAX_LINE_BYTES} bytes. Is this a text with one text a line?`,
        );
      }
      continue;
    }
    const text = decode([...pending, chunk.subarray(0, cut)]);
    yield text.split("\n").map(withoutReturn);
    const rest = chunk.subarray(cut + 1);
    pending = rest.length > 0 ? [rest] : [];
    pendingBytes = rest.length;
  }
  if (pendingBytes > 0) yield [withoutReturn(decode(pending))];
}

async function* bytesOf(source: string, name: string): AsyncGenerator<Uint8Array> {
  const stream = source === "-" ? process.stdin : createReadStream(source, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EISDIR")
      throw new SemspaceError("missing-file", `${name} is a folder. Pass a file with a text on each line.`, { cause });
    const message = code === "ENOENT" ? `No such file: ${name}.` : `Cannot read ${name} (${code}).`;
    throw code ? new SemspaceError("missing-file", message, { cause }) : cause;
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
