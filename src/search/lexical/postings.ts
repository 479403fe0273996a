/**
 * The inverted index: for every term the texts that hold it and how often, in flat arrays (CSR), 6 bytes a posting.
 * Texts are counted into blocks as they come, so any iterable will do; then one counting sort puts the postings in
 * the order of terms and lets each block go as soon as it is sorted, so that the peak is little above the result.
 */
import { contentKey } from "../content-key.ts";
import { GrowingInts } from "./growing-ints.ts";
import type { KnownTerms } from "./known-terms.ts";
import type { TermReader } from "./terms.ts";

export interface Postings {
  /** Term → its number. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The postings of term t are starts[t] … starts[t + 1]; their texts ascend. */
  readonly starts: Uint32Array;
  readonly texts: Int32Array;
  /** How often the term is in the text; 65,535 stands for more. */
  readonly counts: Uint16Array;
  /** Terms in each text, repetitions counted. */
  readonly lengths: Int32Array;
}

/** Postings in the order of texts. */
interface Block {
  terms: Int32Array;
  counts: Uint16Array;
}

const blockSize = 1 << 18;

/** Texts that `known` has are not read again; the others are added to it. */
export function buildPostings(texts: Iterable<string>, read: TermReader, known?: KnownTerms): Postings {
  const blocks = new Blocks();
  const lengths = new GrowingInts();
  const distinct = new GrowingInts();
  const counter = new TermCounter(known?.vocabulary);
  for (const text of texts) {
    const key = known && contentKey(text);
    const entry = (key !== undefined && known?.get(key)) || counter.count(read(text));
    if (key !== undefined) known?.set(key, entry);
    blocks.push(entry.ids, entry.counts);
    lengths.push(entry.length);
    distinct.push(entry.ids.length);
  }
  const { vocabulary } = counter;
  known?.learn(vocabulary);
  return { vocabulary, lengths: lengths.trimmed(), ...sortByTerm(blocks.list, vocabulary.size, distinct.trimmed()) };
}

/** Numbers terms in the order in which they appear, and counts those of a text. */
class TermCounter {
  readonly vocabulary: Map<string, number>;
  /** Occurrences of each term in the current text; zeros between texts. */
  readonly #occurrences: GrowingInts = new GrowingInts();

  constructor(known: readonly string[] = []) {
    this.vocabulary = new Map(known.map((term, id) => [term, id]));
    for (let i = 0; i < known.length; i += 1) this.#occurrences.push(0);
  }

  count(terms: readonly string[]): TermsOfText {
    const occurrences = this.#occurrences;
    const ids: number[] = [];
    for (const term of terms) {
      let id = this.vocabulary.get(term);
      if (id === undefined) {
        id = occurrences.push(0);
        this.vocabulary.set(detached(term), id);
      }
      if (occurrences.values[id]++ === 0) ids.push(id);
    }
    const counts = ids.map((id) => Math.min(occurrences.values[id], 0xffff));
    for (const id of ids) occurrences.values[id] = 0;
    return { length: terms.length, ids, counts };
  }
}

/** The terms of a text: how many in all, and each different one with its count. */
export interface TermsOfText {
  length: number;
  ids: ArrayLike<number>;
  counts: ArrayLike<number>;
}

class Blocks {
  readonly list: Block[] = [];
  #used = blockSize;

  push(ids: ArrayLike<number>, counts: ArrayLike<number>): void {
    for (let i = 0; i < ids.length; i += 1) {
      if (this.#used === blockSize) {
        this.list.push({ terms: new Int32Array(blockSize), counts: new Uint16Array(blockSize) });
        this.#used = 0;
      }
      const block = this.list[this.list.length - 1];
      block.terms[this.#used] = ids[i];
      block.counts[this.#used] = counts[i];
      this.#used += 1;
    }
  }
}

/** A copy: engines keep a long piece of a string as a view, which would keep the whole text alive with it. */
function detached(term: string): string {
  return term.length < 13 ? term : term.split("").join("");
}

/** `distinct[i]` postings of the blocks belong to text i. */
function sortByTerm(
  blocks: (Block | undefined)[],
  terms: number,
  distinct: Int32Array,
): Pick<Postings, "starts" | "texts" | "counts"> {
  const total = distinct.reduce((sum, count) => sum + count, 0);
  // Counted two places up and summed, entry t + 1 is where the next posting of term t goes; once all are placed, it is where the term ends.
  const starts = new Uint32Array(terms + 2);
  for (let i = 0; i < total; i += 1) starts[blocks[Math.floor(i / blockSize)]!.terms[i % blockSize] + 2] += 1;
  for (let t = 2; t < starts.length; t += 1) starts[t] += starts[t - 1];
  const texts = new Int32Array(total);
  const counts = new Uint16Array(total);
  let i = 0;
  for (let text = 0; text < distinct.length; text += 1) {
    for (const end = i + distinct[text]; i < end; i += 1) {
      const block = blocks[Math.floor(i / blockSize)]!;
      const at = i % blockSize;
      const to = starts[block.terms[at] + 1]++;
      texts[to] = text;
      counts[to] = block.counts[at];
      if (at === blockSize - 1) blocks[Math.floor(i / blockSize)] = undefined;
    }
  }
  return { starts: starts.subarray(0, terms + 1), texts, counts };
}
