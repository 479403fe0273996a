/**
 * MarginMSE (Hofstätter et al. 2020): the lead of a positive over each negative is to be the teacher's. Reference: sentence-transformers 6.2
 * `MarginMSELoss`.
 */
import type { Measure } from "../../matrix/index.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { scorePairs } from "./score-pairs.ts";

/**
 * Columns: query, positive, and one or more negatives; labels: the teacher's score of the positive less that of each negative, or its scores
 * of the positive and of each negative. `similarity` is how vectors are compared, default "dot".
 */
export function marginMse({ similarity = "dot" }: { similarity?: Measure } = {}): Loss {
  const name = "MarginMSE";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "query, positive and negatives", least: 3, most: Infinity });
      const [query, ...documents] = columns;
      const { rows } = query;
      const negatives = documents.length - 1;
      const hasScores = given?.length === rows * documents.length;
      const labels = checkLabels(given, name, [rows, hasScores ? documents.length : negatives]);
      const scores = documents.map((document) => scorePairs(query, document, similarity));
      const derivatives = documents.map(() => new Float64Array(rows));
      const count = rows * negatives;
      let value = 0;
      for (let i = 0; i < rows; i += 1) {
        for (let n = 1; n <= negatives; n += 1) {
          const wanted = hasScores
            ? labels[i * documents.length] - labels[i * documents.length + n]
            : labels[i * negatives + n - 1];
          const error = scores[0].values[i] - scores[n].values[i] - wanted;
          value += error ** 2 / count;
          derivatives[0][i] += (2 * error) / count;
          derivatives[n][i] -= (2 * error) / count;
        }
      }
      const gradients = zerosLike(columns);
      for (const [d, each] of scores.entries()) each.back(derivatives[d], gradients[0], gradients[d + 1]);
      return { value, gradients };
    },
  };
}
