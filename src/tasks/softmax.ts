/** Probabilities that sum to 1, in place. */
export function softmax(logits: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const value of logits) if (value > highest) highest = value;
  let total = 0;
  for (let i = 0; i < logits.length; i += 1) {
    logits[i] = Math.exp(logits[i] - highest);
    total += logits[i];
  }
  for (let i = 0; i < logits.length; i += 1) logits[i] /= total;
  return logits;
}
