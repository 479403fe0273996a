/** CrossEntropy: the softmax of a row's scores is to be at its class. Reference: sentence-transformers 6.2 `CrossEntropyLoss`. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { softmaxOf } from "./softmax-of.ts";

/** For cross-encoders. Column: scores [pairs, classes]; labels: the class of each pair, from 0 on. */
export function crossEntropy(): Loss {
  const name = "CrossEntropy";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "of scores", least: 1 });
      const [scores] = columns;
      const labels = checkLabels(given, name, [scores.rows, 1]);
      const gradients = zerosLike(columns);
      let value = 0;
      for (let i = 0; i < scores.rows; i += 1) {
        const label = wholeNumber("A label of CrossEntropy", labels[i]);
        if (label >= scores.columns)
          throw new SemspaceError("mismatch", `${name} has ${scores.columns} classes, got label ${label}.`);
        const chances = softmaxOf(Array.from(scores.row(i)));
        value -= chances[label].log / scores.rows;
        for (const [c, { probability }] of chances.entries())
          gradients[0].row(i)[c] = (probability - (c === label ? 1 : 0)) / scores.rows;
      }
      return { value, gradients };
    },
  };
}
