/**
 * All ways to cut one word into pieces, as a graph between the places in the word: the best way, the second best, and how often each piece
 * is expected when every way counts by its probability (forward-backward).
 *
 * Reference: Rust `tokenizers`, models/unigram/lattice.rs: nodes in the same order, sums of logarithms in the same order, ties to the node
 * that starts first. Differs: nodes are numbers in typed arrays that all words share, and what Rust keeps for each node is kept for each place,
 * where it is the same.
 */
import { TokenTrie } from "../models/token-trie.ts";
import type { Piece } from "./unigram-seeds.ts";

/** How much less likely than the rarest piece an unknown character is, as a logarithm. */
const unknownPenalty = 10;
/** Beyond this difference of logarithms the smaller one does not count. */
const negligible = 50;

export class UnigramLattice {
  readonly #scores: Float64Array;
  readonly #trie: TokenTrie;
  readonly #unknownScore: number;
  #length = 0;
  #nodes = 0;
  /** Of each node: its piece, its first and its last place, its score. */
  #ids: Int32Array = new Int32Array(0);
  #starts: Int32Array = new Int32Array(0);
  #ends: Int32Array = new Int32Array(0);
  /** Of each place: forward and backward sums, best scores and the nodes that lead there. */
  #forward: Float64Array = new Float64Array(0);
  #backward: Float64Array = new Float64Array(0);
  #bestNode: Int32Array = new Int32Array(0);

  /** Piece 0 is the unknown one. */
  constructor(pieces: readonly Piece[]) {
    this.#scores = Float64Array.from(pieces, ({ score }) => score);
    this.#trie = new TokenTrie(textsOf(pieces));
    let least = Infinity;
    for (let id = 1; id < pieces.length; id += 1) if (pieces[id].score < least) least = pieces[id].score;
    this.#unknownScore = least - unknownPenalty;
    this.#scores[0] = this.#unknownScore;
  }

  /** Takes a word: from each place all pieces that start there, the shorter first, and the unknown one where no single character is one. */
  read(word: string): void {
    this.#length = word.length;
    this.#nodes = 0;
    const trie = this.#trie;
    for (let start = 0, next = 0; start < word.length; start = next) {
      next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      let single = false;
      for (let end = start, node = 0; end < word.length;) {
        node = trie.step(node, word.charCodeAt(end));
        if (node < 0) break;
        end += 1;
        const id = trie.value(node);
        if (id < 0) continue;
        this.#add(id, start, end);
        if (end === next) single = true;
      }
      if (!single) this.#add(0, start, next);
    }
    if (this.#forward.length <= word.length) {
      this.#forward = new Float64Array(word.length * 2 + 1);
      this.#backward = new Float64Array(word.length * 2 + 1);
      this.#bestNode = new Int32Array(word.length * 2 + 1);
    }
  }

  /** The pieces of the best way, in order. */
  best(): number[] {
    const [scores, node] = [this.#forward, this.#bestNode];
    scores.fill(Number.NEGATIVE_INFINITY, 1, this.#length + 1);
    scores[0] = 0;
    for (let i = 0; i < this.#nodes; i += 1) {
      const end = this.#ends[i];
      const score = scores[this.#starts[i]] + this.#scores[this.#ids[i]];
      if (score <= scores[end]) continue;
      scores[end] = score;
      node[end] = i;
    }
    const path: number[] = [];
    for (let at = this.#length; at > 0; at = this.#starts[node[at]]) path.push(this.#ids[node[at]]);
    return path.toReversed();
  }

  /** The pieces of the best way and of the second best; undefined where there is only one way. */
  twoBest(): { best: number[]; second: number[] | undefined } {
    const ways = new RankedWays(this.#length);
    for (let i = 0; i < this.#nodes; i += 1)
      ways.add(i, { start: this.#starts[i], end: this.#ends[i], score: this.#scores[this.#ids[i]] });
    const read = (rank: 0 | 1): number[] => ways.path(rank, this.#starts).map((node) => this.#ids[node]);
    return { best: read(0), second: ways.hasSecond ? read(1) : undefined };
  }

  /** Adds to `expected` how often each piece is expected in `frequency` occurrences of the word. */
  addExpected(frequency: number, expected: Float64Array): void {
    const [forward, backward] = [this.#forward, this.#backward];
    const [ids, starts, ends, scores] = [this.#ids, this.#starts, this.#ends, this.#scores];
    forward.fill(NaN, 1, this.#length + 1);
    backward.fill(NaN, 0, this.#length);
    forward[0] = 0;
    backward[this.#length] = 0;
    for (let i = 0; i < this.#nodes; i += 1)
      forward[ends[i]] = logOfSum(forward[ends[i]], forward[starts[i]] + scores[ids[i]]);
    for (let last = this.#nodes; last > 0;) {
      // The nodes of one place lie together, and are added from the first on.
      let first = last - 1;
      while (first > 0 && starts[first - 1] === starts[last - 1]) first -= 1;
      for (let i = first; i < last; i += 1)
        backward[starts[i]] = logOfSum(backward[starts[i]], scores[ids[i]] + backward[ends[i]]);
      last = first;
    }
    const all = forward[this.#length];
    for (let i = 0; i < this.#nodes; i += 1)
      expected[ids[i]] += frequency * Math.exp(forward[starts[i]] + scores[ids[i]] + backward[ends[i]] - all);
  }

  #add(id: number, start: number, end: number): void {
    if (this.#nodes === this.#ids.length) {
      const room = Math.max(64, this.#nodes * 2);
      [this.#ids, this.#starts, this.#ends] = [this.#ids, this.#starts, this.#ends].map((old) => {
        const larger = new Int32Array(room);
        larger.set(old);
        return larger;
      });
    }
    this.#ids[this.#nodes] = id;
    this.#starts[this.#nodes] = start;
    this.#ends[this.#nodes] = end;
    this.#nodes += 1;
  }
}

/** The two best ways to each place. */
class RankedWays {
  readonly #length: number;
  /** Best and second best of each place, side by side; -1 is none. */
  readonly #scores: Float64Array;
  readonly #nodes: Int32Array;
  /** Whether the way before the node is the best (0) or the second best (1) to its start. */
  readonly #ranks: Uint8Array;

  constructor(length: number) {
    this.#length = length;
    this.#scores = new Float64Array(length * 2 + 2).fill(Number.NEGATIVE_INFINITY);
    this.#nodes = new Int32Array(length * 2 + 2).fill(-1);
    this.#ranks = new Uint8Array(length * 2 + 2);
    this.#scores[0] = 0;
  }

  get hasSecond(): boolean {
    return this.#nodes[this.#length * 2 + 1] >= 0;
  }

  add(node: number, { start, end, score }: { start: number; end: number; score: number }): void {
    for (let rank = 0; rank < 2; rank += 1) {
      const total = this.#scores[start * 2 + rank] + score;
      if (total === Number.NEGATIVE_INFINITY) continue;
      if (total > this.#scores[end * 2]) {
        this.#set(end * 2 + 1, {
          score: this.#scores[end * 2],
          node: this.#nodes[end * 2],
          rank: this.#ranks[end * 2],
        });
        this.#set(end * 2, { score: total, node, rank });
      } else if (total > this.#scores[end * 2 + 1]) this.#set(end * 2 + 1, { score: total, node, rank });
    }
  }

  /** The nodes of the best or second best way to the end. */
  path(rank: number, starts: Int32Array): number[] {
    const nodes: number[] = [];
    for (let at = this.#length, way = rank; at > 0;) {
      const slot = at * 2 + way;
      nodes.push(this.#nodes[slot]);
      way = this.#ranks[slot];
      at = starts[this.#nodes[slot]];
    }
    return nodes.toReversed();
  }

  #set(slot: number, { score, node, rank }: { score: number; node: number; rank: number }): void {
    this.#scores[slot] = score;
    this.#nodes[slot] = node;
    this.#ranks[slot] = rank;
  }
}

/** The logarithm of e^x + e^y; of e^y alone where x is NaN, which is nothing yet. */
function logOfSum(x: number, y: number): number {
  if (x !== x) return y;
  const high = Math.max(x, y);
  const difference = Math.abs(x - y);
  return difference > negligible ? high : high + Math.log(Math.exp(-difference) + 1);
}

function* textsOf(pieces: readonly Piece[]): Generator<readonly [string, number]> {
  for (let id = 1; id < pieces.length; id += 1) yield [pieces[id].text, id];
}
