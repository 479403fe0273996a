/** BinaryCrossEntropy: the sigmoid of a score is to be the label. Reference: sentence-transformers 6.2 `BinaryCrossEntropyLoss`, torch's BCEWithLogitsLoss. */
import { SemspaceError } from "../../errors.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";

/** For cross-encoders. Column: scores [pairs, 1]; labels: from 0 to 1. `positiveWeight` is what label 1 counts, default 1. */
export function binaryCrossEntropy({ positiveWeight = 1 }: { positiveWeight?: number } = {}): Loss {
  const name = "BinaryCrossEntropy";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "of scores", least: 1 });
      const { data } = columns[0];
      const labels = checkLabels(given, name, [data.length, 1]);
      const gradients = zerosLike(columns);
      let value = 0;
      for (const [i, x] of data.entries()) {
        const label = labels[i];
        if (!(label >= 0 && label <= 1))
          throw new SemspaceError("invalid-argument", `${name} needs labels from 0 to 1, got ${label}.`);
        const weight = 1 + (positiveWeight - 1) * label;
        const softplus = Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        value += ((1 - label) * x + weight * softplus) / data.length;
        gradients[0].data[i] = (1 - label - weight / (1 + Math.exp(x))) / data.length;
      }
      return { value, gradients };
    },
  };
}
