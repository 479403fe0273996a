/** Reads the bytes of a file from front to end, little endian, and knows how many are left before anything is allocated. */
import { fileSize, readBytes, readStream } from "#platform";
import { SemspaceError } from "../../errors.ts";

export class ByteReader {
  readonly name: string;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  /** Bytes that have not come yet. */
  #pending: number;

  constructor(chunks: AsyncIterator<Uint8Array>, size: number, name: string) {
    this.#chunks = chunks;
    this.#pending = size;
    this.name = name;
  }

  /** Opens a file (in a browser a URL) or bytes in memory. Throws `missing-file`. */
  static async open(source: string | Uint8Array): Promise<ByteReader> {
    if (typeof source !== "string") return new ByteReader(chunksOf([source]), source.length, "(memory)");
    const size = await fileSize(source);
    if (size === undefined) throw new SemspaceError("missing-file", `No such file: ${source}.`);
    if (size >= 0) return new ByteReader(readStream(source)[Symbol.asyncIterator](), size, source);
    // A server that does not tell the size.
    const bytes = await readBytes(source);
    return new ByteReader(chunksOf([bytes]), bytes.length, source);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#pending + this.#buffer.length - this.#at;
  }

  /** Makes `count` bytes, or all that are left, ready for the functions below. */
  async prepare(count: number): Promise<void> {
    const wanted = Math.min(count, this.left);
    if (this.#buffer.length - this.#at >= wanted) return;
    const parts = [this.#buffer.subarray(this.#at)];
    let have = parts[0].length;
    while (have < wanted) {
      const chunk = await this.#next();
      parts.push(chunk);
      have += chunk.length;
    }
    this.#use(have, parts);
  }

  /** Whether the bytes that are ready are such. */
  startsAs(test: (bytes: Uint8Array) => boolean): boolean {
    return test(this.#buffer.subarray(this.#at));
  }

  uint8(what: string): number {
    return this.#buffer[this.#take(1, what)];
  }

  int32(what: string): number {
    return this.#view.getInt32(this.#take(4, what), true);
  }

  /** A 64-bit number; throws `invalid-file` beyond 2^53. */
  int64(what: string): number {
    const value = Number(this.#view.getBigInt64(this.#take(8, what), true));
    if (!Number.isSafeInteger(value)) throw this.broken(`${what} is ${value}`);
    return value;
  }

  float64(what: string): number {
    return this.#view.getFloat64(this.#take(8, what), true);
  }

  /** Bytes up to a zero, which is skipped; a view that the next `prepare` may move. Undefined when none is among those prepared. */
  untilZero(): Uint8Array | undefined {
    const end = this.#buffer.indexOf(0, this.#at);
    if (end < 0) return undefined;
    const bytes = this.#buffer.subarray(this.#at, end);
    this.#at = end + 1;
    return bytes;
  }

  /** Fills `target`. Throws `invalid-file` when fewer bytes are left. */
  async readInto(target: Uint8Array, what: string): Promise<void> {
    this.need(target.length, what);
    let done = 0;
    while (done < target.length) {
      if (this.#at === this.#buffer.length) this.#use(0, [await this.#next()]);
      const part = this.#buffer.subarray(this.#at, this.#at + target.length - done);
      target.set(part, done);
      done += part.length;
      this.#at += part.length;
    }
  }

  /** Throws `invalid-file` unless `count` bytes are left: to be asked before allocating. */
  need(count: number, what: string): void {
    if (count > this.left) throw this.broken(`${what} needs ${count} bytes, ${this.left} are left`);
  }

  broken(what: string): SemspaceError {
    return new SemspaceError(
      "invalid-file",
      `${this.name} is no whole fastText model: ${what}. Fetch or train it again.`,
    );
  }

  async close(): Promise<void> {
    await this.#chunks.return?.(undefined);
  }

  #take(count: number, what: string): number {
    if (this.#buffer.length - this.#at < count) throw this.broken(`it ends within ${what}`);
    this.#at += count;
    return this.#at - count;
  }

  async #next(): Promise<Uint8Array> {
    const { value, done } = await this.#chunks.next();
    if (done) throw this.broken(`it ended ${this.#pending} bytes early while it was read`);
    const chunk = value;
    this.#pending -= chunk.length;
    if (this.#pending < 0) throw this.broken("it grew while it was read");
    return chunk;
  }

  #use(length: number, parts: readonly Uint8Array[]): void {
    const joined = parts.length === 1 ? parts[0] : new Uint8Array(length);
    if (parts.length > 1) {
      let at = 0;
      for (const part of parts) {
        joined.set(part, at);
        at += part.length;
      }
    }
    this.#buffer = joined;
    this.#view = new DataView(joined.buffer, joined.byteOffset, joined.byteLength);
    this.#at = 0;
  }
}

// oxlint-disable-next-line require-await -- an asynchronous iterator of what is there already
async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
