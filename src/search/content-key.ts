/**
 * A 64-bit key of a text's content, for caches: two chains of 32-bit multiplications over its UTF-16 units
 * (after cyrb53 by bryc, public domain, keeping all 64 bits). Not for security: a text made to collide would only
 * borrow another text's vector.
 */

/** The key as 13 characters or fewer; equal texts have equal keys, on every machine. */
export function contentKey(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return keyOf(high >>> 0, low >>> 0);
}

/** A key from its two halves, as a file holds them. */
export function keyOf(high: number, low: number): string {
  return `${high.toString(36)}.${low.toString(36)}`;
}

/** The two halves of a key. */
export function halvesOf(key: string): [high: number, low: number] {
  const [high, low] = key.split(".");
  return [Number.parseInt(high, 36), Number.parseInt(low, 36)];
}
