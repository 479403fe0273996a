/** CoSENT (Su 2022): pairs are ranked by their cosines as their labels rank them. Reference: sentence-transformers 6.2 `CoSENTLoss`. */
import type { Measure } from "../../matrix/index.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { rankByLabels } from "./rank-by-labels.ts";
import { scorePairs } from "./score-pairs.ts";

export interface CosentOptions {
  /** What similarities are multiplied with. Default 20. */
  scale?: number;
  /** Default "cosine". */
  similarity?: Measure;
}

/** Columns: two texts; labels: how alike they are, of which only the order counts. */
export function cosent({ scale = 20, similarity = "cosine" }: CosentOptions = {}): Loss {
  const name = "CoSENT";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const labels = checkLabels(given, name, [columns[0].rows, 1]);
      const scores = scorePairs(columns[0], columns[1], similarity);
      const { value, derivative } = rankByLabels(
        scores.values.map((score) => score * scale),
        labels,
      );
      const gradients = zerosLike(columns);
      scores.back(
        derivative.map((each) => each * scale),
        gradients[0],
        gradients[1],
      );
      return { value, gradients };
    },
  };
}
