/**
 * The vectors of gensim's FastText pickles: only a word's own row and the rows of its n-grams are saved, a word's vector is their mean; a
 * word that is not in the vocabulary has the mean of its n-grams' rows.
 * Reference: gensim 4.4, `FastTextKeyedVectors.adjust_vectors` and `get_vector`.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { eachNgram, marked } from "../fasttext/ngrams.ts";
import type { SubwordTable } from "../tables/vector-table.ts";

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
  subwords: SubwordTable;
} {
  if (own.columns !== ngrams.columns) {
    const message = `Words of ${own.columns} and n-grams of ${ngrams.columns} dimensions do not belong together.`;
    throw new SemspaceError("mismatch", message);
  }
  const encoder = new TextEncoder();
  /** Adds the rows of a word's n-grams to `sum`; gives how many there are. */
  const addNgrams = (word: string, sum: Float64Array): number => {
    let count = 0;
    eachNgram(marked(encoder.encode(word)), { minN, maxN, buckets: ngrams.rows }, (bucket) => {
      const row = ngrams.row(bucket);
      for (let k = 0; k < row.length; k += 1) sum[k] += row[k];
      count += 1;
    });
    return count;
  };
  const vectors = Matrix.zeros(words.length, own.columns);
  for (const [i, word] of words.entries()) {
    const sum = Float64Array.from(own.row(i));
    const count = addNgrams(word, sum) + 1;
    vectors.data.set(
      sum.map((value) => value / count),
      i * own.columns,
    );
  }
  const subwords: SubwordTable = {
    vector(word) {
      const sum = new Float64Array(own.columns);
      const count = addNgrams(word, sum);
      return count === 0 ? undefined : Float32Array.from(sum, (value) => value / count);
    },
  };
  return { vectors, subwords };
}
