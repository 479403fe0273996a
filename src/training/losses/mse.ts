/**
 * MSE: vectors are to be those of a teacher. Reference: sentence-transformers 6.2 `MSELoss` (Reimers and Gurevych 2020, for one model in many
 * languages). Differs: no projection to a teacher of another width.
 */
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";

/** Any number of columns; labels: the teacher's vector of each row, one for all columns or one for each. */
export function mse(): Loss {
  const name = "MSE";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "of one or more texts", least: 1, most: Infinity });
      const { rows, columns: width } = columns[0];
      const perColumn = given?.length === rows * width * columns.length;
      const stride = perColumn ? width * columns.length : width;
      const labels = checkLabels(given, name, [rows, stride]);
      const gradients = zerosLike(columns);
      const values = rows * width * columns.length;
      let value = 0;
      for (const [c, { data }] of columns.entries()) {
        const offset = perColumn ? c * width : 0;
        for (let i = 0; i < data.length; i += 1) {
          const error = data[i] - labels[Math.floor(i / width) * stride + offset + (i % width)];
          value += error ** 2 / values;
          gradients[c].data[i] = (2 * error) / values;
        }
      }
      return { value, gradients };
    },
  };
}
