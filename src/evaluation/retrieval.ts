/** Does a search find what people judged relevant? */
import { SemspaceError, wholeNumber, shown } from "../errors.ts";
import { Matrix } from "../matrix/index.ts";
import { type Hit, bestHits } from "../search/hits.ts";
import type { EncodeOptions, Embedder } from "../texts/embedder.ts";
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

export interface RetrievalOptions {
  /** Default 10 and 100. */
  cutoffs?: readonly number[];
  /** Documents that are asked for. Default 1000, as in TREC runs. */
  depth?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Asks every query that has judgements and takes the means. The order that `rank` gives is what is measured; a query for which nothing is found counts, as 0.
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
  { cutoffs = [10, 100], depth = 1000, signal }: RetrievalOptions = {},
): Promise<RetrievalResult> {
  wholeNumber("depth", depth, 1);
  for (const cutoff of cutoffs) wholeNumber("A cutoff", cutoff, 1);
  const perQuery = new Map<string, RankingMetrics>();
  for (const { id, text } of task.queries) {
    const grades = task.relevance.get(id);
    if (grades === undefined) continue;
    signal?.throwIfAborted();
    const hits = await rank(text, Math.min(depth, task.documents.length));
    perQuery.set(id, rankingMetrics(documentIds(hits, task.documents, id), grades, cutoffs));
  }
  return { ...meanMetrics([...perQuery.values()], cutoffs), queries: perQuery.size, perQuery };
}

/** Queries that are compared with all documents at once: cosine scales the documents' vectors once for all of them. */
const queriesAtOnce = 64;

/**
 * Ranks the documents of a task by a model's similarity alone; equal scores by document id, descending, as trec_eval does. Documents and queries are encoded here, once; the result
 * throws `mismatch` for a query that is not one of the task's judged ones.
 */
export async function embedderRank(
  embedder: Pick<Embedder, "encodeQuery" | "encodeDocument" | "similarity">,
  { queries, documents, relevance }: RetrievalTask,
  encoding: Pick<EncodeOptions, "signal" | "progress"> = {},
): Promise<Rank> {
  const texts = [...new Set(queries.filter(({ id }) => relevance.has(id)).map(({ text }) => text))];
  const rows = new Map(texts.map((text, row) => [text, row]));
  const asked = await embedder.encodeQuery(texts, encoding);
  const vectors = await embedder.encodeDocument(
    documents.map(({ text }) => text),
    encoding,
  );
  let first = 0;
  let scores = Matrix.zeros(0, documents.length);
  return (query, k) => {
    const row = rows.get(query);
    if (row === undefined) {
      throw new SemspaceError("mismatch", `${shown(query)} is not a judged query of the task. Add it there.`);
    }
    if (row < first || row >= first + scores.rows) {
      first = row - (row % queriesAtOnce);
      const count = Math.min(queriesAtOnce, asked.rows - first);
      const { columns } = asked;
      const some = asked.data.subarray(first * columns, (first + count) * columns);
      scores = embedder.similarity(new Matrix(some, count, columns), vectors);
    }
    const hits = bestHits(scores.row(row - first), k);
    return hits.sort((a, b) => b.score - a.score || (documents[a.index].id < documents[b.index].id ? 1 : -1));
  };
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
