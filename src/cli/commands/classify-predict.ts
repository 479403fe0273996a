/** `semspace words classify predict`: the labels of texts, a line each. */
import type { Prediction } from "../../words/index.ts";
import { openClassifier } from "../classifier-argument.ts";
import { defineCommand, type Command } from "../command.ts";
import { lineBatches } from "../lines.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "words classify predict",
  summary: "Says the most probable labels of each line.",
  positionals: "MODEL FILE…",
  description:
    "MODEL is a .bin or .ftz file of this program or of fastText; FILE - is standard input. A line of which the model knows nothing has no label.",
  options: {
    top: { type: "whole", value: "N", least: 1, describe: "At most N labels a line", default: 1 },
    threshold: { type: "number", value: "P", describe: "Leave out labels below this probability" },
  },
  examples: [
    ["semspace words classify predict lid.176.ftz texts.txt --top 2", "two languages a line, with probabilities"],
    ["echo 'buy now' | semspace words classify predict model.bin - --json", '{"labels": [{"label", "probability"}]}'],
  ],
  async run({ options, positionals, terminal }) {
    const { model, files } = await openClassifier("words classify predict", positionals);
    const { top = 1, threshold = 0 } = options;
    for await (const lines of lineBatches(files)) {
      let text = "";
      for (const line of lines) {
        const labels = model.predict(line, { top, threshold });
        text += options.json ? `${JSON.stringify({ labels })}\n` : `${labels.map(forPeople).join("  ")}\n`;
      }
      await terminal.write(text);
    }
  },
});

function forPeople({ label, probability }: Prediction): string {
  return `${printable(label)} ${probability.toFixed(4)}`;
}
