/** A folder of plain files → the tasks in it. What a file is called says what it is; docs/evaluation.md has the table. */
import { joinLocation, listFolder, readBytes } from "#platform";
import { SemspaceError, shown } from "../errors.ts";
import { readBeirTexts, readCandidates } from "./beir.ts";
import type { EvaluationTask } from "./evaluation-task.ts";
import { readStsPairs, type StsPair } from "./sts.ts";
import { readTextTable } from "./text-table.ts";
import { readQrels, readTrecDocuments, readTrecTopics } from "./trec.ts";
import type { Identified, RetrievalTask } from "./retrieval.ts";

/** What `task.json` may say about a folder whose files are called otherwise. */
interface TaskSettings {
  /** Default: the folder's name. */
  name?: string;
  /** What the names below mean here: `{ "documents": "cran.all.1400.xml" }`. */
  files?: Record<string, string>;
  /** "position": judgements count the topics from 1, as Cranfield's do, in place of their own numbers. */
  topicIds?: "number" | "position";
}

interface Folder {
  name: string;
  settings: TaskSettings;
  /** The text of the first of these files that is there. */
  read: (...names: readonly string[]) => Promise<{ file: string; text: string } | undefined>;
}

/** How deep folders of tasks may lie in folders. */
const DEEPEST = 3;

/**
 * Reads the tasks of a folder and of the folders in it, in the order of their names. Throws `missing-file` for a folder that is not there,
 * `invalid-file` when it has no task, or for a file that is not what its name says.
 *
 * @example
 * const tasks = await readEvaluationTasks("my-data"); // my-data/faq/{corpus.jsonl,queries.jsonl,qrels.tsv}, my-data/sts.tsv, …
 */
export async function readEvaluationTasks(location: string): Promise<EvaluationTask[]> {
  const tasks = await tasksIn(location, 0);
  if (tasks.length > 0) return tasks;
  throw new SemspaceError(
    "invalid-file",
    `${location} has no task. Expected are sts.tsv, pairs.tsv, bitext.tsv, clusters.tsv, train.tsv and test.tsv (or .jsonl), corpus.jsonl with queries.jsonl and qrels.tsv, or documents.xml with topics.xml and qrels.txt.`,
  );
}

async function tasksIn(location: string, depth: number): Promise<EvaluationTask[]> {
  const names = await listFolder(location);
  if (names === undefined)
    throw new SemspaceError("missing-file", `No such folder: ${location}. Pass a folder with files of tasks.`);
  const tasks = await tasksOf(await openTaskFolder(location, new Set(names)));
  if (depth === DEEPEST) return tasks;
  for (const name of names) {
    if (!name.endsWith("/") || name.startsWith(".") || name === "qrels/") continue;
    // oxlint-disable-next-line no-await-in-loop -- one task's data after the other
    tasks.push(...(await tasksIn(joinLocation(location, name.slice(0, -1)), depth + 1)));
  }
  return tasks;
}

async function openTaskFolder(location: string, names: ReadonlySet<string>): Promise<Folder> {
  const text = async (file: string): Promise<string> =>
    new TextDecoder().decode(await readBytes(joinLocation(location, file)));
  const settings = names.has("task.json") ? settingsOf(await text("task.json"), location) : {};
  const own = /([^/\\]+)[/\\]*$/.exec(location)?.[1] ?? location;
  return {
    name: settings.name ?? own,
    settings,
    async read(...wanted) {
      for (const name of wanted) {
        const file = settings.files?.[name.replace(/\.\w+$/, "")] ?? name;
        const isThere = file.startsWith("qrels/") ? names.has("qrels/") : names.has(file);
        // oxlint-disable-next-line no-await-in-loop -- the first that is there
        if (isThere) return { file, text: await text(file) };
      }
      return undefined;
    },
  };
}

function settingsOf(text: string, location: string): TaskSettings {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new SemspaceError("invalid-file", `task.json of ${location} must be a JSON object, got ${shown(text)}.`);
}

async function tasksOf(folder: Folder): Promise<EvaluationTask[]> {
  const found = [
    await stsTask(folder),
    await pairTask(folder),
    await bitextTask(folder),
    await clusteringTask(folder),
    await classificationTask(folder),
    await searchTask(folder),
  ];
  const tasks = found.filter((task) => task !== undefined);
  // Several tasks of one folder are told apart by their type.
  return tasks.length < 2 ? tasks : tasks.map((task) => Object.assign(task, { name: `${task.name}-${task.type}` }));
}

async function stsTask({ name, read }: Folder): Promise<EvaluationTask | undefined> {
  const table = await read("sts.tsv", "sts.jsonl", "sts.csv");
  if (!table) return undefined;
  // The STS benchmark's own layout has seven columns and more.
  const isBenchmark = /^[^\t\n]*(\t[^\t\n]*){6}/.test(table.text);
  const pairs = isBenchmark
    ? readStsPairs(table.text)
    : readTextTable(table.text, table.file, ["a", "b", "score"]).map(({ a, b, score }, i): StsPair => {
        if (score.trim() === "" || !Number.isFinite(Number(score)))
          throw new SemspaceError(
            "invalid-file",
            `Pair ${i + 1} of ${table.file} must have a number as score, got ${shown(score)}.`,
          );
        return { a, b, score: Number(score) };
      });
  return { name, type: "sts", pairs };
}

const truths: Readonly<Record<string, boolean>> = {
  "1": true,
  "1.0": true,
  true: true,
  "0": false,
  "0.0": false,
  false: false,
};

async function pairTask({ name, read }: Folder): Promise<EvaluationTask | undefined> {
  const table = await read("pairs.tsv", "pairs.jsonl");
  if (!table) return undefined;
  const pairs = readTextTable(table.text, table.file, ["a", "b", "label"]).map(({ a, b, label }, i) => {
    const truth = Object.hasOwn(truths, label) ? truths[label] : undefined;
    if (truth === undefined)
      throw new SemspaceError(
        "invalid-file",
        `Pair ${i + 1} of ${table.file} must have the label 0 or 1, got ${shown(label)}.`,
      );
    return { a, b, label: truth };
  });
  return { name, type: "pair-classification", pairs };
}

async function bitextTask({ name, read }: Folder): Promise<EvaluationTask | undefined> {
  const table = await read("bitext.tsv", "bitext.jsonl");
  return table && { name, type: "bitext", pairs: readTextTable(table.text, table.file, ["a", "b"]) };
}

async function clusteringTask({ name, read }: Folder): Promise<EvaluationTask | undefined> {
  const table = await read("clusters.tsv", "clusters.jsonl");
  return table && { name, type: "clustering", texts: readTextTable(table.text, table.file, ["label", "text"]) };
}

async function classificationTask({ name, read }: Folder): Promise<EvaluationTask | undefined> {
  const train = await read("train.tsv", "train.jsonl");
  const test = await read("test.tsv", "test.jsonl");
  if (!train || !test) return undefined;
  return {
    name,
    type: "classification",
    train: readTextTable(train.text, train.file, ["label", "text"]),
    test: readTextTable(test.text, test.file, ["label", "text"]),
  };
}

async function searchTask(folder: Folder): Promise<EvaluationTask | undefined> {
  const { name, read } = folder;
  const qrels = await read("qrels.tsv", "qrels.txt", "qrels/test.tsv");
  const texts = qrels && ((await beirTexts(folder)) ?? (await trecTexts(folder)));
  if (!texts) return undefined;
  const task: RetrievalTask = { ...texts, relevance: readQrels(qrels.text) };
  const candidates = await read("candidates.tsv", "candidates.txt");
  if (!candidates) return { name, type: "retrieval", ...task };
  return { name, type: "reranking", ...task, candidates: readCandidates(candidates.text, candidates.file) };
}

type Texts = Record<"documents" | "queries", Identified[]>;

async function beirTexts({ read }: Folder): Promise<Texts | undefined> {
  const [corpus, queries] = [await read("corpus.jsonl"), await read("queries.jsonl")];
  if (!corpus || !queries) return undefined;
  return { documents: readBeirTexts(corpus.text, corpus.file), queries: readBeirTexts(queries.text, queries.file) };
}

async function trecTexts({ read, settings }: Folder): Promise<Texts | undefined> {
  const [documents, topics] = [await read("documents.xml"), await read("topics.xml")];
  if (!documents || !topics) return undefined;
  const queries = readTrecTopics(topics.text);
  return {
    documents: readTrecDocuments(documents.text),
    queries: settings.topicIds === "position" ? queries.map(({ text }, i) => ({ id: String(i + 1), text })) : queries,
  };
}
