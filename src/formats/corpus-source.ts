/** What a corpus can be read from, as one stream of bytes or of lines. */
import { readStream } from "#platform";
import { SemspaceError } from "../errors.ts";
import { gunzipped } from "./gzip.ts";

/**
 * A text file with one sentence (or document) a line: a path (in a browser a URL), gzipped when its name ends in `.gz`, or
 * `"-"` for standard input; or the lines themselves, in memory or as they come.
 */
export type CorpusSource = string | Iterable<string> | AsyncIterable<string>;

/**
 * The bytes of a corpus as they come, decompressed; lines of an iterable end in "\n". A line break inside such a line stays one.
 * A piece may be overwritten as soon as the next one is asked for.
 */
export async function* corpusBytes(source: CorpusSource): AsyncGenerator<Uint8Array> {
  if (typeof source === "string")
    yield* source.endsWith(".gz") ? gunzipped(readStream(source), source) : readStream(source, true);
  else yield* encoded(source);
}

/** The lines of a corpus, without their ends. Bytes that are not UTF-8 become U+FFFD. */
export async function* corpusLines(source: CorpusSource): AsyncGenerator<string> {
  if (typeof source !== "string") {
    yield* source;
    return;
  }
  const decoder = new TextDecoder();
  // A line may be longer than a piece of the file, up to the whole corpus; it is put together once.
  let begun: string[] = [];
  for await (const bytes of corpusBytes(source)) {
    const [first, ...more] = decoder.decode(bytes, { stream: true }).split("\n");
    begun.push(first);
    for (const start of more) {
      const line = begun.join("");
      begun = [start];
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
  }
  const rest = begun.join("") + decoder.decode();
  if (rest) yield rest;
}

/** Lines in groups of some 64 KB. */
async function* encoded(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let group: string[] = [];
  let characters = 0;
  for await (const line of lines) {
    if (typeof line !== "string") {
      throw new SemspaceError("invalid-argument", `A corpus gives lines as strings, got ${typeof line}.`);
    }
    group.push(line, "\n");
    characters += line.length + 1;
    if (characters < 1 << 16) continue;
    yield encoder.encode(group.join(""));
    group = [];
    characters = 0;
  }
  if (characters > 0) yield encoder.encode(group.join(""));
}
