/** The softmax of some scores with its logarithms; a score of −Infinity has probability 0. */
export function softmaxOf(scores: readonly number[]): { probability: number; log: number }[] {
  const most = Math.max(...scores);
  const total = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0)) + most;
  return scores.map((score) => ({ probability: Math.exp(score - total), log: score - total }));
}
