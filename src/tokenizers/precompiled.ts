/**
 * SentencePiece's `precompiled_charsmap`: a darts-clone double array over UTF-8 bytes whose values point into a blob of
 * replacements, each ended by a zero byte. Layout: trie size in bytes (u32, little endian), the trie's units (u32), the blob.
 *
 * Reference: the Rust crate spm_precompiled. As there, and unlike SentencePiece itself, `transform` takes the shortest
 * prefix of the chunk that has a replacement and lets it stand for the whole chunk; the caller hands over grapheme clusters.
 */
import { SemspaceError, shown } from "../errors.ts";

export class CharsMap {
  readonly #units: Uint32Array;
  readonly #blob: Uint8Array;
  readonly #replacements = new Map<number, string>();

  /** Reads the map from base64, as a tokenizer.json holds it. Throws `invalid-file` when it is truncated or malformed. */
  constructor(base64: unknown) {
    if (typeof base64 !== "string") throw invalid(`must be a base64 text, got ${shown(base64)}`);
    const bytes = decodeBase64(base64);
    if (bytes.length < 4) throw invalid(`has ${bytes.length} bytes, at least 4 are needed`);
    const view = new DataView(bytes.buffer);
    const trieBytes = view.getUint32(0, true);
    if (trieBytes < 4 || trieBytes > bytes.length - 4) {
      throw invalid(`says that its trie has ${trieBytes} bytes, but holds ${bytes.length - 4}`);
    }
    const count = trieBytes >> 2;
    this.#units = Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 + i * 4, true));
    this.#blob = bytes.subarray(4 + count * 4);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(this.#blob);
    } catch (cause) {
      throw invalid("has replacements that are not UTF-8", cause);
    }
  }

  /** What stands for `chunk` in the normalised text (may be empty), or undefined when it stays. */
  transform(chunk: string): string | undefined {
    const { length } = chunk;
    let node = this.#offset(0);
    for (let i = 0; i < length; i += 1) {
      const code = chunk.codePointAt(i)!;
      if (code > 0xffff) i += 1;
      const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
      const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      for (let b = 0; b < bytes; b += 1) {
        const byte = utf8Byte(point, bytes, b);
        if (byte === 0) return undefined;
        node ^= byte;
        const unit = this.#unit(node);
        if ((unit & 0x800000ff) >>> 0 !== byte) return undefined;
        node ^= this.#offset(node);
        if (((unit >>> 8) & 1) === 1) return this.#replacement(this.#unit(node) & 0x7fffffff);
      }
    }
    return undefined;
  }

  #unit(node: number): number {
    if (node >= 0 && node < this.#units.length) return this.#units[node];
    throw invalid(`points to unit ${node} of its trie, which has ${this.#units.length}`);
  }

  #offset(node: number): number {
    const unit = this.#unit(node);
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  #replacement(start: number): string {
    let text = this.#replacements.get(start);
    if (text !== undefined) return text;
    if (start > this.#blob.length)
      throw invalid(`points to byte ${start} of its replacements, which have ${this.#blob.length}`);
    const zero = this.#blob.indexOf(0, start);
    text = new TextDecoder().decode(this.#blob.subarray(start, zero < 0 ? undefined : zero));
    this.#replacements.set(start, text);
    return text;
  }
}

/** Byte `b` of the UTF-8 form of a code point that takes `bytes` bytes. */
function utf8Byte(point: number, bytes: number, b: number): number {
  const bits = point >>> (6 * (bytes - 1 - b));
  if (b > 0) return 0x80 | (bits & 0x3f);
  return bytes === 1 ? bits : ((0xf00 >>> bytes) & 0xff) | bits;
}

function decodeBase64(base64: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(base64);
  } catch (cause) {
    throw invalid("is not base64", cause);
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function invalid(problem: string, cause?: unknown): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `The tokenizer's precompiled_charsmap ${problem}. Fetch the tokenizer's files again.`,
    { cause },
  );
}
