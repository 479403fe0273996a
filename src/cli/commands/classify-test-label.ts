/** `semspace words classify test-label`: how good a classifier is at each label. */
import { openClassifier } from "../classifier-argument.ts";
import { defineCommand, type Command } from "../command.ts";
import { countingOptions, countLabels } from "../label-counts.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "words classify test-label",
  summary: "Measures a classifier label by label, the most frequent one first.",
  positionals: "MODEL FILE…",
  options: countingOptions,
  examples: [["semspace words classify test-label model.bin test.txt", "F1, precision and recall of each label"]],
  async run({ options, positionals, terminal }) {
    const { model, files } = await openClassifier("words classify test-label", positionals);
    for (const { label, examples, predicted, score } of (await countLabels(model, files, options)).labels()) {
      const [a, b, c] = [score.f1, score.precision, score.recall].map((value) => value.toFixed(4));
      const text = `F1 ${a}  precision ${b}  recall ${c}  ${printable(label)}  (${examples} lines, ${predicted} predicted)`;
      await terminal.write(`${options.json ? JSON.stringify({ label, examples, predicted, ...score }) : text}\n`);
    }
  },
});
