/**
 * Does a model put a few candidates of each query into the right order? As MTEB's reranking since its version 2: the measures of retrieval,
 * over the candidates alone. A cross-encoder scores them too.
 */
import { SemspaceError, shown } from "../errors.ts";
import { topK } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { evaluateRetrieval, type RetrievalOptions, type RetrievalResult, type RetrievalTask } from "./retrieval.ts";

export interface RerankingTask extends RetrievalTask {
  /** Query id → ids of the documents that are put into order. */
  candidates: ReadonlyMap<string, readonly string[]>;
}

/** One score a text, higher for a better answer. */
export type ScoreTexts = (query: string, texts: readonly string[]) => Promise<ArrayLike<number>> | ArrayLike<number>;

/**
 * Throws `mismatch` for a judged query without candidates, or a candidate that is not among the documents.
 *
 * @example
 * await evaluateReranking(task, embedderScores(embedder));
 * await evaluateReranking(task, (query, texts) => crossEncoder.predict(texts.map((text) => [query, text])));
 */
export async function evaluateReranking(
  task: RerankingTask,
  score: ScoreTexts,
  options: RetrievalOptions = {},
): Promise<RetrievalResult> {
  const places = new Map(task.documents.map(({ id }, i) => [id, i]));
  const queries = task.queries.filter(({ id }) => task.relevance.has(id));
  const byText = new Map<string, number[]>();
  for (const { id, text } of queries) {
    const own = task.candidates.get(id);
    if (own === undefined || own.length === 0) {
      const message = `Query ${id} has judgements, but no candidates. Give it some, or leave its judgements out.`;
      throw new SemspaceError("mismatch", message);
    }
    const rows = own.map((document) => placeOf(places, document, id));
    // Queries of the same text cannot be told apart by a search; their candidates are put together.
    byText.set(text, [...new Set([...(byText.get(text) ?? []), ...rows])]);
  }
  const rank = async (query: string, k: number) => {
    const rows = byText.get(query)!;
    const scores = await score(
      query,
      rows.map((row) => task.documents[row].text),
    );
    const best = topK(Float32Array.from(scores), Math.min(k, rows.length));
    return Array.from(best.indices, (place, i) => ({ index: rows[place], score: best.scores[i] }));
  };
  return evaluateRetrieval(task, rank, options);
}

/** Scores by a model's own similarity, each side with its prompt. */
export function embedderScores(embedder: Pick<Embedder, "encodeQuery" | "encodeDocument" | "similarity">): ScoreTexts {
  return async (query, texts) =>
    embedder.similarity(await embedder.encodeQuery([query]), await embedder.encodeDocument(texts)).data;
}

function placeOf(places: ReadonlyMap<string, number>, document: string, query: string): number {
  const place = places.get(document);
  if (place !== undefined) return place;
  throw new SemspaceError("mismatch", `Candidate ${shown(document)} of query ${query} is not among the documents.`);
}
