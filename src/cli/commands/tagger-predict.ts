/** `semspace tagger predict`: the entities of texts, with where they stand. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelOption } from "../model-option.ts";
import { openContext } from "../tagging-data.ts";
import { printable } from "../terminal.ts";
import { textBatches, textFileOptions } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "tagger predict",
  summary: "Finds the entities of texts with a tagger that was trained here.",
  positionals: "TAGGER (TEXT | --file FILE)",
  description:
    "The model must be the one that the tagger was trained with. Start and end are UTF-16 indices into the text.",
  options: {
    model: modelOption,
    ...textFileOptions,
    "min-score": { type: "number", value: "P", default: 0, describe: "Leave out what is less likely" },
  },
  examples: [
    ['semspace tagger predict my.tagger "Dim the lamp in the hall" -m models/all-MiniLM-L6-v2', "a line an entity"],
    [
      "semspace tagger predict my.tagger --file lines.txt -m models/all-MiniLM-L6-v2 --json",
      '{"index": …, "entities": [{"label": …, "score": …, "text": …, "start": …, "end": …}]} a text',
    ],
  ],
  async run({ options, positionals: [path, ...texts], terminal }) {
    if (path === undefined || texts.length > 1 || (options.file === undefined) === (texts.length === 0))
      throw new UsageError("A tagger and one text, or --file FILE, are needed: semspace tagger predict TAGGER TEXT.");
    const { loadTagger } = await import("../../tasks/index.ts");
    const context = await openContext(options.model);
    try {
      const tagger = await loadTagger(path, context);
      let index = 0;
      const show = async (some: readonly string[]) => {
        for (const all of await tagger.entities(some)) {
          const entities = all.filter(({ score }) => score >= (options["min-score"] ?? 0));
          const { cyan, green, bold } = terminal.style;
          const lines = entities.map(
            ({ label, score, start, end, text }) =>
              `${cyan(label)}  ${green(score.toFixed(4))}  ${start}-${end}  ${bold(printable(text))}\n`,
          );
          await terminal.write(options.json ? `${JSON.stringify({ index, entities })}\n` : lines.join(""));
          index += 1;
        }
      };
      if (options.file === undefined) await show(texts);
      else for await (const batch of textBatches([options.file], options)) await show(batch);
    } finally {
      await context.dispose();
    }
  },
});
