/**
 * Contrastive (Hadsell et al. 2006): alike pairs are drawn together, others pushed apart as far as the margin. Reference: sentence-transformers 6.2
 * `ContrastiveLoss`. Differs: euclidean distances without torch's 1e-6 in every difference.
 */
import { SemspaceError } from "../../errors.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import { type DistanceOptions, distancesOfPairs } from "./distance.ts";
import type { Loss } from "./loss.ts";

export interface ContrastiveOptions extends DistanceOptions {
  /** How far apart pairs with label 0 are to be. Default 0.5. */
  margin?: number;
  /** Whether the pairs' losses are averaged or summed. Default "mean". */
  reduction?: "mean" | "sum";
}

/** Columns: two texts; labels: 1 for pairs that are alike, 0 for others, or how much in between. */
export function contrastive({ distance = "cosine", margin = 0.5, reduction = "mean" }: ContrastiveOptions = {}): Loss {
  const name = "Contrastive";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const { rows } = columns[0];
      const labels = checkLabels(given, name, [rows, 1]);
      const outside = labels.findIndex((label) => !(label >= 0 && label <= 1));
      if (outside >= 0)
        throw new SemspaceError("invalid-argument", `${name} needs labels from 0 to 1, got ${labels[outside]}.`);
      const share = reduction === "mean" ? 1 / rows : 1;
      const distances = distancesOfPairs(columns[0], columns[1], distance);
      let value = 0;
      const derivative = distances.values.map((far, i) => {
        const missing = Math.max(0, margin - far);
        value += share * 0.5 * (labels[i] * far ** 2 + (1 - labels[i]) * missing ** 2);
        return share * (labels[i] * far - (1 - labels[i]) * missing);
      });
      const gradients = zerosLike(columns);
      distances.back(derivative, gradients[0], gradients[1]);
      return { value, gradients };
    },
  };
}
