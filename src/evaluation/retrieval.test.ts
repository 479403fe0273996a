import { expect, test } from "vitest";
import { createLexicalIndex } from "../search/lexical.ts";
import { embedderOf } from "../../test/embedder-of.ts";
import { embedderRank, evaluateRetrieval, type RetrievalTask } from "./retrieval.ts";

const task: RetrievalTask = {
  documents: [
    { id: "d1", text: "the cat sat on the mat" },
    { id: "d2", text: "stock markets fell" },
    { id: "d3", text: "a cat and a dog" },
  ],
  queries: [
    { id: "q1", text: "cats" },
    { id: "q2", text: "markets" },
    { id: "q3", text: "nobody judged this" },
    { id: "q4", text: "nothing is found" },
  ],
  relevance: new Map([
    ["q1", new Map([["d3", 1]])],
    ["q2", new Map([["d2", 2]])],
    ["q4", new Map([["d1", 1]])],
  ]),
};

test("the means are over the queries with judgements; finding nothing counts as 0", async () => {
  const index = createLexicalIndex(task.documents.map(({ text }) => text));
  const result = await evaluateRetrieval(task, (query, k) => index.search(query, k), { cutoffs: [1, 10] });
  expect(result.queries).toBe(3);
  expect(result.perQuery.get("q4")!.map).toBe(0);
  const first = result.perQuery.get("q1")!.mrr;
  expect(result.mrr).toBeCloseTo((first + 1 + 0) / 3, 12);
  expect(result.recall[10]).toBeCloseTo(2 / 3, 12);
});

test("an embedder ranks by its own similarity, queries and documents each with their prompt", async () => {
  const vectors: Record<string, number[]> = {
    [task.documents[0].text]: [1, 0],
    [task.documents[1].text]: [0, 1],
    [task.documents[2].text]: [0.9, 0.1],
    cats: [0.8, 0.2],
    markets: [0, 2],
    "nothing is found": [1, 0],
  };
  const embedder = embedderOf(vectors);
  let comparisons = 0;
  const similarity: typeof embedder.similarity = (a, b) => {
    comparisons += 1;
    return embedder.similarity(a, b);
  };
  const rank = await embedderRank({ ...embedder, similarity }, task);
  const result = await evaluateRetrieval(task, rank, { depth: 2 });
  expect(result.ndcg[10]).toBe(1);
  expect(comparisons).toBe(1);
  expect(() => rank("nobody judged this", 2)).toThrow('"nobody judged this" is not a judged query of the task.');
});

test("a ranking with a document twice, or one that does not exist, is refused", async () => {
  await expect(evaluateRetrieval(task, () => [{ index: 3, score: 1 }])).rejects.toThrow(
    "The ranking of query q1 has document 3; there are 3.",
  );
  const twice = [
    { index: 0, score: 1 },
    { index: 0, score: 1 },
  ];
  await expect(evaluateRetrieval(task, () => twice)).rejects.toThrow("The ranking of query q1 has document d1 twice.");
  await expect(evaluateRetrieval(task, () => [], { cutoffs: [0] })).rejects.toThrow("A cutoff must be a whole number");
});
