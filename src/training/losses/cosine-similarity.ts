/** CosineSimilarity: the cosine of a pair is to be its label; mean squared error. Reference: sentence-transformers 6.2 `CosineSimilarityLoss`. */
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { scorePairs } from "./score-pairs.ts";

/** Columns: two texts; labels: the cosine that each pair is to have. */
export function cosineSimilarity(): Loss {
  const name = "CosineSimilarity";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const { rows } = columns[0];
      const labels = checkLabels(given, name, [rows, 1]);
      const scores = scorePairs(columns[0], columns[1], "cosine");
      const errors = scores.values.map((score, i) => score - labels[i]);
      const gradients = zerosLike(columns);
      scores.back(
        errors.map((error) => (2 * error) / rows),
        gradients[0],
        gradients[1],
      );
      return { value: errors.reduce((sum, error) => sum + error ** 2, 0) / rows, gradients };
    },
  };
}
