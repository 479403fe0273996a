/**
 * AnglE (Li and Li 2024): CoSENT on the angle between vectors that are read as complex numbers, whose derivative does not vanish where the
 * cosine's does. Reference: sentence-transformers 6.2 `AnglELoss`: |cosine + sine|, the two halves of a vector being the real and the imaginary
 * parts; an odd vector gets a 0. Differs: only pairs with labels, no columns of negatives.
 */
import { Matrix } from "../../matrix/index.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { rankByLabels } from "./rank-by-labels.ts";
import { scorePairs } from "./score-pairs.ts";

/** Columns: two texts; labels: how alike they are, of which only the order counts. `scale` is what the angles are multiplied with, default 20. */
export function angle({ scale = 20 }: { scale?: number } = {}): Loss {
  const name = "AnglE";
  return {
    name,
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const labels = checkLabels(given, name, [columns[0].rows, 1]);
      const [a, b] = columns;
      const turned = quarterTurned(b);
      // The sine of x and y is the cosine of x and y turned by a quarter, which is as long as y.
      const cosines = scorePairs(a, b, "cosine");
      const sines = scorePairs(evenWidth(a), turned, "cosine");
      const sums = cosines.values.map((cosine, i) => cosine + sines.values[i]);
      const { value, derivative } = rankByLabels(
        sums.map((sum) => Math.abs(sum) * scale),
        labels,
      );
      const signed = derivative.map((each, i) => each * scale * Math.sign(sums[i]));
      const gradients = zerosLike(columns);
      cosines.back(signed, gradients[0], gradients[1]);
      const [ofA, ofTurned] = zerosLike([turned, turned]);
      sines.back(signed, ofA, ofTurned);
      addTurnedBack(gradients, ofA, ofTurned);
      return { value, gradients };
    },
  };
}

/** (first, last) becomes (−last, first). */
function quarterTurned(matrix: Matrix): Matrix {
  const even = evenWidth(matrix);
  const out = Matrix.zeros(even.rows, even.columns);
  const half = even.columns / 2;
  for (let i = 0; i < even.rows; i += 1) {
    const [row, to] = [even.row(i), out.row(i)];
    for (let k = 0; k < half; k += 1) {
      to[k] = -row[half + k];
      to[half + k] = row[k];
    }
  }
  return out;
}

function evenWidth(matrix: Matrix): Matrix {
  if (matrix.columns % 2 === 0) return matrix;
  const { rows, columns } = matrix;
  const out = Matrix.zeros(rows, columns + 1);
  for (let i = 0; i < rows; i += 1) out.row(i).set(matrix.row(i));
  return out;
}

function addTurnedBack([toA, toB]: readonly Matrix[], ofA: Matrix, ofTurned: Matrix): void {
  const half = ofA.columns / 2;
  for (let i = 0; i < toA.rows; i += 1) {
    const [a, turned] = [ofA.row(i), ofTurned.row(i)];
    for (let k = 0; k < toA.columns; k += 1) {
      toA.row(i)[k] += a[k];
      toB.row(i)[k] += k < half ? turned[half + k] : -turned[k - half];
    }
  }
}
