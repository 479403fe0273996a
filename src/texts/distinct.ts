/**
 * Equal texts of a window are encoded once: text i has the vector of distinct text `of[i]`. Distinct texts are numbered
 * by their first place, so `of[i] <= i`, which lets vectors be spread over their rows in place, from the last row up.
 */
import type { Matrix } from "../matrix/index.ts";

export interface DistinctTexts {
  texts: readonly string[];
  /** By the place of a text among all, its place in `texts`. Undefined when no text repeats. */
  of: Uint32Array | undefined;
}

/** The texts without repeats. Holds a hash of every text while it runs, so it is for a window, not for a corpus. */
export function distinctTexts(all: readonly string[]): DistinctTexts {
  const places = new Map<string, number>();
  const of = Uint32Array.from(all, (text) => {
    const known = places.get(text);
    if (known === undefined) places.set(text, places.size);
    return known ?? places.size - 1;
  });
  return places.size === all.length ? { texts: all, of: undefined } : { texts: [...places.keys()], of };
}

/** Row i of `into` becomes the head of row `of[i]` of `vectors`, [distinct, columns of a whole vector]; both may be one memory. */
export function spreadRows(vectors: Matrix, into: Matrix, of: Uint32Array | undefined): void {
  const { columns } = into;
  const isSame = vectors.data.buffer === into.data.buffer;
  for (let i = into.rows - 1; i >= 0; i -= 1) {
    const from = (of ? of[i] : i) * vectors.columns;
    if (isSame) into.data.copyWithin(i * columns, from, from + columns);
    else into.data.set(vectors.data.subarray(from, from + columns), i * columns);
  }
}
