/**
 * Other word vectors made of given ones: gensim's `add_vectors`, `vectors_for_all`, `intersect_word2vec_format`,
 * `sort_by_descending_frequency`, `unit_normalize_all`. Differs: the given ones are left as they are.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix, normalized } from "../../matrix/index.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { selectRows } from "../tables/select-rows.ts";
import { asMatrix } from "../tables/vector-table.ts";
import { WordVectors } from "../word-vectors.ts";

export interface AddOptions {
  /** Give words that are there already the new vectors; else they keep the old ones. Default false. */
  replace?: boolean | undefined;
  /** Counts of the words, where the given word vectors have them. Default 0. */
  counts?: ArrayLike<number> | undefined;
}

/** With more words at the end. Throws `mismatch` for other dimensions or another number of vectors than words. */
export function withVectors(
  vectors: WordVectors,
  words: readonly string[],
  { data, rows, columns }: Matrix,
  { replace = false, counts }: AddOptions = {},
): WordVectors {
  if (rows !== words.length || columns !== vectors.dimensions) {
    const message = `${words.length} words need as many vectors of ${vectors.dimensions} dimensions, got ${rows} of ${columns}.`;
    throw new SemspaceError("mismatch", message);
  }
  const all = [...vectors.words];
  const index = new Map(all.map((word, i) => [word, i]));
  const source: number[] = []; // of all words: the row of `data`, or none for the old vector
  for (const [i, word] of words.entries()) {
    const at = index.get(word);
    if (at === undefined) {
      index.set(word, all.length);
      source[all.length] = i;
      all.push(word);
    } else if (replace) source[at] = i;
  }
  const table = Matrix.zeros(all.length, columns);
  table.data.set(asMatrix(vectors.table).data);
  source.forEach((row, at) => table.data.set(data.subarray(row * columns, (row + 1) * columns), at * columns));
  const old = vectors.counts;
  const allCounts =
    old && Float64Array.from(all, (_, at) => (at in source ? (counts?.[source[at]] ?? old[at] ?? 0) : old[at]));
  return new WordVectors(all, table, { counts: allCounts, subwords: vectors.subwords });
}

/** Only these words, in this order, each once; with `infer` also those that only the subwords know. Others are left out. */
export function subset(
  vectors: WordVectors,
  words: Iterable<string>,
  { infer = true }: { infer?: boolean } = {},
): WordVectors {
  const kept = [...new Set(words)].filter((word) => (infer ? vectors.has(word) : vectors.indexOf(word) >= 0));
  const rows = kept.map((word) => vectors.indexOf(word));
  const table = rows.includes(-1) ? vectors.vectorsOf(kept) : selectRows(vectors.table, rows);
  const counts = vectors.counts && Float64Array.from(rows, (row) => vectors.counts![row] ?? 0);
  return new WordVectors(kept, table, { counts });
}

/** The words of `vectors`, with the vectors of `other` where that has the word. Throws `mismatch` for other dimensions. */
export function intersect(vectors: WordVectors, other: WordVectors): WordVectors {
  const shared = vectors.words.filter((word) => other.indexOf(word) >= 0);
  return withVectors(vectors, shared, subset(other, shared).vectors, { replace: true });
}

/** Every row scaled to length 1 (a row of zeros stays): gensim's `unit_normalize_all`. */
export function unitVectors({ words, table, counts, subwords }: WordVectors): WordVectors {
  return new WordVectors(words, normalized(asMatrix(table)), { counts, subwords });
}

/** With the counts of a vocabulary, as files of vectors do not hold them; 0 for a word that it does not have. */
export function withCounts({ words, table, subwords }: WordVectors, vocabulary: Vocabulary): WordVectors {
  const counts = Float64Array.from(words, (word) => vocabulary.count(word));
  return new WordVectors(words, table, { counts, subwords });
}

/** By falling count; of equal counts the later word comes first, as in gensim. Throws `invalid-argument` without counts. */
export function sortedByCount(vectors: WordVectors): WordVectors {
  const { counts, words } = vectors;
  if (!counts) throw new SemspaceError("invalid-argument", "These word vectors have no counts to be sorted by.");
  const order = words.map((_, i) => i).sort((a, b) => counts[b] - counts[a] || b - a);
  return new WordVectors(
    order.map((i) => words[i]),
    selectRows(vectors.table, order),
    { counts: order.map((i) => counts[i]), subwords: vectors.subwords },
  );
}
