/**
 * Turns the table that a student starts with into the basis of its targets: the rotation that takes the means of the texts nearest to the texts' targets
 * (Procrustes), and one factor for the length. So the first step already starts from what model2vec's distillation knows.
 */
import { type Matrix, orthogonalProcrustes, projectPca } from "../../matrix/index.ts";

/** Rotates and scales `table`, [tokens, d], in place. `means` are some texts' vectors by this table, `targets` what they should be. */
export function alignStart(table: Matrix, { means, targets }: { means: Matrix; targets: Matrix }): void {
  const d = table.columns;
  const rotation = orthogonalProcrustes(means, targets);
  const factor = meanLength(targets) / Math.max(meanLength(means), 1e-12);
  const transposed = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) for (let j = 0; j < d; j += 1) transposed[j * d + i] = factor * rotation[i * d + j];
  table.data.set(projectPca(axes(transposed, d), table).data);
}

/** Rows of `components` as axes through the origin. */
function axes(components: Float64Array, d: number): Parameters<typeof projectPca>[0] {
  return {
    mean: new Float64Array(d),
    components,
    explainedVariance: new Float64Array(d),
    explainedVarianceRatio: new Float64Array(d),
  };
}

function meanLength(matrix: Matrix): number {
  let sum = 0;
  for (let i = 0; i < matrix.rows; i += 1)
    sum += Math.sqrt(matrix.row(i).reduce((squares, value) => squares + value * value, 0));
  return sum / Math.max(1, matrix.rows);
}
