/**
 * The loss of token learning: each vector points where its target points, and has the same neighbours in the batch.
 *
 *   mean of (1 − cos(vector, target)) + weight · mean of KL(p ‖ q), p and q the softmax of a row's cosines / temperature, itself left out
 *
 * The second part is relational distillation (Park et al. 2019; Fang et al. 2021, "SEED"). Reference for the first: Tokenlearn of model2vec, which takes
 * the squared error. With several `dimensions` both parts are also asked of the first dimensions alone (Matryoshka, Kusupati et al. 2022): the
 * cosine to the target's first dimensions, the neighbours to the whole target's.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Loss, LossResult } from "../losses/loss.ts";
import { NeighbourDistribution } from "./neighbour-distribution.ts";

export interface TokenLearningLossOptions {
  /** Weight of the neighbours. Default 0.3; 0 leaves them out. */
  neighbours?: number;
  /** Default 0.1. */
  temperature?: number;
  /** Prefixes that must do as well, with the whole. Default: the whole alone. */
  dimensions?: readonly number[];
}

/** Columns: one, the vectors. Labels: the targets, rows × dimensions. Throws `mismatch` for targets of another shape, `invalid-argument` for options out of range. */
export function tokenLearningLoss(options: TokenLearningLossOptions = {}): Loss {
  const { neighbours = 0.3, temperature = 0.1, dimensions } = options;
  if (!(neighbours >= 0) || !(temperature > 0)) {
    throw new SemspaceError(
      "invalid-argument",
      `neighbours must be at least 0 and temperature above 0, got ${neighbours} and ${temperature}.`,
    );
  }
  return {
    name: "TokenLearning",
    evaluate([vectors, ...more], labels) {
      if (more.length > 0 || labels?.length !== vectors.data.length) {
        throw new SemspaceError(
          "mismatch",
          `TokenLearning takes one column and a target of ${vectors.columns} values a row, got ${more.length + 1} columns and ${labels?.length ?? 0} values for ${vectors.rows} rows.`,
        );
      }
      const targets = new Matrix(Float32Array.from(labels), vectors.rows, vectors.columns);
      return evaluate(vectors, targets, { neighbours, temperature, dimensions: dimensions ?? [vectors.columns] });
    },
  };
}

function evaluate(vectors: Matrix, targets: Matrix, options: Required<TokenLearningLossOptions>): LossResult {
  const { neighbours, temperature, dimensions } = options;
  const whole = unit(targets, targets.columns);
  const wanted = neighbours > 0 && vectors.rows > 2 ? new NeighbourDistribution(whole.rows, temperature) : undefined;
  const gradient = Matrix.zeros(vectors.rows, vectors.columns);
  let value = 0;
  for (const size of dimensions) {
    const own = unit(vectors, size);
    const target = size === targets.columns ? whole : unit(targets, size);
    const byRows = Matrix.zeros(vectors.rows, size);
    value += cosinePart(own.rows, target.rows, byRows) / dimensions.length;
    if (wanted) value += wanted.divergence(own.rows, byRows, neighbours) / dimensions.length;
    throughLength(own, byRows, gradient, 1 / dimensions.length);
  }
  return { value, gradients: [gradient] };
}

interface Units {
  rows: Matrix;
  lengths: Float64Array;
}

/** The first `size` dimensions of each row at length 1; zeros stay zeros. */
function unit(matrix: Matrix, size: number): Units {
  const rows = Matrix.zeros(matrix.rows, size);
  const lengths = new Float64Array(matrix.rows);
  for (let i = 0; i < matrix.rows; i += 1) {
    const from = matrix.row(i);
    let sum = 0;
    for (let j = 0; j < size; j += 1) sum += from[j] * from[j];
    const length = Math.max(Math.sqrt(sum), 1e-12);
    lengths[i] = length;
    const to = rows.row(i);
    for (let j = 0; j < size; j += 1) to[j] = from[j] / length;
  }
  return { rows, lengths };
}

/** Mean of 1 − cosine; adds its derivative by the unit vectors. */
function cosinePart(own: Matrix, target: Matrix, gradient: Matrix): number {
  let sum = 0;
  for (let k = 0; k < own.data.length; k += 1) {
    sum += own.data[k] * target.data[k];
    gradient.data[k] -= target.data[k] / own.rows;
  }
  return 1 - sum / own.rows;
}

/** From the derivative by a unit vector to that by the vector itself: what lies along it is lost, the rest is over its length. */
function throughLength({ rows, lengths }: Units, byUnits: Matrix, gradient: Matrix, share: number): void {
  for (let i = 0; i < rows.rows; i += 1) {
    const [own, by, out] = [rows.row(i), byUnits.row(i), gradient.row(i)];
    let along = 0;
    for (let j = 0; j < own.length; j += 1) along += by[j] * own[j];
    const factor = share / lengths[i];
    for (let j = 0; j < own.length; j += 1) out[j] += factor * (by[j] - along * own[j]);
  }
}
