/** Which words stand in the middle of a list and which does not belong: gensim's `rank_by_centrality` and `doesnt_match`. */
import { SemspaceError } from "../../errors.ts";
import { dot } from "../tables/vector-table.ts";
import type { WordVectors } from "../word-vectors.ts";
import type { Neighbor } from "./most-similar.ts";
import { meanVector } from "./mean-vector.ts";

/**
 * The words by their similarity to the unit mean of all of them, best first, of equal ones the later in the alphabet first.
 * Words without a vector are left out. Throws `invalid-argument` when none has one.
 */
export function rankByCentrality(
  vectors: WordVectors,
  words: readonly string[],
  { normalize = true }: { normalize?: boolean } = {},
): Neighbor[] {
  const known = words.filter((word) => vectors.has(word));
  if (known.length === 0) {
    const message = `None of the ${words.length} words has a vector: ${words.slice(0, 5).join(", ")}.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const rows = known.map((word) => vectors.vector(word, { normalize }));
  const mean = meanVector(vectors, rows, { normalize: true });
  return known
    .map((word, i) => ({ word, similarity: dot(rows[i], mean) }))
    .sort((a, b) => b.similarity - a.similarity || (a.word < b.word ? 1 : -1));
}
