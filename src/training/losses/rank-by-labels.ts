/** The loss that CoSENT and AnglE share: a pair with a higher label is to have a higher score than one with a lower label. */

/**
 * log(1 + Σ exp(sᵢ − sⱼ)) over all i, j with labelᵢ < labelⱼ, and its derivative by each score. Reference: sentence-transformers 6.2 `CoSENTLoss`, which sums
 * over the sorted scores; differs: labels of one value give the loss 0 without a derivative, as there.
 */
export function rankByLabels(
  scores: Float64Array,
  labels: ArrayLike<number>,
): { value: number; derivative: Float64Array } {
  const count = scores.length;
  let most = 0;
  for (let i = 0; i < count; i += 1)
    for (let j = 0; j < count; j += 1) if (labels[i] < labels[j]) most = Math.max(most, scores[i] - scores[j]);
  let sum = Math.exp(-most);
  const derivative = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1) {
      if (!(labels[i] < labels[j])) continue;
      const part = Math.exp(scores[i] - scores[j] - most);
      sum += part;
      derivative[i] += part;
      derivative[j] -= part;
    }
  }
  return { value: most + Math.log(sum), derivative: derivative.map((each) => each / sum) };
}
