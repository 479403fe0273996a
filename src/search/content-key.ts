/**
 * A 53-bit key of a text's content, for caches: two chains of 32-bit multiplications over its UTF-16 units
 * (cyrb53 by bryc, public domain). Not for security. Two of a million texts share a key with a probability of 0.00006,
 * and then one borrows the other's vector.
 */

/** The key, a whole number below 2 ** 53; equal texts have equal keys, on every machine. */
export function contentKey(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  const mixedHigh = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const mixedLow = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(mixedHigh ^ (mixedHigh >>> 13), 3266489909);
  return 4294967296 * (mixedHigh & 0x1fffff) + (mixedLow >>> 0);
}

/** The key as a part of a file's name. */
export function contentName(text: string): string {
  return contentKey(text).toString(36);
}
