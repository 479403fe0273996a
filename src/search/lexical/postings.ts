/**
 * The inverted index: for every term the texts that hold it and how often, in flat arrays (CSR), 6 bytes a posting.
 * Texts are counted into blocks as they come, so any iterable will do; then one counting sort puts the postings in
 * the order of terms and lets each block go as soon as it is sorted, so that the peak is little above the result.
 */
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

export function buildPostings(texts: Iterable<string>, read: TermReader): Postings {
  const vocabulary = new Map<string, number>();
  const blocks: Block[] = [];
  const lengths = new GrowingInts();
  const distinct = new GrowingInts();
  /** Occurrences of each term in the current text; zeros between texts. */
  const occurrences = new GrowingInts();
  const seen: number[] = [];
  let used = blockSize;
  for (const text of texts) {
    const terms = read(text);
    for (const term of terms) {
      let id = vocabulary.get(term);
      if (id === undefined) {
        id = occurrences.push(0);
        vocabulary.set(detached(term), id);
      }
      if (occurrences.values[id]++ === 0) seen.push(id);
    }
    for (const id of seen) {
      if (used === blockSize) {
        blocks.push({ terms: new Int32Array(blockSize), counts: new Uint16Array(blockSize) });
        used = 0;
      }
      const block = blocks[blocks.length - 1];
      block.terms[used] = id;
      block.counts[used] = Math.min(occurrences.values[id], 0xffff);
      occurrences.values[id] = 0;
      used += 1;
    }
    lengths.push(terms.length);
    distinct.push(seen.length);
    seen.length = 0;
  }
  return {
    vocabulary,
    lengths: lengths.trimmed(),
    ...sortByTerm(blocks, vocabulary.size, distinct.trimmed()),
  };
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

/** An Int32Array that doubles when it is full. */
class GrowingInts {
  values: Int32Array = new Int32Array(1024);
  length = 0;

  /** Gives the position of the new value. */
  push(value: number): number {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  trimmed(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
