/**
 * Principal components by the eigenvectors of the covariance matrix (dimensions × dimensions), in double precision:
 * the same components as scikit-learn's `PCA(svd_solver="full")`, without a singular value decomposition of all rows.
 * Differs: singular values are squared on the way, so components whose variance is below 1e-12 of the largest are noise.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { Matrix } from "./matrix.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

export interface Pca {
  /** Mean of the fitted rows: dimensions. */
  readonly mean: Float64Array;
  /** Row i is component i, a unit vector: components × dimensions. */
  readonly components: Float64Array;
  /** Variance along each component, largest first, and its share of the whole. */
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
}

/**
 * Fits `components` principal components to the rows, their signs as scikit-learn's svd_flip makes them (the largest value of
 * each is positive). With `centred: false` nothing is subtracted: directions of the largest squares, `mean` is zeros. Throws `invalid-argument` for fewer than two rows or too many components.
 */
export function fitPca(matrix: Matrix, { components, centred = true }: { components: number; centred?: boolean }): Pca {
  const { rows, columns } = matrix;
  wholeNumber("components", components, 1);
  if (rows < 2 || components > Math.min(rows, columns)) {
    throw new SemspaceError(
      "invalid-argument",
      `Cannot take ${components} components of ${rows} vectors of ${columns} dimensions. Use at most ${Math.min(rows, columns)}, and 2 vectors or more.`,
    );
  }
  const mean = centred ? columnMeans(matrix) : new Float64Array(columns);
  const { values, vectors } = symmetricEigen(covariance(matrix, mean), columns);
  const variances = values.map((value) => Math.max(value, 0));
  const whole = variances.reduce((sum, value) => sum + value, 0);
  const pca: Pca = {
    mean,
    components: vectors.slice(0, components * columns),
    explainedVariance: variances.slice(0, components),
    explainedVarianceRatio: variances.slice(0, components).map((value) => (whole > 0 ? value / whole : 0)),
  };
  for (let i = 0; i < components; i += 1) makeLargestPositive(pca.components.subarray(i * columns, (i + 1) * columns));
  return pca;
}

/** Coordinates of the rows along the first `components` (default: all): [rows, components]. Throws `mismatch` for rows of another length. */
export function projectPca(
  pca: Pca,
  matrix: Matrix,
  { components = pca.explainedVariance.length }: { components?: number } = {},
): Matrix {
  if (matrix.columns !== pca.mean.length) {
    throw new SemspaceError(
      "mismatch",
      `The components are for ${pca.mean.length} dimensions, the vectors have ${matrix.columns}.`,
    );
  }
  const projected = Matrix.zeros(matrix.rows, components);
  const scores = new Float64Array(components);
  for (let i = 0; i < matrix.rows; i += 1) {
    project(pca, matrix.row(i), scores);
    projected.data.set(scores, i * components);
  }
  return projected;
}

/** Flips columns, in place, so that the largest value of each is positive: model2vec's rule for the signs of projections. */
export function orientColumns(projected: Matrix): Matrix {
  const { data, columns } = projected;
  for (let j = 0; j < columns; j += 1) {
    let largest = 0;
    for (let i = j; i < data.length; i += columns) if (Math.abs(data[i]) > Math.abs(largest)) largest = data[i];
    if (largest < 0) for (let i = j; i < data.length; i += columns) data[i] *= -1;
  }
  return projected;
}

function columnMeans({ data, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i += columns) for (let j = 0; j < columns; j += 1) mean[j] += data[i + j];
  return mean.map((sum) => sum / rows);
}

/** Four rows at a time, so that each sum is loaded and stored once for four products; then the upper half is mirrored. */
function covariance({ data, rows, columns: d }: Matrix, mean: Float64Array): Float64Array {
  const sums = new Float64Array(d * d);
  const block = new Float64Array(4 * d);
  const [x0, x1, x2, x3] = [0, 1, 2, 3].map((i) => block.subarray(i * d, (i + 1) * d));
  for (let start = 0; start < rows; start += 4) {
    block.fill(0);
    const count = Math.min(4, rows - start);
    for (let k = 0; k < count * d; k += 1) block[k] = data[start * d + k] - mean[k % d];
    for (let i = 0; i < d; i += 1) {
      const [a0, a1, a2, a3] = [x0[i], x1[i], x2[i], x3[i]];
      const sum = sums.subarray(i * d, i * d + i + 1);
      for (let j = 0; j <= i; j += 1) sum[j] += a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
    }
  }
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) sums[j * d + i] = sums[i * d + j] /= rows - 1;
  }
  return sums;
}

/** Four components at a time, for the reason of {@link covariance}. */
function project({ mean, components }: Pca, row: Float32Array, scores: Float64Array): void {
  const d = mean.length;
  const centred = mean.map((value, j) => row[j] - value);
  for (let i = 0; i < scores.length; i += 4) {
    const [c0, c1, c2, c3] = [0, 1, 2, 3].map((k) => Math.min(i + k, scores.length - 1) * d);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < d; j += 1) {
      const x = centred[j];
      s0 += components[c0 + j] * x;
      s1 += components[c1 + j] * x;
      s2 += components[c2 + j] * x;
      s3 += components[c3 + j] * x;
    }
    // Writes beyond the last component fall outside the array and are dropped.
    scores[i] = s0;
    scores[i + 1] = s1;
    scores[i + 2] = s2;
    scores[i + 3] = s3;
  }
}

function makeLargestPositive(component: Float64Array): void {
  const largest = component.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  if (largest < 0) for (let j = 0; j < component.length; j += 1) component[j] *= -1;
}
