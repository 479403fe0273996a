/**
 * How well groups fit: for each row (b − a) / max(a, b), with a its mean distance to its own group and b to the nearest other one; 0 for a
 * row alone in its group. Rousseeuw 1987; as scikit-learn's `silhouette_score` with precomputed distances.
 */

/** The mean over all rows, −1 … 1; 0 for a single group. `distances` is n × n, row-major; `labels` are 0, 1, 2 … */
export function silhouette(distances: Float64Array, labels: Int32Array): number {
  const n = labels.length;
  const sizes = new Uint32Array(labels.reduce((most, label) => Math.max(most, label), -1) + 1);
  for (const label of labels) sizes[label] += 1;
  if (sizes.length < 2) return 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const sums = new Float64Array(sizes.length);
    for (let j = 0; j < n; j += 1) sums[labels[j]] += distances[i * n + j];
    const own = sizes[labels[i]];
    if (own === 1) continue;
    const inside = sums[labels[i]] / (own - 1);
    const outside = sums.reduce(
      (least, sum, label) => (label === labels[i] ? least : Math.min(least, sum / sizes[label])),
      Infinity,
    );
    if (inside !== outside) total += (outside - inside) / Math.max(inside, outside);
  }
  return total / n;
}
