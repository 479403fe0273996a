/** `semspace entities`: names, places, numbers … in texts, with where they stand. */
import type { Entity } from "../../tasks/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { taskModelFolder, taskModelOption } from "../task-model-option.ts";
import { printable, type Terminal } from "../terminal.ts";
import { textBatches, textFileOptions } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "entities",
  summary: "Finds names, places, numbers … in texts with a token classifier.",
  positionals: "TEXT | --file FILE",
  description: "Start and end are UTF-16 indices into the text, as JavaScript's slice takes them.",
  options: {
    model: taskModelOption,
    dtype: dtypeOption,
    ...textFileOptions,
    aggregation: {
      type: "string",
      value: "NAME",
      describe: "How tokens become entities; none shows the tokens",
      choices: ["none", "simple", "first", "average", "max"],
      default: "simple",
    },
    "min-score": { type: "number", value: "P", describe: "Leave out what is less likely", default: 0 },
  },
  examples: [
    ['semspace entities "Sarah Johnson lives in Chicago." -m models/rampart-ner', "a line an entity"],
    [
      "semspace entities --file letters.txt -m models/rampart-ner --json",
      '{"index": …, "entities": [{"label": …, "score": …, "text": …, "start": …, "end": …}]} a text',
    ],
  ],
  async run({ options, positionals, terminal }) {
    if ((options.file === undefined) === (positionals.length === 0) || positionals.length > 1)
      throw new UsageError("One text is needed, in quotation marks, or --file FILE: semspace entities TEXT.");
    const folder = await taskModelFolder(options.model, "a token classifier");
    const { loadTokenClassifier } = await import("../../tasks/index.ts");
    const model = await loadTokenClassifier(folder, { dtype: options.dtype });
    const aggregation = options.aggregation ?? "simple";
    let index = 0;
    const show = async (texts: readonly string[]) => {
      const found = await model.entities(texts, { aggregation });
      for (const [i, entities] of found.entries()) {
        const kept = entities.filter(({ score }) => score >= (options["min-score"] ?? 0));
        await terminal.write(options.json ? jsonLine(index, texts[i], kept) : table(texts[i], kept, terminal));
        index += 1;
      }
    };
    try {
      if (options.file === undefined) await show(positionals);
      else for await (const texts of textBatches([options.file], options)) await show(texts);
    } finally {
      await model.dispose();
    }
  },
});

function jsonLine(index: number, text: string, entities: readonly Entity[]): string {
  const rows = entities.map(({ label, score, start, end }) => ({
    label,
    score,
    text: text.slice(start, end),
    start,
    end,
  }));
  return `${JSON.stringify({ index, entities: rows })}\n`;
}

function table(text: string, entities: readonly Entity[], { style }: Terminal): string {
  const width = Math.max(0, ...entities.map(({ label }) => label.length));
  const lines = entities.map(
    ({ label, score, start, end }) =>
      `${style.cyan(label.padEnd(width))}  ${style.green(score.toFixed(4))}  ${start}-${end}  ${style.bold(printable(text.slice(start, end)))}\n`,
  );
  return lines.join("");
}
