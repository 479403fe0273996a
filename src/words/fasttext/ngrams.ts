/**
 * fastText's hashes of words, character n-grams and word n-grams (Bojanowski et al. 2017, Joulin et al. 2017).
 *
 * FNV-1a with a flaw that all published models share: a byte of 0x80 and above is extended with its sign before the xor.
 */

export const LESS = 0x3c;
export const GREATER = 0x3e;
const OFFSET = 0x811c9dc5;
const PRIME = 16777619;
const WORD_FACTOR = 116049371;

/** The hash of bytes `from … to`, as an unsigned 32-bit number. */
export function hashBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  let hash = OFFSET | 0;
  for (let i = from; i < to; i += 1) hash = step(hash, bytes[i]);
  return hash >>> 0;
}

/**
 * Gives the bucket of every character n-gram of `<word>`: UTF-8 characters are not cut, a mark alone is none, and the whole
 * marked word is one where it is short enough. `marked` holds the word between its marks.
 */
export function eachNgram(
  marked: Uint8Array,
  { minN, maxN, buckets }: { minN: number; maxN: number; buckets: number },
  emit: (bucket: number) => void,
): void {
  if (buckets < 1) return;
  const length = marked.length;
  for (let i = 0; i < length; i += 1) {
    if ((marked[i] & 0xc0) === 0x80) continue;
    let hash = OFFSET | 0;
    for (let j = i, n = 1; j < length && n <= maxN; n += 1) {
      do {
        hash = step(hash, marked[j]);
        j += 1;
      } while (j < length && (marked[j] & 0xc0) === 0x80);
      if (n >= minN && !(n === 1 && (i === 0 || j === length))) emit((hash >>> 0) % buckets);
    }
  }
}

/** `<word>` as bytes. */
export function marked(word: Uint8Array): Uint8Array {
  const out = new Uint8Array(word.length + 2);
  out[0] = LESS;
  out.set(word, 1);
  out[out.length - 1] = GREATER;
  return out;
}

/**
 * Gives the bucket of every run of 2 … `longest` words, given the words' hashes (`count` of them, read as signed numbers):
 * h ← h × 116049371 + next, in 64 bits, then modulo `buckets`. 64-bit numbers are held as two halves; BigInt is ten times slower.
 */
export function eachWordNgram(
  hashes: ArrayLike<number>,
  { count, longest, buckets }: { count: number; longest: number; buckets: number },
  emit: (bucket: number) => void,
): void {
  if (buckets < 1) return;
  for (let i = 0; i < count; i += 1) {
    let low = hashes[i] >>> 0;
    let high = (hashes[i] | 0) < 0 ? 0xffffffff : 0;
    for (let j = i + 1; j < count && j < i + longest; j += 1) {
      const first = (low & 0xffff) * WORD_FACTOR;
      const second = (low >>> 16) * WORD_FACTOR;
      const sum = first + (second % 65536) * 65536 + (hashes[j] >>> 0);
      const sign = (hashes[j] | 0) < 0 ? -1 : 0;
      high = (Math.imul(high, WORD_FACTOR) + Math.floor(second / 65536) + Math.floor(sum / 4294967296) + sign) >>> 0;
      low = sum >>> 0;
      emit(modulo(high, low, buckets));
    }
  }
}

/** xor with the sign-extended byte, then the prime. */
function step(hash: number, byte: number): number {
  return Math.imul(hash ^ ((byte << 24) >> 24), PRIME);
}

function modulo(high: number, low: number, divisor: number): number {
  const upper = ((high % divisor) * 65536 + (low >>> 16)) % divisor;
  return (upper * 65536 + (low & 0xffff)) % divisor;
}
