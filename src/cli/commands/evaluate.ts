/** `semspace evaluate`: models on a folder of tasks, side by side. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SemspaceError } from "../../errors.ts";
// Not by the room's index, which only a run loads.
import { evaluationTaskTypes } from "../../evaluation/evaluation-task.ts";
import type { EvaluateOptions, EvaluationTask, EvaluationTaskType, TaskResult } from "../../evaluation/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { evaluationTable, type ModelResults } from "../evaluation-table.ts";
import { modelEmbedder } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** What stands for the model that the package ships, beside others. */
const shipped = "default";

export const command: Command = defineCommand({
  name: "evaluate",
  summary: "Measures models on your own data by MTEB's recipes, side by side.",
  positionals: "[MODEL…] --data DIR",
  description: [
    `Without a model, or for the name "${shipped}", the one that the package ships. DIR holds tasks in plain files, in folders or not:`,
    "sts.tsv (text, text, score), pairs.tsv (text, text, 0 or 1), bitext.tsv (text, text), clusters.tsv (label, text), train.tsv with test.tsv (label, text),",
    "corpus.jsonl with queries.jsonl and qrels.tsv (BEIR; with candidates.tsv reranking), documents.xml with topics.xml and qrels.txt (TREC).",
    "± is a 95 % interval by bootstrap; * marks the best model where it is better than the second on the same items in 95 % of the draws.",
  ].join("\n"),
  options: {
    data: { type: "string", short: "d", value: "DIR", describe: "The folder of the tasks" },
    task: { type: "strings", value: "NAME", describe: "Only tasks of this name; may be repeated" },
    type: {
      type: "strings",
      value: "TYPE",
      choices: evaluationTaskTypes,
      describe: "Only tasks of this type; may be repeated",
    },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      describe: "Also keep each result as a file in MTEB's layout, DIR/MODEL/TASK.json",
    },
    "samples-per-label": {
      type: "whole",
      value: "N",
      least: 1,
      default: 8,
      describe: "Classification: texts of each label that are learned from",
    },
    experiments: { type: "whole", value: "N", least: 1, default: 10, describe: "Classification and clustering: draws" },
    draws: { type: "whole", value: "N", least: 1, default: 1000, describe: "Of the bootstrap" },
    seed: { type: "whole", value: "N", default: 42, describe: "Of all that is drawn" },
  },
  examples: [
    ["semspace evaluate default models/all-MiniLM-L6-v2 --data my-tasks", "a table, a row a task"],
    [
      "semspace evaluate models/all-MiniLM-L6-v2 --data my-tasks --json",
      '{"model": …, "task_name": …, "scores": {"test": [{"main_score": …}]}} a line',
    ],
  ],
  async run({ options, positionals, terminal }) {
    if (options.data === undefined) throw new UsageError("--data DIR is needed: semspace evaluate MODEL… --data DIR.");
    const models = positionals.length === 0 ? [shipped] : positionals;
    const { readEvaluationTasks } = await import("../../evaluation/index.ts");
    const tasks = chosen(await readEvaluationTasks(options.data), options.task, options.type as EvaluationTaskType[]);
    const { experiments = 10, seed = 42, draws = 1000, "samples-per-label": samplesPerLabel = 8 } = options;
    const settings: EvaluateOptions = {
      classification: { experiments, seed, samplesPerLabel },
      clustering: { clusterings: experiments, seed },
      bootstrap: { samples: draws, seed },
    };
    const all: ModelResults[] = [];
    for (const model of models) {
      const results = await measure(model, tasks, settings);
      for (const result of results) await keep(model, result, { json: options.json, output: options.output, terminal });
      all.push({ model, results });
    }
    if (!options.json) await terminal.write(await evaluationTable(all, terminal.style, settings.bootstrap));
  },
});

function chosen(
  tasks: readonly EvaluationTask[],
  names: readonly string[],
  wanted: readonly EvaluationTaskType[],
): EvaluationTask[] {
  const unknown = names.find((name) => !tasks.some((task) => task.name === name));
  if (unknown !== undefined)
    throw new UsageError(`There is no task "${unknown}". Tasks: ${tasks.map(({ name }) => name).join(", ")}.`);
  const kept = tasks.filter(
    ({ name, type }) => (names.length === 0 || names.includes(name)) && (wanted.length === 0 || wanted.includes(type)),
  );
  if (kept.length > 0) return kept;
  const there = tasks.map(({ name, type }) => `${name} (${type})`).join(", ");
  throw new SemspaceError("invalid-argument", `No task is of that type. Tasks: ${there}.`);
}

async function measure(
  model: string,
  tasks: readonly EvaluationTask[],
  settings: EvaluateOptions,
): Promise<TaskResult[]> {
  const { evaluateTask } = await import("../../evaluation/index.ts");
  const embedder = await modelEmbedder(model === shipped ? undefined : model);
  const progress = await openProgress();
  const results: TaskResult[] = [];
  try {
    for (const task of tasks) {
      const onProgress: EvaluateOptions["onProgress"] = ({ stage, done, total }) =>
        progress.update(`${task.name}: ${stage}`, done, total ?? 0);
      results.push(await evaluateTask(embedder, task, { ...settings, onProgress }));
    }
  } finally {
    progress.stop();
    await embedder.dispose();
  }
  return results;
}

interface Keep {
  json: boolean;
  output: string | undefined;
  terminal: Terminal;
}

async function keep(model: string, result: TaskResult, { json, output, terminal }: Keep): Promise<void> {
  const { mtebResult } = await import("../../evaluation/index.ts");
  const file = mtebResult(result);
  if (json) await terminal.write(`${JSON.stringify({ model, ...file })}\n`);
  if (output === undefined) return;
  const folder = join(output, fileName(model));
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `${folder} cannot be made (${cause.code}). Choose another --output.`, {
      cause,
    });
  });
  await writeFile(join(folder, `${fileName(result.task)}.json`), `${JSON.stringify(file, null, 2)}\n`);
}

/** "models/all-MiniLM-L6-v2/" → "models__all-MiniLM-L6-v2", as MTEB names its folders. */
function fileName(name: string): string {
  return name.replace(/^(\.*[/\\])+|[/\\]+$/g, "").replace(/[/\\]+/g, "__");
}
