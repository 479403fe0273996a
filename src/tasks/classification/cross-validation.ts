/** Scores of rows by classifiers that have not seen them: the rows are dealt into folds, each label evenly over all. */
import { Matrix } from "../../matrix/matrix.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Head, Targets } from "./head.ts";

export interface FoldOptions {
  folds: number;
  seed: number;
  signal?: AbortSignal | undefined;
  onFold?: ((done: number) => void) | undefined;
}

/** The fold of each row, 0 … folds − 1: rows with the same labels are shuffled and dealt out in turn. */
export function stratifiedFolds(
  { rows }: Pick<Targets, "rows">,
  { folds, seed }: { folds: number; seed: number },
): Int32Array {
  const random = randomNumbers(seed);
  const groups = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) {
    const key = row.join(" ");
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key)!.push(i);
  }
  const fold = new Int32Array(rows.length);
  let next = 0;
  for (const key of [...groups.keys()].toSorted()) {
    const members = groups.get(key)!;
    for (let i = members.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      [members[i], members[j]] = [members[j], members[i]];
    }
    for (const member of members) {
      fold[member] = next % folds;
      next += 1;
    }
  }
  return fold;
}

/** [rows, labels]; aborts between folds. */
export async function outOfFoldScores(
  vectors: Matrix,
  targets: Targets,
  { fit, ...options }: FoldOptions & { fit: (vectors: Matrix, targets: Targets) => Head },
): Promise<Float64Array> {
  const { folds, signal, onFold } = options;
  const count = targets.labels.length;
  const foldOf = stratifiedFolds(targets, options);
  const scores = new Float64Array(vectors.rows * count);
  for (let fold = 0; fold < folds; fold += 1) {
    const held = [...foldOf.keys()].filter((i) => foldOf[i] === fold);
    const rest = [...foldOf.keys()].filter((i) => foldOf[i] !== fold);
    const head = fit(selected(vectors, rest), { ...targets, rows: rest.map((i) => targets.rows[i]) });
    const found = head.scores(selected(vectors, held));
    for (const [i, row] of held.entries()) scores.set(found.subarray(i * count, (i + 1) * count), row * count);
    onFold?.(fold + 1);
    // oxlint-disable-next-line no-await-in-loop -- lets an abort be heard
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
  }
  return scores;
}

/** Copies of some rows. */
export function selected({ data, columns }: Matrix, rows: readonly number[]): Matrix {
  const out = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return new Matrix(out, rows.length, columns);
}
