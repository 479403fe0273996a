/** Words and their vectors as a reader meets them, in one growing array of numbers. */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";

/** Most dimensions that are read: a wrong header must not make one line fill the memory. */
export const maxDimensions = 65_536;
/** Words are decoded together: one call of the decoder for each of them would take longer than all numbers. */
const DECODE_BYTES = 1 << 18;
const LINE_FEED = 10;

export interface CollectorOptions {
  /** Most words to keep. Default: all. */
  limit?: number | undefined;
  /** Rows to make room for at first; only a guess. */
  expected?: number | undefined;
  /** Of the words. Default "utf-8". */
  encoding?: string | undefined;
}

export class RowCollector {
  readonly columns: number;
  /** Rows so far; the last one's numbers lie before `rows * columns` of {@link data}. */
  rows = 0;
  data: Float32Array;
  readonly limit: number;
  readonly #words: string[] = [];
  #bytes = new Uint8Array(DECODE_BYTES * 2);
  #filled = 0;
  readonly #decoder: TextDecoder;

  /** Throws `invalid-argument` for an encoding that this runtime does not know. */
  constructor(columns: number, { limit = Infinity, expected = 1024, encoding = "utf-8" }: CollectorOptions = {}) {
    this.#decoder = decoderOf(encoding);
    this.columns = columns;
    this.limit = limit;
    this.data = new Float32Array(Math.min(limit, Math.max(expected, 16)) * columns);
  }

  /** Whether `limit` words are there. */
  get full(): boolean {
    return this.rows >= this.limit;
  }

  /** Makes room for one row; gives the place of its first number. */
  reserve(): number {
    const start = this.rows * this.columns;
    if (start + this.columns > this.data.length) {
      const larger = new Float32Array(
        Math.min(this.limit * this.columns, Math.ceil(this.data.length * 1.6) + 16 * this.columns),
      );
      larger.set(this.data.subarray(0, start));
      this.data = larger;
    }
    return start;
  }

  /** Ends the row whose numbers stand in the place that was reserved. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > DECODE_BYTES || !this.#append(bytes, start, end)) {
      this.#decode();
      this.#words.push(this.#decoder.decode(bytes.subarray(start, end)));
    }
    this.rows += 1;
  }

  /** Puts a word to those that wait for the decoder; false for one with a line feed inside. */
  #append(bytes: Uint8Array, start: number, end: number): boolean {
    const room = this.#bytes;
    let at = this.#filled;
    for (let i = start; i < end; i += 1, at += 1) {
      if (bytes[i] === LINE_FEED) return false;
      room[at] = bytes[i];
    }
    room[at] = LINE_FEED;
    this.#filled = at + 1;
    if (this.#filled > DECODE_BYTES) this.#decode();
    return true;
  }

  /** Broken UTF-8 becomes U+FFFD and cannot reach the next word: a line feed ends every sequence. */
  #decode(): void {
    if (this.#filled === 0) return;
    const text = this.#decoder.decode(this.#bytes.subarray(0, this.#filled - 1));
    for (const word of text.split("\n")) this.#words.push(word);
    this.#filled = 0;
  }

  /** The vectors; of a word that comes again only the first row is kept. Throws `invalid-file` when there is none. */
  finish(name: string): WordVectors {
    this.#decode();
    if (this.rows === 0) throw new SemspaceError("invalid-file", `${name} has no word vectors.`);
    const words = this.#withoutRepeated();
    const used = words.length * this.columns;
    const data = this.data.length > used * 1.1 ? this.data.slice(0, used) : this.data.subarray(0, used);
    return new WordVectors(words, new Matrix(data, words.length, this.columns));
  }

  #withoutRepeated(): string[] {
    const seen = new Set(this.#words);
    if (seen.size === this.#words.length) return this.#words;
    seen.clear();
    const kept: string[] = [];
    for (const [i, word] of this.#words.entries()) {
      if (seen.has(word)) continue;
      seen.add(word);
      if (kept.length < i) this.data.copyWithin(kept.length * this.columns, i * this.columns, (i + 1) * this.columns);
      kept.push(word);
    }
    return kept;
  }
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch (cause) {
    const message = `The encoding ${encoding} is not known. Use utf-8, latin1, windows-1251 or another name of TextDecoder's.`;
    throw new SemspaceError("invalid-argument", message, { cause });
  }
}
