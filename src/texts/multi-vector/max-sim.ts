/**
 * MaxSim: for every vector of a query the most similar one of a document, and the sum of these similarities.
 * Khattab and Zaharia 2020 (ColBERT), https://arxiv.org/abs/2004.12832, section 3.3.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix, similarity } from "../../matrix/index.ts";

/** Σ over rows of `query` of the largest dot product with a row of `document`. 0 when the query has no rows, −∞ when only the document has none. */
export function maxSim(query: Matrix, document: Matrix): number {
  if (query.rows > 0 && document.rows > 0 && query.columns !== document.columns) {
    throw new SemspaceError(
      "mismatch",
      `Vectors of the query have ${query.columns} dimensions, those of the document ${document.columns}. Take both from one model.`,
    );
  }
  if (query.rows === 0 || document.rows === 0) return query.rows === 0 ? 0 : -Infinity;
  const products = similarity(query, document, "dot");
  let sum = 0;
  for (let row = 0; row < query.rows; row += 1) {
    let best = -Infinity;
    for (const value of products.row(row)) if (value > best) best = value;
    sum += best;
  }
  return sum;
}

/** {@link maxSim} of every query with every document, [queries, documents]; with `mean`, divided by a query's vectors. */
export function maxSimilarities(
  queries: readonly Matrix[],
  documents: readonly Matrix[],
  { mean = false }: { mean?: boolean } = {},
): Matrix {
  const scores = Matrix.zeros(queries.length, documents.length);
  for (const [i, query] of queries.entries()) {
    const divisor = mean ? Math.max(1, query.rows) : 1;
    for (const [j, document] of documents.entries())
      scores.data[i * documents.length + j] = maxSim(query, document) / divisor;
  }
  return scores;
}
