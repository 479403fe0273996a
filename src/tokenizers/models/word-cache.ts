/**
 * A bounded cache of cut words: two generations, the older of which is dropped whole when the younger is full. Frequent words survive
 * without any bookkeeping per use; at most twice `capacity` words are held.
 */
import type { Pieces } from "./model.ts";

/** Longer words hardly come twice; in UTF-16 units. */
const longestKept = 128;

export class WordCache {
  readonly #capacity: number;
  #young = new Map<string, Pieces>();
  #old = new Map<string, Pieces>();

  constructor(capacity = 20_000) {
    this.#capacity = capacity;
  }

  /** Appends the pieces of a word that is held; false when it is not. */
  replay(word: string, pieces: Pieces): boolean {
    let held = this.#young.get(word);
    if (held === undefined) {
      held = this.#old.get(word);
      if (held === undefined) return false;
      this.#set(word, held);
    }
    const { ids, starts, ends } = held;
    for (let i = 0; i < ids.length; i += 1) {
      pieces.ids.push(ids[i]);
      pieces.starts.push(starts[i]);
      pieces.ends.push(ends[i]);
    }
    return true;
  }

  /** Holds the pieces from index `from` on as those of `word`. */
  keep(word: string, pieces: Pieces, from: number): void {
    if (word.length > longestKept) return;
    this.#set(word, { ids: pieces.ids.slice(from), starts: pieces.starts.slice(from), ends: pieces.ends.slice(from) });
  }

  #set(word: string, pieces: Pieces): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(word, pieces);
  }
}
