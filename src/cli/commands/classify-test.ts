/** `semspace words classify test`: how good a classifier is on labelled lines. */
import { openClassifier } from "../classifier-argument.ts";
import { defineCommand, type Command } from "../command.ts";
import { countingOptions, countLabels } from "../label-counts.ts";

export const command: Command = defineCommand({
  name: "words classify test",
  summary: "Measures a classifier on lines that begin with their labels.",
  positionals: "MODEL FILE…",
  description:
    "Precision@N: of the labels given, N a line, the share that is right. Recall@N: of the labels that the lines have, the share that was given.",
  options: countingOptions,
  examples: [
    ["semspace words classify test model.bin test.txt", "the number of lines, precision@1 and recall@1"],
    ["semspace words classify test model.bin test.txt --top 5 --threshold 0.1", "of up to five labels a line"],
  ],
  async run({ options, positionals, terminal }) {
    const { model, files } = await openClassifier("words classify test", positionals);
    const counts = await countLabels(model, files, options);
    const { examples } = counts;
    const { precision, recall, f1 } = counts.total();
    const { top = 1 } = options;
    const text = `${examples} lines, precision@${top} ${precision.toFixed(4)}, recall@${top} ${recall.toFixed(4)}`;
    await terminal.write(`${options.json ? JSON.stringify({ examples, precision, recall, f1 }) : text}\n`);
  },
});
