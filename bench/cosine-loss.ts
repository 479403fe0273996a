/** The mean squared difference of cosines and scores, written out for the bench: torch's `mse_loss(cosine_similarity(a, b), score)`. */
import { Matrix } from "../src/matrix/index.ts";
import type { Loss } from "../src/training/losses/loss.ts";

export const cosineLoss: Loss = {
  name: "CosineSimilarity",
  evaluate([a, b], labels) {
    const { rows, columns } = a;
    const gradients = [Matrix.zeros(rows, columns), Matrix.zeros(rows, columns)];
    let value = 0;
    for (let row = 0; row < rows; row += 1) {
      const [x, y] = [a.row(row), b.row(row)];
      const [sizeX, sizeY] = [Math.hypot(...x), Math.hypot(...y)];
      let dot = 0;
      for (let k = 0; k < columns; k += 1) dot += x[k] * y[k];
      const cosine = dot / (sizeX * sizeY);
      const difference = cosine - labels![row];
      value += difference ** 2 / rows;
      const scale = (2 * difference) / rows;
      for (let k = 0; k < columns; k += 1) {
        gradients[0].data[row * columns + k] = scale * (y[k] / (sizeX * sizeY) - (cosine * x[k]) / sizeX ** 2);
        gradients[1].data[row * columns + k] = scale * (x[k] / (sizeX * sizeY) - (cosine * y[k]) / sizeY ** 2);
      }
    }
    return { value, gradients };
  },
};
