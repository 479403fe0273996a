/**
 * The teacher's vectors in as many dimensions as the student has: their principal axes, the nearest subspace to all of them. Nothing is subtracted: a
 * student's text is the mean of its tokens and nothing else, and cosines are to stay what they are.
 */
import { SemspaceError } from "../../errors.ts";
import { fitPca, type Matrix, normalized, projectPca } from "../../matrix/index.ts";
import { everyNth } from "./every-nth.ts";

/** Vectors that the axes are found from, at most. */
const MOST = 50_000;

/** `vectors`, [texts, teacher's dimensions], at length 1 and then along their first `dimensions` axes. Throws `invalid-argument` for too many dimensions or too few vectors. */
export function targetsOf(vectors: Matrix, dimensions: number): Matrix {
  if (dimensions > vectors.columns || vectors.rows < 2 * dimensions) {
    throw new SemspaceError(
      "invalid-argument",
      `${dimensions} dimensions cannot be learnt from ${vectors.rows} vectors of ${vectors.columns}. Use at most ${vectors.columns} dimensions and 2 texts or more for each; good models take 30,000 and more.`,
    );
  }
  const units = normalized(vectors);
  const axes = fitPca(everyNth(units, MOST), { components: dimensions });
  return projectPca({ ...axes, mean: new Float64Array(vectors.columns) }, units);
}
