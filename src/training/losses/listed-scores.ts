/** Scores of a cross-encoder for queries with several documents each: one column [queries, documents], labels of the same shape. */
import { SemspaceError } from "../../errors.ts";
import type { Matrix } from "../../matrix/index.ts";
import { checkColumns, checkLabels } from "./check-batch.ts";
import type { Labels } from "./loss.ts";

/** Scores and labels of each query's documents; a label of −Infinity stands for a document that is not there, which is left out. */
export function listedScores(columns: readonly Matrix[], given: Labels | undefined, name: string): ListedQuery[] {
  checkColumns(columns, { name, columns: "of scores, a row a query", least: 1 });
  const [scores] = columns;
  const labels = checkLabels(given, name, [scores.rows, scores.columns]);
  if (labels.some((label) => Number.isNaN(label)))
    throw new SemspaceError("invalid-argument", `A label of ${name} is not a number.`);
  return Array.from({ length: scores.rows }, (_, row) => {
    const documents = Array.from({ length: scores.columns }, (_, column) => column).filter(
      (column) => labels[row * scores.columns + column] !== -Infinity,
    );
    return {
      row,
      documents,
      scores: documents.map((column) => scores.row(row)[column]),
      labels: documents.map((column) => labels[row * scores.columns + column]),
    };
  });
}

export interface ListedQuery {
  row: number;
  /** Columns of the documents that are there. */
  documents: readonly number[];
  scores: readonly number[];
  labels: readonly number[];
}
