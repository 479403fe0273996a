/** Lucene's English stop words (the list that bm25s uses too): so frequent that they tell texts apart no more. */
export const englishStopWords: readonly string[] =
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  );
