/**
 * Word Mover's Distance: how far the words of one text must travel to become those of another (Kusner et al. 2015), exactly.
 * Reference: gensim's `wmdistance`, of which the edge cases are kept: words without a vector are dropped; no words left, or no
 * distance between any two words, gives Infinity; one and the same single word gives 0.
 */
import { norm, unit } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";
import { transportCost } from "./transport.ts";

/** `normalize`: travel between unit vectors (default). */
export function wordMoversDistance(
  vectors: WordVectors,
  [a, b]: readonly [readonly string[], readonly string[]],
  { normalize = true }: { normalize?: boolean } = {},
): number {
  const [bagA, bagB] = [bag(vectors, a), bag(vectors, b)];
  if (bagA.total === 0 || bagB.total === 0) return Infinity;
  const [wordsA, wordsB] = [[...bagA.counts.keys()], [...bagB.counts.keys()]];
  if (wordsA.length === 1 && wordsB.length === 1 && wordsA[0] === wordsB[0]) return 0;
  const [rowsA, rowsB] = [wordsA, wordsB].map((words) =>
    words.map((word) => (normalize ? unit(vectors.vector(word)) : vectors.vector(word))),
  );
  const costs = new Float64Array(rowsA.length * rowsB.length);
  let all = 0;
  for (const [i, rowA] of rowsA.entries()) {
    for (const [j, rowB] of rowsB.entries()) {
      const distance = norm(rowA.map((value, k) => value - rowB[k]));
      costs[i * rowsB.length + j] = distance;
      all += distance;
    }
  }
  if (all < 1e-8) return Infinity;
  // Times the other text's length the masses are whole numbers.
  const supply = [...bagA.counts.values()].map((count) => count * bagB.total);
  const demand = [...bagB.counts.values()].map((count) => count * bagA.total);
  return transportCost({ supply, demand, costs }) / (bagA.total * bagB.total);
}

function bag(vectors: WordVectors, words: readonly string[]): { counts: Map<string, number>; total: number } {
  const counts = new Map<string, number>();
  let total = 0;
  for (const word of words) {
    if (!vectors.has(word)) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total += 1;
  }
  return { counts, total };
}
