import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadEmbedder } from "../texts/index.ts";
import { evaluateTask } from "./evaluate-task.ts";
import { mtebResult } from "./mteb-result.ts";
import { readEvaluationTasks } from "./read-tasks.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "semspace-tasks-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const corpus = '{"_id": "d1", "title": "Cats", "text": "sleep all day"}\n{"_id": "d2", "text": "stocks fell"}\n';
const queries = '{"_id": "q1", "text": "sleeping cats"}\n{"_id": "q2", "text": "stock market"}\n';
const everyKind = {
  "alike/sts.tsv": "score\tsentence1\tsentence2\n4.5\ta cat\ta kitten\n0.5\ta cat\ta stock\n2\ta dog\ta kitten\n",
  "pairs/pairs.jsonl":
    '{"text1": "a cat", "text2": "a kitten", "label": 1}\n{"text1": "a cat", "text2": "shares", "label": 0}\n',
  "languages/bitext.tsv": "the cat\ta cat\nmarkets\tmarket\n",
  "topics/train.tsv": "pets\ta cat sleeps\nmoney\tstocks fell\npets\tthe dog barks\nmoney\tthe bank lends\n",
  "topics/test.tsv": "label\ttext\npets\ta kitten sleeps\nmoney\tthe market fell\n",
  "topics/clusters.tsv": "pets\ta cat\npets\ta dog\nmoney\ta stock\nmoney\ta share\n",
  "beir/corpus.jsonl": corpus,
  "beir/queries.jsonl": queries,
  "beir/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\n",
  "order/corpus.jsonl": corpus,
  "order/queries.jsonl": queries,
  "order/qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
  "order/candidates.tsv": "query-id\tdocument-id\nq1\td2\nq1\td1\n",
  "trec/task.json": '{"name": "My TREC", "files": {"documents": "docs.sgml"}, "topicIds": "position"}',
  "trec/docs.sgml": "<doc><docno>7</docno><text>a cat</text></doc>\n<doc><docno>8</docno><text>a stock</text></doc>",
  "trec/topics.xml": "<top><num>100</num><title>kitten</title></top>",
  "trec/qrels.txt": "1 0 7 1\n",
};

test("files of seven kinds are read by their names, in folders of folders, and every kind is measured", async () => {
  write(everyKind);
  const tasks = await readEvaluationTasks(folder);
  expect(tasks.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "alike sts",
    "beir retrieval",
    "languages bitext",
    "order reranking",
    "pairs pair-classification",
    "topics-clustering clustering",
    "topics-classification classification",
    "My TREC retrieval",
  ]);
  const embedder = await loadEmbedder();
  const options = { clustering: { clusterings: 2 }, classification: { experiments: 2 }, bootstrap: { samples: 50 } };
  for (const task of tasks) {
    const result = await evaluateTask(embedder, task, options);
    expect(result.mainScore, task.name).toBeGreaterThan(0.2);
    expect(result.interval.low).toBeLessThanOrEqual(result.interval.high);
    const file = mtebResult(result);
    expect(file.scores["test"][0]).toMatchObject({ main_score: result.mainScore, hf_subset: "default", languages: [] });
    expect(file.task_name).toBe(task.name);
  }
  await embedder.dispose();
});

test.each([
  ["a folder without any task", { "notes.txt": "nothing" }, "has no task. Expected are sts.tsv"],
  ["a row with too few columns", { "sts.tsv": "a\tb\n" }, "Line 1 of sts.tsv must have the columns a, b, score"],
  [
    "a score that is no number",
    { "sts.tsv": "a\tb\tgood\n" },
    'Pair 1 of sts.tsv must have a number as score, got "good"',
  ],
  ["a label that is neither 0 nor 1", { "pairs.tsv": "a\tb\tyes\n" }, 'must have the label 0 or 1, got "yes"'],
  [
    "labels that are missing",
    { "train.tsv": "pets\n", "test.tsv": "pets\tcat\n" },
    "Line 1 of train.tsv must have the columns label, text",
  ],
  ["an empty table", { "clusters.tsv": "\n" }, "clusters.tsv has no rows"],
  ["a line that is no JSON", { "bitext.jsonl": "{a}\n" }, 'Line 1 of bitext.jsonl must be a JSON object, got "{a}"'],
  ["keys of other names", { "bitext.jsonl": '{"x": 1}\n' }, 'Line 1 of bitext.jsonl has no "a" (a, text1, sentence1'],
  [
    "an id that comes twice",
    { "corpus.jsonl": corpus + corpus, "queries.jsonl": queries, "qrels.tsv": "q1 d1 1\n" },
    "Line 3 of corpus.jsonl has the id",
  ],
  ["task.json that is no object", { "task.json": "[1]", "sts.tsv": "a\tb\t1\n" }, "must be a JSON object"],
])("%s is refused in words", async (_, files, message) => {
  write(files);
  await expect(readEvaluationTasks(folder)).rejects.toThrow(message);
});

test("a folder that is not there is named", async () => {
  await expect(readEvaluationTasks(join(folder, "nowhere"))).rejects.toThrow("No such folder");
});

test("a judged query without candidates, and a candidate that does not exist, are refused", async () => {
  const embedder = await loadEmbedder();
  for (const [candidates, message] of [
    ["q2\td1\n", "Query q1 has judgements, but no candidates."],
    ["q1\td9\n", 'Candidate "d9" of query q1 is not among the documents.'],
  ]) {
    write({ "corpus.jsonl": corpus, "queries.jsonl": queries, "qrels.tsv": "q1 d1 1\n", "candidates.tsv": candidates });
    const [task] = await readEvaluationTasks(folder);
    await expect(evaluateTask(embedder, task)).rejects.toThrow(message);
  }
  await embedder.dispose();
});
