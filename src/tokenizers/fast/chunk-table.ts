/**
 * A bounded hash table from a stretch of text to the ids that it becomes. Keys are compared in place, so a look-up makes no substring:
 * units lie in one arena, and a slot is four numbers (hash, place of the key, lengths, id or place of the ids). A full table becomes
 * the older one, whose chunks are taken over when they come again; what does not come again goes with it.
 */

/** Longest key, in UTF-16 units. */
export const longestChunk = 96;
const mostIds = 0xffff;
const slotWords = 4;
const doubtBit = 1 << 30;

export class ChunkTable {
  readonly #mostEntries: number;
  #older: ChunkTable | undefined;
  #mask = 0;
  #entries = 0;
  #slots: Int32Array = new Int32Array(0);
  #keys: Uint16Array = new Uint16Array(1 << 12);
  #keyEnd = 0;
  #ids: Int32Array = new Int32Array(1 << 12);
  #idEnd = 0;

  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
    this.#setSlots(1 << 10);
  }

  /** The slot of text[start … end), or -1. `hash` must be the same function of the units as at `add`. */
  find(text: string, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const keys = this.#keys;
    const length = end - start;
    let slot = mix(hash) & this.#mask;
    for (;;) {
      const at = slot * slotWords;
      const lengths = slots[at + 2];
      if (lengths === 0) return -1;
      if (slots[at] === hash && (lengths & 0xff) === length) {
        const key = slots[at + 1];
        let i = 0;
        while (i < length && keys[key + i] === text.charCodeAt(start + i)) i += 1;
        if (i === length) return slot;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  /** As `find`, in the older table; a chunk that is there is taken over into this one. */
  recall(text: string, start: number, end: number, hash: number): number {
    const older = this.#older;
    if (!older) return -1;
    const slot = older.find(text, start, end, hash);
    if (slot < 0) return -1;
    this.add(text.slice(start, end), hash, older.#idsOf(slot), older.doubtful(slot));
    return this.find(text, start, end, hash);
  }

  /** How many ids the slot's chunk becomes. */
  count(slot: number): number {
    return (this.#slots[slot * slotWords + 2] >>> 8) & mostIds;
  }

  /** Whether the chunk was added as one that may belong to an added token. */
  doubtful(slot: number): boolean {
    return (this.#slots[slot * slotWords + 2] & doubtBit) !== 0;
  }

  /** The only id of a slot whose count is 1. */
  only(slot: number): number {
    return this.#slots[slot * slotWords + 3];
  }

  /** Writes the ids of a slot whose count is not 1. */
  write(slot: number, into: Int32Array, at: number): void {
    const from = this.#slots[slot * slotWords + 3];
    const count = this.count(slot);
    for (let i = 0; i < count; i += 1) into[at + i] = this.#ids[from + i];
  }

  /** Remembers a chunk; false when it is too long for that. */
  add(chunk: string, hash: number, ids: ArrayLike<number>, doubtful: boolean): boolean {
    if (chunk.length > longestChunk || ids.length > mostIds) return false;
    if (this.#entries >= this.#mostEntries) this.#retire();
    if (this.#entries * 2 >= this.#mask) this.#setSlots((this.#mask + 1) * 2);
    if (this.#keyEnd + chunk.length > this.#keys.length)
      this.#keys = grown(this.#keys, new Uint16Array(this.#keys.length * 2));
    const key = this.#keyEnd;
    for (let i = 0; i < chunk.length; i += 1) this.#keys[key + i] = chunk.charCodeAt(i);
    this.#keyEnd += chunk.length;
    let value = ids[0];
    if (ids.length !== 1) {
      value = this.#idEnd;
      let room = this.#ids.length;
      while (value + ids.length > room) room *= 2;
      if (room > this.#ids.length) this.#ids = grown(this.#ids, new Int32Array(room));
      this.#ids.set(ids, value);
      this.#idEnd += ids.length;
    }
    this.#place(hash, key, chunk.length | (ids.length << 8) | (doubtful ? doubtBit : 0), value);
    this.#entries += 1;
    return true;
  }

  #place(hash: number, key: number, lengths: number, value: number): void {
    const slots = this.#slots;
    let slot = mix(hash) & this.#mask;
    while (slots[slot * slotWords + 2] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot * slotWords] = hash;
    slots[slot * slotWords + 1] = key;
    slots[slot * slotWords + 2] = lengths;
    slots[slot * slotWords + 3] = value;
  }

  #setSlots(count: number): void {
    const old = this.#slots;
    this.#mask = count - 1;
    this.#slots = new Int32Array(count * slotWords);
    for (let at = 0; at < old.length; at += slotWords) {
      if (old[at + 2] !== 0) this.#place(old[at], old[at + 1], old[at + 2], old[at + 3]);
    }
  }

  #idsOf(slot: number): Int32Array {
    const ids = new Int32Array(this.count(slot));
    if (ids.length === 1) ids[0] = this.only(slot);
    else this.write(slot, ids, 0);
    return ids;
  }

  /** All that is held becomes the older table; this one starts empty. */
  #retire(): void {
    const older = new ChunkTable(this.#mostEntries);
    older.#mask = this.#mask;
    older.#slots = this.#slots;
    older.#keys = this.#keys;
    older.#ids = this.#ids;
    this.#older = older;
    this.#slots = new Int32Array(0);
    this.#setSlots(older.#mask + 1);
    this.#keys = new Uint16Array(older.#keys.length);
    this.#ids = new Int32Array(older.#ids.length);
    this.#entries = this.#keyEnd = this.#idEnd = 0;
  }
}

/** Spreads a hash whose low bits depend on the last units most. */
function mix(hash: number): number {
  return hash ^ (hash >>> 15);
}

function grown<Typed extends Uint16Array | Int32Array>(from: Typed, to: Typed): Typed {
  to.set(from);
  return to;
}
