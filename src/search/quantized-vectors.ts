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

/** The cosine of `query` with each row of codes: [rows]; 0 with a row of zeros. */
export function cosines(query: Float32Array, codes: Int8Array): Float32Array {
  const dimensions = query.length;
  const scores = new Float32Array(dimensions === 0 ? 0 : codes.length / dimensions);
  let squares = 0;
  for (let i = 0; i < dimensions; i += 1) squares += query[i] * query[i];
  const queryLength = Math.sqrt(squares);
  for (let row = 0, start = 0; row < scores.length; row += 1, start += dimensions) {
    let product = 0;
    let square = 0;
    for (let i = 0; i < dimensions; i += 1) {
      const code = codes[start + i];
      product += query[i] * code;
      square += code * code;
    }
    scores[row] = square > 0 && queryLength > 0 ? product / (Math.sqrt(square) * queryLength) : 0;
  }
  return scores;
}
