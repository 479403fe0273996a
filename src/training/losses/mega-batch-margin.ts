/**
 * MegaBatchMargin (Wieting and Gimpel 2018): each positive above one margin, and of a large batch the one negative that is nearest below another.
 * Reference: sentence-transformers 6.2 `MegaBatchMarginLoss`; large batches go in small memory with gradCache().
 */
import { Matrix } from "../../matrix/index.ts";
import { checkColumns, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { cosinesOf } from "./score-batch.ts";

/** Columns: anchor and positive. Cosines of pairs are to be at least `positiveMargin` (default 0.8), of others at most `negativeMargin` (0.3). */
export function megaBatchMargin({
  positiveMargin = 0.8,
  negativeMargin = 0.3,
}: { positiveMargin?: number; negativeMargin?: number } = {}): Loss {
  const name = "MegaBatchMargin";
  return {
    name,
    evaluate(columns) {
      checkColumns(columns, { name, columns: "anchor and positive", least: 2 });
      const { rows } = columns[0];
      const cosines = cosinesOf(columns[0], columns[1]);
      const derivative = Matrix.zeros(rows, rows);
      let value = 0;
      for (let i = 0; i < rows; i += 1) {
        const row = cosines.values.row(i);
        let nearest = -1;
        for (let j = 0; j < rows; j += 1) if (j !== i && (nearest < 0 || row[j] > row[nearest])) nearest = j;
        const missing = Math.max(0, positiveMargin - row[i]);
        const excess = nearest < 0 ? 0 : Math.max(0, row[nearest] - negativeMargin);
        value += (missing + excess) / rows;
        if (missing > 0) derivative.row(i)[i] -= 1 / rows;
        if (excess > 0) derivative.row(i)[nearest] += 1 / rows;
      }
      const gradients = zerosLike(columns);
      cosines.back(derivative, gradients[0], gradients[1]);
      return { value, gradients };
    },
  };
}
