/** ListNet (Cao et al. 2007): the softmax of a query's scores is to be that of its labels. Reference: sentence-transformers 6.2 `ListNetLoss`. */
import { zerosLike } from "./check-batch.ts";
import { listedScores } from "./listed-scores.ts";
import type { Loss } from "./loss.ts";
import { softmaxOf } from "./softmax-of.ts";

/** For cross-encoders. Column: scores [queries, documents]; labels: how relevant each document is, −Infinity where there is none. */
export function listNet(): Loss {
  const name = "ListNet";
  return {
    name,
    evaluate(columns, given) {
      const queries = listedScores(columns, given, name);
      const gradients = zerosLike(columns);
      let value = 0;
      for (const { row, documents, scores, labels } of queries) {
        const own = softmaxOf(scores);
        const wanted = softmaxOf(labels);
        for (const [d, column] of documents.entries()) {
          value -= (wanted[d].probability * own[d].log) / queries.length;
          gradients[0].row(row)[column] = (own[d].probability - wanted[d].probability) / queries.length;
        }
      }
      return { value, gradients };
    },
  };
}
