/**
 * The vectors of gensim's FastText pickles: only a word's own row and the rows of its n-grams are saved, a word's vector is their mean; a
 * word that is not in the vocabulary has the mean of its n-grams' rows.
 * Reference: gensim 4.4, `FastTextKeyedVectors.adjust_vectors` and `get_vector`.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { NgramTable } from "../tables/ngram-table.ts";

export interface GensimFastTextParts {
  words: readonly string[];
  /** The words' own rows, [words, columns]. */
  own: Matrix;
  /** The rows of the n-grams, [buckets, columns]. */
  ngrams: Matrix;
  minN: number;
  maxN: number;
}

/** Throws `mismatch` when words and n-grams differ in dimensions. */
export function composeFastText({ words, own, ngrams, minN, maxN }: GensimFastTextParts): {
  vectors: Matrix;
  subwords: NgramTable;
} {
  if (own.columns !== ngrams.columns) {
    const message = `Words of ${own.columns} and n-grams of ${ngrams.columns} dimensions do not belong together.`;
    throw new SemspaceError("mismatch", message);
  }
  const all = Int32Array.from({ length: ngrams.rows }, (_, bucket) => bucket);
  const parts = { table: ngrams, used: all, rows: all, buckets: ngrams.rows, minN, maxN, unused: "zeros" } as const;
  const subwords = new NgramTable(parts);
  const vectors = Matrix.zeros(words.length, own.columns);
  for (const [i, word] of words.entries()) {
    const sum = Float64Array.from(own.row(i));
    const count = subwords.addTo(word, sum) + 1;
    vectors.data.set(
      sum.map((value) => value / count),
      i * own.columns,
    );
  }
  return { vectors, subwords };
}
