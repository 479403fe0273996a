/** `semspace rerank`: puts texts into the order in which they answer a query, with a cross-encoder. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { taskModelFolder, taskModelOption } from "../task-model-option.ts";
import { printable } from "../terminal.ts";
import { textBatches, textFileOptions } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "rerank",
  summary: "Puts texts into the order in which they answer a query.",
  positionals: "QUERY TEXT… | QUERY --file FILE",
  description:
    "A cross-encoder reads the query together with each text, so it is slower than a search and more exact: for the best of what a search has found.",
  options: {
    model: taskModelOption,
    dtype: dtypeOption,
    ...textFileOptions,
    top: { type: "whole", short: "k", value: "N", describe: "How many texts, the best first (default: all)", least: 1 },
  },
  examples: [
    [
      'semspace rerank "How many people live in Berlin?" --file found.txt -m models/ms-marco-MiniLM-L6-v2 --top 10',
      "a line a text, the best first",
    ],
    [
      'semspace rerank "capital of France" "Paris is …" "Berlin is …" -m models/ms-marco-MiniLM-L6-v2 --json',
      '{"index": …, "score": …, "text": …} a line',
    ],
  ],
  async run({ options, positionals: [query, ...given], terminal }) {
    if (query === undefined || (options.file === undefined) === (given.length === 0))
      throw new UsageError("A query and texts are needed: semspace rerank QUERY TEXT…, or --file FILE.");
    const folder = await taskModelFolder(options.model, "a cross-encoder");
    const documents = [...given];
    if (options.file !== undefined)
      for await (const texts of textBatches([options.file], options)) documents.push(...texts);
    const { loadCrossEncoder } = await import("../../tasks/index.ts");
    const model = await loadCrossEncoder(folder, { dtype: options.dtype });
    try {
      const ranked = await model.rerank(query, documents, { topK: options.top ?? documents.length });
      for (const { index, score, document } of ranked) {
        const line = options.json
          ? JSON.stringify({ index, score, text: document })
          : `${terminal.style.green(score.toFixed(4).padStart(8))}  ${printable(document)}`;
        await terminal.write(`${line}\n`);
      }
    } finally {
      await model.dispose();
    }
  },
});
