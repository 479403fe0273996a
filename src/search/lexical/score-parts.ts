/**
 * BM25 over an inverted index in parts, of which texts may be gone: the scores are those of one index of the texts that are left.
 * The formula is in ../lexical.ts.
 */
import type { Postings } from "./postings.ts";

export interface LexicalPart {
  /** The row of the part's first text. */
  readonly from: number;
  readonly postings: Postings;
}

export interface LexicalRows {
  readonly parts: readonly LexicalPart[];
  /** Rows in all. */
  readonly rows: number;
  /** 0 where a text is gone, one a row; undefined: none is. */
  readonly alive?: Uint8Array | undefined;
}

export interface LexicalScores {
  /** One a row; 0 where no term of the query occurs, and for texts that are gone. */
  scores: Float32Array;
  /** The score of a text of average length that holds every term of the query once, also terms that no text has. */
  fullMatch: number;
}

/** `terms` are the query's; one that is twice in it counts twice. */
export function scoreParts(
  { parts, rows, alive }: LexicalRows,
  terms: readonly string[],
  { k1, b }: { k1: number; b: number },
): LexicalScores {
  const scores = new Float32Array(rows);
  const { texts, average } = statistics({ parts, rows, alive });
  const base = k1 * (1 - b);
  const slope = (k1 * b) / average;
  let fullMatch = 0;
  for (const [term, times] of tally(terms)) {
    const found = parts.flatMap((part) => {
      const id = part.postings.vocabulary.get(term);
      return id === undefined ? [] : [{ ...part, id }];
    });
    let frequency = 0;
    for (const { postings, from, id } of found) frequency += living(postings, id, { alive, from });
    const weight = times * Math.log(1 + (texts - frequency + 0.5) / (frequency + 0.5));
    fullMatch += weight / (1 + k1);
    for (const { postings, from, id } of found) {
      const { starts, texts: positions, counts, lengths } = postings;
      const end = starts[id + 1];
      for (let i = starts[id]; i < end; i += 1) {
        const text = positions[i];
        if (alive && alive[from + text] === 0) continue;
        scores[from + text] += (weight * counts[i]) / (counts[i] + base + slope * lengths[text]);
      }
    }
  }
  return { scores, fullMatch };
}

function living(
  { starts, texts }: Postings,
  id: number,
  { alive, from }: { alive: Uint8Array | undefined; from: number },
): number {
  const end = starts[id + 1];
  if (!alive) return end - starts[id];
  let count = 0;
  for (let i = starts[id]; i < end; i += 1) count += alive[from + texts[i]];
  return count;
}

function statistics({ parts, rows, alive }: LexicalRows): { texts: number; average: number } {
  let texts = 0;
  let total = 0;
  for (const { postings, from } of parts) {
    const { lengths } = postings;
    for (let text = 0; text < lengths.length; text += 1) {
      if (alive && alive[from + text] === 0) continue;
      texts += 1;
      total += lengths[text];
    }
  }
  return { texts: alive ? texts : rows, average: total / texts || 1 };
}

function tally(terms: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  return times;
}
