/**
 * model2vec's first cut of a long text, before tokenising: max_length × median token length, in code points
 * (Python's `sentence[:m]`), so that a text of a megabyte costs no more than its first 512 tokens.
 */

/** The median of the tokens' lengths in code points, rounded down (numpy's median, then int). */
export function medianTokenLength(tokens: Iterable<string>): number {
  const counts: number[] = [];
  let total = 0;
  for (const token of tokens) {
    const length = codePoints(token);
    counts[length] = (counts[length] ?? 0) + 1;
    total += 1;
  }
  if (total === 0) return 0;
  return Math.floor((nth(counts, (total - 1) >> 1) + nth(counts, total >> 1)) / 2);
}

/** The first `count` code points of the text. */
export function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken += 1) end += isPair(text, end) ? 2 : 1;
  return end < text.length ? text.slice(0, end) : text;
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i += 1) if (isPair(text, i)) count -= 1;
  return count;
}

function isPair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

/** The value at position `n` of the sorted values that `counts` counts. */
function nth(counts: readonly number[], n: number): number {
  let before = 0;
  for (let value = 0; value < counts.length; value += 1) {
    before += counts[value] ?? 0;
    if (before > n) return value;
  }
  return 0;
}
