/** Triplet: an anchor is to be nearer to its positive than to its negative, by the margin. Reference: sentence-transformers 6.2 `TripletLoss`. */
import { checkColumns, zerosLike } from "./check-batch.ts";
import { type DistanceOptions, distancesOfPairs } from "./distance.ts";
import type { Loss } from "./loss.ts";

/** Columns: anchor, positive, negative. `margin` default 5, which is for euclidean distances, the default. */
export function triplet({ distance = "euclidean", margin = 5 }: DistanceOptions & { margin?: number } = {}): Loss {
  const name = "Triplet";
  return {
    name,
    evaluate(columns) {
      checkColumns(columns, { name, columns: "anchor, positive and negative", least: 3 });
      const [anchor, positive, negative] = columns;
      const near = distancesOfPairs(anchor, positive, distance);
      const far = distancesOfPairs(anchor, negative, distance);
      const missing = near.values.map((each, i) => Math.max(0, each - far.values[i] + margin));
      const derivative = missing.map((each) => (each > 0 ? 1 / anchor.rows : 0));
      const gradients = zerosLike(columns);
      near.back(derivative, gradients[0], gradients[1]);
      far.back(
        derivative.map((each) => -each),
        gradients[0],
        gradients[2],
      );
      return { value: missing.reduce((sum, each) => sum + each, 0) / anchor.rows, gradients };
    },
  };
}
