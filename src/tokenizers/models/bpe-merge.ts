/**
 * Merging the symbols of one word in place: a short word by looking for the best pair again and again, a long one
 * (text without spaces, SentencePiece models that see the whole text as one word) with a heap of candidate pairs, so that
 * 100,000 characters take n log n steps. Both take the lowest rank first and, of equal ranks, the leftmost.
 */
import type { MergeTable } from "./merge-table.ts";

/** From this many symbols on, the heap is faster than the scan. */
const heapFrom = 48;

/** The symbols of one word; a symbol that was merged into its left neighbour has the length 0. Reused from word to word. */
export class Symbols {
  ids: Int32Array = new Int32Array(64);
  /** Lengths in UTF-8 bytes. */
  lengths: Int32Array = new Int32Array(64);
  /** Scratch of the scan: the rank of each symbol with its right neighbour. */
  readonly ranks: Int32Array = new Int32Array(heapFrom);
  count = 0;

  /** Empties, with room for `capacity` symbols. */
  clear(capacity: number): void {
    this.count = 0;
    if (capacity <= this.ids.length) return;
    this.ids = new Int32Array(capacity * 2);
    this.lengths = new Int32Array(capacity * 2);
  }

  add(id: number, length: number): void {
    this.ids[this.count] = id;
    this.lengths[this.count] = length;
    this.count += 1;
  }
}

/** Merges until no neighbouring pair is in the table. */
export function mergeAll(symbols: Symbols, merges: MergeTable): void {
  if (symbols.count < heapFrom) mergeByScan(symbols, merges);
  else mergeByHeap(symbols, merges);
}

const none = 0x7fffffff;

/** Keeps the rank of each symbol with its right neighbour; a merge closes the gap, so `count` shrinks. */
function mergeByScan(symbols: Symbols, merges: MergeTable): void {
  const { ids, lengths, ranks } = symbols;
  const rankOf = (at: number) => {
    const rank = merges.rank(ids[at], ids[at + 1]);
    return rank < 0 ? none : rank;
  };
  let { count } = symbols;
  for (let i = 0; i + 1 < count; i += 1) ranks[i] = rankOf(i);
  while (count > 1) {
    let best = none;
    let at = 0;
    for (let i = 0; i + 1 < count; i += 1) {
      if (ranks[i] < best) {
        best = ranks[i];
        at = i;
      }
    }
    if (best === none) break;
    ids[at] = merges.merged(best);
    lengths[at] += lengths[at + 1];
    count -= 1;
    for (let i = at + 1; i < count; i += 1) {
      ids[i] = ids[i + 1];
      lengths[i] = lengths[i + 1];
      ranks[i] = ranks[i + 1];
    }
    if (at + 1 < count) ranks[at] = rankOf(at);
    if (at > 0) ranks[at - 1] = rankOf(at - 1);
  }
  symbols.count = count;
}

function mergeByHeap(symbols: Symbols, merges: MergeTable): void {
  const { ids, lengths, count } = symbols;
  const previous = Int32Array.from({ length: count }, (_, i) => i - 1);
  const next = Int32Array.from({ length: count }, (_, i) => (i + 1 < count ? i + 1 : -1));
  const heap = new MergeHeap();
  const offer = (left: number, right: number) => {
    const rank = merges.rank(ids[left], ids[right]);
    if (rank >= 0) heap.push(rank, left);
  };
  for (let i = 0; i + 1 < count; i += 1) offer(i, i + 1);
  while (heap.size > 0) {
    const rank = heap.topRank;
    const at = heap.topPosition;
    heap.pop();
    if (lengths[at] === 0 || next[at] < 0) continue;
    const right = next[at];
    const current = merges.rank(ids[at], ids[right]);
    if (current < 0 || merges.merged(current) !== merges.merged(rank)) continue;
    ids[at] = merges.merged(rank);
    lengths[at] += lengths[right];
    lengths[right] = 0;
    next[at] = next[right];
    if (next[right] >= 0) previous[next[right]] = at;
    if (previous[at] >= 0) offer(previous[at], at);
    if (next[at] >= 0) offer(at, next[at]);
  }
}

/** A binary heap of (rank, position), smallest first. */
class MergeHeap {
  readonly #ranks: number[] = [];
  readonly #positions: number[] = [];

  get size(): number {
    return this.#ranks.length;
  }

  get topRank(): number {
    return this.#ranks[0];
  }

  get topPosition(): number {
    return this.#positions[0];
  }

  push(rank: number, position: number): void {
    const ranks = this.#ranks;
    const positions = this.#positions;
    let at = ranks.length;
    ranks.push(rank);
    positions.push(position);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (ranks[parent] < rank || (ranks[parent] === rank && positions[parent] <= position)) break;
      ranks[at] = ranks[parent];
      positions[at] = positions[parent];
      at = parent;
    }
    ranks[at] = rank;
    positions[at] = position;
  }

  pop(): void {
    const ranks = this.#ranks;
    const positions = this.#positions;
    const rank = ranks.pop()!;
    const position = positions.pop()!;
    const size = ranks.length;
    if (size === 0) return;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const other = child + 1;
      if (
        other < size &&
        (ranks[other] < ranks[child] || (ranks[other] === ranks[child] && positions[other] < positions[child]))
      ) {
        child = other;
      }
      if (rank < ranks[child] || (rank === ranks[child] && position <= positions[child])) break;
      ranks[at] = ranks[child];
      positions[at] = positions[child];
      at = child;
    }
    ranks[at] = rank;
    positions[at] = position;
  }
}
