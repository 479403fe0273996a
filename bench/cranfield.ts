/**
 * The Cranfield collection as a retrieval task. Its traps: topic ids in the judgements are the queries' positions 1 … 225, not their
 * <num>; the text already begins with the title, so the text alone is indexed; any positive grade counts as relevant.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readQrels, readTrecDocuments, readTrecTopics, type RetrievalTask } from "../src/evaluation/index.ts";
import { need, sharedData } from "./harness.ts";

export function readCranfield(): RetrievalTask {
  const folder = join(sharedData, "retrieval/cranfield");
  need(folder, "the Cranfield collection");
  const file = (name: string): string => readFileSync(join(folder, name), "utf8");
  const relevance = readQrels(file("cranqrel.trec.txt"));
  for (const grades of relevance.values()) {
    for (const [document, grade] of grades) grades.set(document, grade > 0 ? 1 : 0);
  }
  return {
    documents: readTrecDocuments(file("cran.all.1400.xml")),
    queries: readTrecTopics(file("cran.qry.xml")).map(({ text }, i) => ({ id: String(i + 1), text })),
    relevance,
  };
}
