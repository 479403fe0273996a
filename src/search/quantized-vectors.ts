/**
 * Unit vectors in one byte a dimension: each is scaled so that its largest value is 127. The scale is not kept, for a cosine
 * does not depend on it. Costs a cosine about 0.002, and a quarter of the memory of float32.
 */

/** Codes of a vector; zeros for the zero vector and for one that is not finite. */
export function encodeDirection(vector: Float32Array): Int8Array {
  const codes = new Int8Array(vector.length);
  let largest = 0;
  for (let i = 0; i < vector.length; i += 1) largest = Math.max(largest, Math.abs(vector[i]));
  if (!(largest > 0) || largest === Infinity) return codes;
  for (let i = 0; i < vector.length; i += 1) codes[i] = Math.round((vector[i] / largest) * 127);
  return codes;
}
