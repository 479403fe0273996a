/** Bytes and float32 values that fixtures hold as base64. */

export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Little endian, as test/golden/*.py write them. */
export function floatsOfBase64(text: string): Float32Array {
  const { buffer } = bytesOfBase64(text);
  return new Float32Array(buffer);
}
