/** The words of a text, as word vectors are usually made of them. */

/** Scripts that are written without spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Letters, marks and digits, also with an apostrophe, hyphen or underscore inside. */
const word = /[\p{L}\p{M}\p{N}]+(?:['’_-][\p{L}\p{M}\p{N}]+)*/gu;

/**
 * Splits where Unicode's letters and digits end; texts in scripts without spaces by `Intl.Segmenter`.
 *
 * @example
 * wordsOfText("It's a well-known song, isn't it?"); // ["It's", "a", "well-known", "song", "isn't", "it"]
 */
export function wordsOfText(text: string): string[] {
  if (!unspaced.test(text)) return text.match(word) ?? [];
  const segments = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)];
  return segments.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}
