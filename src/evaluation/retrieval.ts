/** Does a search find what people judged relevant? */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { type Hit, bestHits } from "../search/hits.ts";
import type { Embedder } from "../texts/embedder.ts";
import { type Grades, meanMetrics, type RankingMetrics, rankingMetrics } from "./ranking-metrics.ts";

/** A text with the name that judgements use for it. */
export interface Identified {
  id: string;
  text: string;
}

export interface RetrievalTask {
  queries: readonly Identified[];
  documents: readonly Identified[];
  /** Query id → document id → grade; above 0 is relevant. */
  relevance: ReadonlyMap<string, Grades>;
}

/** Gives at most `k` documents for a query, best first; `index` is the document's position in the task. */
export type Rank = (query: string, k: number) => readonly Hit[] | Promise<readonly Hit[]>;

export interface RetrievalResult extends RankingMetrics {
  /** Queries that have judgements, over which the means are taken. */
  queries: number;
  /** The measures of each query, by its id. */
  perQuery: Map<string, RankingMetrics>;
}

/**
 * Asks every query that has judgements and takes the means. `depth` documents are asked for (default 1000, as in TREC runs), and the order
 * that `rank` gives is what is measured; a query for which nothing is found counts, as 0.
 * Throws `mismatch` when `rank` gives a document that does not exist, or one twice.
 *
 * @example
 * const index = createLexicalIndex(task.documents.map(({ text }) => text));
 * const { ndcg, recall } = await evaluateRetrieval(task, (query, k) => index.search(query, k));
 * ndcg[10]; // 0.36
 */
export async function evaluateRetrieval(
  task: RetrievalTask,
  rank: Rank,
  { cutoffs = [10, 100], depth = 1000 }: { cutoffs?: readonly number[]; depth?: number } = {},
): Promise<RetrievalResult> {
  wholeNumber("depth", depth, 1);
  for (const cutoff of cutoffs) wholeNumber("A cutoff", cutoff, 1);
  const perQuery = new Map<string, RankingMetrics>();
  for (const { id, text } of task.queries) {
    const grades = task.relevance.get(id);
    if (grades === undefined) continue;
    const hits = await rank(text, Math.min(depth, task.documents.length));
    perQuery.set(id, rankingMetrics(documentIds(hits, task.documents, id), grades, cutoffs));
  }
  return { ...meanMetrics([...perQuery.values()], cutoffs), queries: perQuery.size, perQuery };
}

/** Ranks documents by a model's similarity alone. The documents are encoded once, here. */
export async function embedderRank(
  embedder: Pick<Embedder, "encodeQuery" | "encodeDocument" | "similarity">,
  documents: readonly Identified[],
): Promise<Rank> {
  const vectors = await embedder.encodeDocument(documents.map(({ text }) => text));
  return async (query, k) => bestHits(embedder.similarity(await embedder.encodeQuery(query), vectors).row(0), k);
}

function documentIds(hits: readonly Hit[], documents: readonly Identified[], query: string): string[] {
  const ids = new Set<string>();
  for (const { index } of hits) {
    const id = documents[index]?.id;
    if (id === undefined || ids.has(id)) {
      throw new SemspaceError(
        "mismatch",
        id === undefined
          ? `The ranking of query ${query} has document ${index}; there are ${documents.length}.`
          : `The ranking of query ${query} has document ${id} twice.`,
      );
    }
    ids.add(id);
  }
  return [...ids];
}
