/**
 * GIST (Solatorio 2024): a ranking loss in which a guide, a better model, says what does not count as a negative: all that it finds nearer to
 * the anchor than the positive is. Reference: sentence-transformers 6.2 `GISTEmbedLoss`. Differs: the guide's vectors come as labels, computed
 * once, instead of a second model at every step.
 */
import { oneOf, wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Labels, Loss } from "./loss.ts";
import { cosinesOf } from "./score-batch.ts";
import { softmaxOf } from "./softmax-of.ts";

export interface GistOptions {
  /** Length of the guide's vectors. */
  guideDimensions: number;
  /** What cosines are divided by. Default 0.01. */
  temperature?: number;
  /** Documents count that the guide finds farther than the positive by the margin, or by that part of the positive's cosine. Default 0. */
  margin?: number;
  /** Default "absolute". */
  marginStrategy?: "absolute" | "relative";
  /** Whether the other anchors, and the other positives of a positive, count too. Default true. */
  contrastAnchors?: boolean;
  contrastPositives?: boolean;
}

/** Columns: anchor, positive, and maybe one negative; labels: the guide's vectors of a row's columns, one after the other. */
export function gist(options: GistOptions): Loss {
  const { temperature = 0.01, margin = 0, contrastAnchors = true, contrastPositives = true } = options;
  const width = wholeNumber("guideDimensions", options.guideDimensions, 1);
  const strategy = oneOf("margin strategy", options.marginStrategy ?? "absolute", ["absolute", "relative"]);
  const name = "GISTEmbed";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "anchor, positive and maybe negative", least: 2, most: 3 });
      const { rows } = columns[0];
      const guides = guideColumns(checkLabels(given, name, [rows, columns.length * width]), columns.length, width);
      const pairs: [number, number][] = [[0, 1]];
      if (contrastAnchors) pairs.push([0, 0]);
      if (contrastPositives) pairs.push([1, 1]);
      if (columns.length === 3) pairs.push([0, 2]);
      const scores = pairs.map(([a, b]) => cosinesOf(columns[a], columns[b]));
      const guided = pairs.map(([a, b]) => cosinesOf(guides[a], guides[b]).values);
      const derivatives = pairs.map(() => Matrix.zeros(rows, rows));
      let value = 0;
      for (let i = 0; i < rows; i += 1) {
        const own = guided[0].row(i)[i];
        const limit = own - (strategy === "absolute" ? margin : Math.abs(own) * margin);
        const row = scores.flatMap(({ values }, p) =>
          Array.from(values.row(i), (score, j) => {
            const isPositive = p === 0 && j === i;
            // A text is as near to itself as can be: the guide leaves it out, as it does what it finds too near.
            return guided[p].row(i)[j] > limit && !isPositive ? -Infinity : score / temperature;
          }),
        );
        const chances = softmaxOf(row);
        value -= chances[i].log / rows;
        for (const [at, { probability }] of chances.entries()) {
          const target = at === i ? 1 : 0;
          derivatives[Math.floor(at / rows)].row(i)[at % rows] = (probability - target) / (rows * temperature);
        }
      }
      const gradients = zerosLike(columns);
      for (const [p, [a, b]] of pairs.entries()) scores[p].back(derivatives[p], gradients[a], gradients[b]);
      return { value, gradients };
    },
  };
}

function guideColumns(labels: Labels, count: number, width: number): Matrix[] {
  const rows = labels.length / (count * width);
  return Array.from({ length: count }, (_, c) => {
    const column = Matrix.zeros(rows, width);
    for (let i = 0; i < rows; i += 1) {
      const from = (i * count + c) * width;
      column.row(i).set(labels.subarray(from, from + width));
    }
    return column;
  });
}
