/**
 * OnlineContrastive: of a batch only the hard pairs count: unlike ones nearer than the farthest alike pair, alike ones farther than the nearest unlike
 * pair. Reference: sentence-transformers 6.2 `OnlineContrastiveLoss`, sums without a half; pairs with labels other than 0 and 1 are ignored.
 */
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import { type DistanceOptions, distancesOfPairs } from "./distance.ts";
import type { Loss } from "./loss.ts";

/** Columns: two texts; labels: 1 for pairs that are alike, 0 for others. `margin` is how far apart those are to be, default 0.5. */
export function onlineContrastive({
  distance = "cosine",
  margin = 0.5,
}: DistanceOptions & { margin?: number } = {}): Loss {
  const name = "OnlineContrastive";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const labels = checkLabels(given, name, [columns[0].rows, 1]);
      const distances = distancesOfPairs(columns[0], columns[1], distance);
      const alike = [...distances.values].filter((_, i) => labels[i] === 1);
      const unlike = [...distances.values].filter((_, i) => labels[i] === 0);
      const farthestAlike = alike.length > 0 ? Math.max(...alike) : mean(unlike);
      const nearestUnlike = unlike.length > 0 ? Math.min(...unlike) : mean(alike);
      let value = 0;
      const derivative = distances.values.map((far, i) => {
        if (labels[i] === 1 && far > nearestUnlike) {
          value += far ** 2;
          return 2 * far;
        }
        if (labels[i] !== 0 || far >= farthestAlike) return 0;
        const missing = Math.max(0, margin - far);
        value += missing ** 2;
        return -2 * missing;
      });
      const gradients = zerosLike(columns);
      distances.back(derivative, gradients[0], gradients[1]);
      return { value, gradients };
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
