/** Bytes with every occurrence of a text replaced by another of the same length; no decoder of a runtime keeps all bytes as they are. */
export function replacedBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const [old, fresh] = [from, to].map((text) => new TextEncoder().encode(text));
  const changed = bytes.slice();
  for (let at = 0; at + old.length <= bytes.length; at += 1) {
    if (old.every((byte, i) => bytes[at + i] === byte)) changed.set(fresh, at);
  }
  return changed;
}
