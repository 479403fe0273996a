/** How often a word is looked at: subsampling of frequent words, and the distribution from which negatives are drawn. */

/**
 * For each word the chance to stay, as a 32-bit threshold: √(t/f) + t/f with f the word's share of the corpus (word2vec.c).
 * A threshold of 2³² − 1 means always. `sample` 0 keeps everything.
 */
export function keepThresholds(counts: Float64Array, sample: number): Uint32Array<ArrayBuffer> {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Uint32Array.from(counts, (count) => {
    const share = sample > 0 && count > 0 ? (sample * total) / count : 1;
    return Math.min(1, Math.sqrt(share) + share) * 0xffffffff;
  });
}

/**
 * Walker's alias table of the distribution count^exponent: pairs (threshold, other word). A slot is drawn evenly; a 32-bit
 * number up to the threshold means the slot itself, above it the other word. Exact to 2⁻³², where word2vec.c has a table of 10⁸ words.
 */
export function aliasTable(counts: Float64Array, exponent: number): Uint32Array<ArrayBuffer> {
  const n = counts.length;
  const weights = Float64Array.from(counts, (count) => (count > 0 ? count ** exponent : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint32Array(n * 2);
  const share = weights.map((weight) => (weight / total) * n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = n - 1; i >= 0; i -= 1) (share[i] < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large.at(-1)!;
    table[less * 2] = share[less] * 0xffffffff;
    table[less * 2 + 1] = more;
    share[more] -= 1 - share[less];
    if (share[more] < 1) small.push(large.pop()!);
  }
  // What rounding has left over is full.
  for (const i of [...small, ...large]) {
    table[i * 2] = 0xffffffff;
    table[i * 2 + 1] = i;
  }
  return table;
}
