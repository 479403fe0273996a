/**
 * The terms of texts that were read before, by the texts' content, and their bytes in a file.
 * Layout, little-endian: "SSTC", version, texts, postings, terms, bytes of the terms (uint32 each); texts × float64 keys; texts × int32
 * numbers of terms; texts × int32 numbers of different ones; postings × int32 term ids; postings × uint16 counts; the terms, each
 * ended by a line break (UTF-8).
 */
import type { TermsOfText } from "./postings.ts";

const MAGIC = 0x43545353;
/** Goes up whenever `termReader()` reads a text otherwise than before: a test holds what it reads. */
const VERSION = 1;
const HEADER_BYTES = 24;
const TEXT_BYTES = 16;
const POSTING_BYTES = 6;
/** Texts that this run did not ask for are kept (another --include may want them) up to so many bytes. */
const MAX_BYTES = 256 * 2 ** 20;

export class KnownTerms {
  /** Terms by their ids. */
  vocabulary: readonly string[] = [];
  readonly #texts = new Map<number, TermsOfText>();
  readonly #used = new Set<number>();
  #changed = false;

  /** Whether there are texts that were not there when it was made. */
  get changed(): boolean {
    return this.#changed;
  }

  get size(): number {
    return this.#texts.size;
  }

  get(key: number): TermsOfText | undefined {
    return this.#texts.get(key);
  }

  /** Keeps the terms of a text, or notes that they were asked for. */
  set(key: number, { length, ids, counts }: TermsOfText): void {
    this.#used.add(key);
    if (this.#texts.has(key)) return;
    this.#texts.set(key, { length, ids: Int32Array.from(ids), counts: Uint16Array.from(counts) });
    this.#changed = true;
  }

  /** Takes over the terms that were new in the texts. */
  learn(vocabulary: ReadonlyMap<string, number>): void {
    this.vocabulary = [...vocabulary.keys()];
  }

  /** The file: the texts that were asked for, others while there is room, and only their terms. */
  toBytes(): Uint8Array {
    const unused = [...this.#texts.keys()].filter((key) => !this.#used.has(key));
    const keys: number[] = [];
    let [bytes, postings] = [0, 0];
    for (const key of [...this.#used, ...unused]) {
      const { length } = this.#texts.get(key)!.ids;
      bytes += TEXT_BYTES + length * POSTING_BYTES;
      if (bytes > MAX_BYTES && !this.#used.has(key)) break;
      postings += length;
      keys.push(key);
    }
    return this.#write(keys, postings);
  }

  #write(keys: readonly number[], postings: number): Uint8Array {
    const renumbered = new Renumbering(this.vocabulary.length);
    const ids = new Int32Array(postings);
    let at = 0;
    for (const key of keys) {
      const { ids: own } = this.#texts.get(key)!;
      for (let i = 0; i < own.length; i += 1) ids[at++] = renumbered.id(own[i]);
    }
    const terms = new TextEncoder().encode(renumbered.old.map((id) => `${this.vocabulary[id]}\n`).join(""));
    const bytes = new Uint8Array(HEADER_BYTES + keys.length * TEXT_BYTES + postings * POSTING_BYTES + terms.length);
    const head = [MAGIC, VERSION, keys.length, postings, renumbered.old.length, terms.length];
    new Uint32Array(bytes.buffer, 0, head.length).set(head);
    const place = placesOf(bytes, { texts: keys.length, postings });
    place.keys.set(keys);
    place.ids.set(ids);
    at = 0;
    for (const [i, key] of keys.entries()) {
      const { length, counts } = this.#texts.get(key)!;
      place.lengths[i] = length;
      place.distinct[i] = counts.length;
      place.counts.set(counts, at);
      at += counts.length;
    }
    bytes.set(terms, bytes.length - terms.length);
    return bytes;
  }

  /** Reads what {@link toBytes} gave; empty for anything else. */
  static fromBytes(given: Uint8Array): KnownTerms {
    const known = new KnownTerms();
    if (given.length < HEADER_BYTES) return known;
    const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
    const [magic, version, texts, postings, terms, termBytes] = new Uint32Array(bytes.buffer, bytes.byteOffset, 6);
    const size = HEADER_BYTES + texts * TEXT_BYTES + postings * POSTING_BYTES + termBytes;
    if (magic !== MAGIC || version !== VERSION || bytes.length !== size) return known;
    const vocabulary = new TextDecoder().decode(bytes.subarray(size - termBytes)).split("\n");
    vocabulary.pop();
    const { keys, lengths, distinct, ids, counts } = placesOf(bytes, { texts, postings });
    const sound =
      vocabulary.length === terms &&
      distinct.every((count) => count >= 0) &&
      distinct.reduce((sum, count) => sum + count, 0) === postings &&
      ids.every((id) => id >= 0 && id < terms);
    if (!sound) return known;
    known.vocabulary = vocabulary;
    let at = 0;
    for (let i = 0; i < texts; i += 1) {
      const end = at + distinct[i];
      known.#texts.set(keys[i], { length: lengths[i], ids: ids.subarray(at, end), counts: counts.subarray(at, end) });
      at = end;
    }
    return known;
  }
}

/** New ids in the order in which the old ones are asked for. */
class Renumbering {
  readonly old: number[] = [];
  readonly #ids: Int32Array;

  constructor(size: number) {
    this.#ids = new Int32Array(size).fill(-1);
  }

  id(old: number): number {
    if (this.#ids[old] < 0) this.#ids[old] = this.old.push(old) - 1;
    return this.#ids[old];
  }
}

/** The columns of the file, as views. */
function placesOf(
  { buffer, byteOffset }: Uint8Array,
  { texts, postings }: { texts: number; postings: number },
): { keys: Float64Array; lengths: Int32Array; distinct: Int32Array; ids: Int32Array; counts: Uint16Array } {
  const start = byteOffset + HEADER_BYTES;
  const afterKeys = start + texts * 8;
  const afterTexts = afterKeys + texts * 8;
  return {
    keys: new Float64Array(buffer, start, texts),
    lengths: new Int32Array(buffer, afterKeys, texts),
    distinct: new Int32Array(buffer, afterKeys + texts * 4, texts),
    ids: new Int32Array(buffer, afterTexts, postings),
    counts: new Uint16Array(buffer, afterTexts + postings * 4, postings),
  };
}
