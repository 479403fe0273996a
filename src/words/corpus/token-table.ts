/**
 * Counts words as bytes: a hash table with open addressing whose keys lie one after the other in one array, so that a corpus
 * is counted without a string for each of its tokens. A word gets the next id when it is first seen; ids are never used again.
 */

/** A longer word is cut, on the border of a UTF-8 character. */
const LONGEST_WORD = 1000;
/** Fuller than this, the slots are doubled. */
const FULL = 0.6;

export class TokenTable {
  /** Words seen, those pruned since included: ids are below this. */
  size = 0;
  #slots = new Int32Array(1 << 16);
  #alive = 0;
  #hashes = new Int32Array(1 << 14);
  #starts = new Float64Array((1 << 14) + 1);
  #counts = new Float64Array(1 << 14);
  #bytes = new Uint8Array(1 << 17);
  readonly #word = new Uint8Array(LONGEST_WORD);
  #length = 0;
  #hash = 0;
  readonly #mostWords: number;
  #pruned = 0;

  /** @param mostWords when more distinct words are alive, the rare ones are forgotten (word2vec.c's ReduceVocab). */
  constructor(mostWords: number) {
    this.#mostWords = mostWords;
  }

  /**
   * Splits text at bytes up to 32 (ASCII white space), counts the words and gives their ids to `emit`, -1 for a "\n".
   * A word may lie across the border of two calls; {@link endWord} ends the last one.
   */
  scan(text: Uint8Array, emit: (id: number) => void): void {
    const word = this.#word;
    let length = this.#length;
    let hash = this.#hash;
    for (let i = 0; i < text.length; i += 1) {
      const byte = text[i];
      if (byte > 32) {
        if (length < LONGEST_WORD) {
          word[length] = byte;
          hash = Math.imul(hash ^ byte, 16777619);
        }
        length += 1;
      } else {
        if (length > 0) emit(this.#count(length, hash));
        length = 0;
        hash = 0;
        if (byte === 10) emit(-1);
      }
    }
    this.#length = length;
    this.#hash = hash;
  }

  /** Ends a word that the end of the text leaves open. */
  endWord(emit: (id: number) => void): void {
    if (this.#length > 0) emit(this.#count(this.#length, this.#hash));
    this.#length = 0;
    this.#hash = 0;
  }

  /** Counts one word, which may hold spaces, and gives its id. */
  add(token: string, encoder: TextEncoder): number {
    const { written } = encoder.encodeInto(token, this.#word);
    let hash = 0;
    for (let i = 0; i < written; i += 1) hash = Math.imul(hash ^ this.#word[i], 16777619);
    return this.#count(written, hash);
  }

  count(id: number): number {
    return this.#counts[id];
  }

  /** The bytes of a word; empty for a pruned one. */
  bytes(id: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[id], this.#starts[id + 1]);
  }

  #count(seen: number, seenHash: number): number {
    let length = seen;
    let hash = seenHash;
    if (seen > LONGEST_WORD) {
      length = characterBorder(this.#word);
      hash = 0;
      for (let i = 0; i < length; i += 1) hash = Math.imul(hash ^ this.#word[i], 16777619);
    }
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (;;) {
      const id = this.#slots[slot] - 1;
      if (id < 0) break;
      if (this.#hashes[id] === hash && this.#isWord(id, length)) {
        this.#counts[id] += 1;
        return id;
      }
      slot = (slot + 1) & mask;
    }
    return this.#insert(slot, length, hash);
  }

  #isWord(id: number, length: number): boolean {
    const start = this.#starts[id];
    if (this.#starts[id + 1] - start !== length) return false;
    for (let i = 0; i < length; i += 1) if (this.#bytes[start + i] !== this.#word[i]) return false;
    return true;
  }

  #insert(slot: number, length: number, hash: number): number {
    const id = this.size;
    const start = this.#starts[id];
    if (id + 2 > this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(this.#hashes.length * 2));
      this.#counts = grown(this.#counts, new Float64Array(this.#counts.length * 2));
      this.#starts = grown(this.#starts, new Float64Array(this.#starts.length * 2));
    }
    if (start + length > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(this.#bytes.length * 2, start + length)));
    }
    this.#bytes.set(this.#word.subarray(0, length), start);
    this.#starts[id + 1] = start + length;
    this.#hashes[id] = hash;
    this.#counts[id] = 1;
    this.#slots[slot] = id + 1;
    this.size += 1;
    this.#alive += 1;
    if (this.#alive > this.#mostWords) this.#prune(id);
    else if (this.#alive > this.#slots.length * FULL) this.#rehash(this.#slots.length * 2);
    return id;
  }

  /** Forgets words seen no more than 1, then 2, 3 … times, but not `latest`; their bytes are given back. */
  #prune(latest: number): void {
    this.#pruned += 1;
    let end = 0;
    for (let id = 0; id < this.size; id += 1) {
      const [from, to] = [this.#starts[id], this.#starts[id + 1]];
      this.#starts[id] = end;
      if (to === from) continue;
      if (id !== latest && this.#counts[id] <= this.#pruned) {
        this.#counts[id] = 0;
        this.#alive -= 1;
      } else {
        this.#bytes.copyWithin(end, from, to);
        end += to - from;
      }
    }
    this.#starts[this.size] = end;
    this.#rehash(this.#slots.length);
  }

  #rehash(slots: number): void {
    this.#slots = new Int32Array(slots);
    for (let id = 0; id < this.size; id += 1) {
      if (this.#counts[id] === 0) continue;
      let slot = spread(this.#hashes[id]) & (slots - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#slots[slot] = id + 1;
    }
  }
}

/** FNV's low bits alone would pile neighbours up. */
function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 4;
}

/** Where the last whole character of a full buffer ends. */
function characterBorder(word: Uint8Array): number {
  let end = word.length;
  while (end > word.length - 4 && (word[end - 1] & 0xc0) === 0x80) end -= 1;
  return word[end - 1] >= 0xc0 ? end - 1 : word.length;
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
